"""A seeded random number generator with the distributions that lifecycles need."""

import math
import random


class Rng(random.Random):
    """The same seed gives the same numbers."""

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.random() < probability

    def spread(self, median: float, sigma: float, low: int, high: int) -> int:
        """A log-normal whole number between two limits: durations and counts have long tails."""
        return min(max(round(self.lognormvariate(math.log(median), sigma)), low), high)

    def instants(self, number: int, after: int, before: int) -> list[int]:
        """Up to so many different whole seconds strictly between two instants, in order."""
        room = range(after + 1, before)
        return sorted(self.sample(room, min(number, len(room))))
