"""A made-up grid whose outages, orders, complaints and voltages live by a seed, with the truth written beside."""

from streams.local.simulator import recorded
from streams.local.simulator.generate import generate
from streams.local.simulator.play import run
from streams.local.simulator.rates import Rates

__all__ = ["Rates", "generate", "recorded", "run"]
