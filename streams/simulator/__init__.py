"""A made-up grid whose outages, orders, complaints and voltages live by a seed, with the truth written beside."""
