"""A made-up grid; its outages, orders, complaints and voltages live by a seed, with the truth written beside."""
