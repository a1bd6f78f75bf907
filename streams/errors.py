"""The error tree: a bug or a broken invariant is an exception; bad input is data and never comes here."""


class GridpulseError(Exception):
    """Anything gridpulse raises itself; `str(error)` is a sentence for the person in front of it."""


class SettingsInvalid(GridpulseError):
    """A setting is unknown, missing or out of range; the sentence names it."""


class TopicsWrong(GridpulseError):
    """Topics are missing or differ from the catalogue."""


class BrokerUnavailable(GridpulseError):
    """No broker answered, or none could be started."""


class ClockWrong(GridpulseError):
    """The clock of this host is too far from the broker's, or the broker's cannot be known."""


class InstanceTaken(GridpulseError):
    """Another process works under the same GRIDPULSE_INSTANCE."""


class InputUnreadable(GridpulseError):
    """A file given on the command line cannot be read as what it should be."""


class RebuildRefused(GridpulseError):
    """State cannot be dropped now; the sentence says what is in the way."""


class LaneBroken(GridpulseError):
    """The lane lost an invariant it cannot restore in place: the process ends, the log has the state."""
