"""A generated grid; a seed decides its outages, orders, complaints and voltages, and the truth is written to a file."""
