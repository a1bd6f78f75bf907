"""The report about a file: events sent per family and type, lines refused with line, field and reason."""

from collections import Counter
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from streams.load.events import Line, Ready

SHOWN_MAX = 20


@dataclass
class Report:
    """Counts while a file is read; the first refusals as text, all refusals by reason."""

    dry: bool = False
    header_lines: int = 0
    sent_lines: int = 0
    blank_lines: int = 0
    last_line: int = 0
    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused_rows: int = 0
    in_part: int = 0  # refused lines of which other events were sent
    shown: list[str] = field(default_factory=list)
    interrupted: bool = False
    aborted: str = ""  # why the rest of the file was not read

    @property
    def exit_code(self) -> int:
        """0 if every line was sent; 130, as in shells, after Ctrl-C."""
        return 130 if self.interrupted else 1 if self.refused or self.aborted else 0

    @property
    def lines(self) -> int:
        """Physical lines that were read; every one of them is in one of the counts."""
        return self.header_lines + self.sent_lines + self.refused.total() + self.blank_lines

    def line(self, line: Line) -> None:
        """A line was read, or a row of several lines."""
        self.last_line = line.number + line.lines - 1
        if line.refusal is None:
            self.sent_lines += line.lines if line.ready else 0
            self.blank_lines += 0 if line.ready else line.lines
            return
        reason, place, sentence, _ = line.refusal
        self.refused[reason, place] += line.lines
        self.refused_rows += 1
        if line.ready:
            self.in_part += line.lines
            sentence += "; the line's other events are sent"
        if len(self.shown) < SHOWN_MAX:
            self.shown.append(f"line {line.number}: {reason}: {place}{': ' if place else ''}{sentence}.")

    def event(self, event: Ready) -> None:
        """An event was handed over, or would have been."""
        self.sent[event.family, event.event_type] += 1

    def show(self, out: Console, complaints: Console) -> None:
        """The refused lines on one console, the counts on the other."""
        for sentence in self.shown:
            complaints.print(sentence, markup=False)
        rest = self.refused_rows - len(self.shown)
        if rest > 0:
            complaints.print(f"and {rest} more; --rejects FILE keeps them all.")
        if self.aborted:
            below = f"below line {self.last_line}" if self.last_line else "of it"
            complaints.print(f"Error: {self.aborted} Nothing {below} was read.", markup=False)
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
        out.print(self._sum(), soft_wrap=True)

    def _sum(self) -> str:
        events = f"{self.sent.total()} events {'would be sent; nothing was' if self.dry else 'sent'}"
        in_part = f" ({self.in_part} of them in part)" if self.in_part else ""
        parts = [f"{self.sent_lines} with events", f"{self.refused.total()} refused{in_part}"]
        parts += [f"{self.header_lines} of the header"] if self.header_lines else []
        parts += [f"{self.blank_lines} blank"] if self.blank_lines else []
        total = f"{self.lines} lines read: {', '.join(parts)}. {events}."
        if self.interrupted:
            total += f" Stopped after line {self.last_line}; a file may be sent again, repetitions change nothing."
        return total
