"""Recorded data as events on their own time: listings and tables of real outages, complaints and voltages."""
