"""What became of a file: sent per family and event type, refused with line, field and reason."""

from collections import Counter
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from streams.local.bring.events import Line, Ready

SHOWN_MAX = 20


@dataclass
class Report:
    """Counts while a file is read; the first refusals in words, all of them by reason."""

    dry: bool = False
    lines: int = 0
    last_line: int = 0
    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """0 when every line was sent; 130, as shells say it, after Ctrl-C."""
        return 130 if self.interrupted else 1 if self.refused else 0

    def line(self, line: Line) -> None:
        """A line was read."""
        self.lines, self.last_line = self.lines + 1, line.number
        if line.refusal is None:
            return
        reason, place, sentence = line.refusal
        self.refused[reason, place] += 1
        if len(self.shown) < SHOWN_MAX:
            self.shown.append(f"line {line.number}: {reason}: {place}{': ' if place else ''}{sentence}.")

    def event(self, event: Ready) -> None:
        """An event was handed over, or would have been."""
        self.sent[event.family, event.event_type] += 1

    def show(self, out: Console, complaints: Console) -> None:
        """The refused lines on one console, the counts on the other."""
        for sentence in self.shown:
            complaints.print(sentence, markup=False)
        rest = self.refused.total() - len(self.shown)
        if rest > 0:
            complaints.print(f"and {rest} more lines; --rejects FILE keeps them all.")
        table = Table("family", "event", "would be sent" if self.dry else "sent", box=None, pad_edge=False)
        for (family, event_type), count in sorted(self.sent.items()):
            table.add_row(family, event_type, str(count))
        if self.sent:
            out.print(table)
        if self.refused:
            reasons = Table("refused for", "field", "lines", box=None, pad_edge=False)
            for (reason, place), count in sorted(self.refused.items()):
                reasons.add_row(reason, place or "-", str(count))
            out.print(reasons)
        out.print(self._sum())

    def _sum(self) -> str:
        sent = f"{self.sent.total()} events {'would be sent; nothing was' if self.dry else 'sent'}"
        total = f"{self.lines} lines read, {sent}, {self.refused.total()} lines refused."
        if self.interrupted:
            total += f" Stopped after line {self.last_line}; a file may be sent again, repetitions change nothing."
        return total
