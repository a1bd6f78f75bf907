"""The command `gridpulse verify`."""

from datetime import datetime
from pathlib import Path

import click

from streams.errors import GridpulseError, InputUnreadable
from streams.settings import Settings

CANNOT_COMPARE = 2
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _instant(text: str) -> int:
    """Epoch seconds, from themselves or from RFC 3339."""
    if text.isdecimal():
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputUnreadable(
            f"--at {text} is not an instant. Use epoch seconds, or 2026-06-03T08:00:00+08:00."
        ) from error
    if moment.tzinfo is None:
        raise InputUnreadable(f"--at {text} has no offset. Add an offset, such as +08:00 or Z.")
    return int(moment.timestamp())


@click.command()
@click.option("--events", multiple=True, type=FILE, help="Read input records from JSON Lines instead of the topics.")
@click.option(
    "--at", multiple=True, help="Read time: a mark, in epoch seconds or RFC 3339; default: several, including the last."
)
@click.option("--kpi", multiple=True, help="Only this KPI; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def verify(
    ctx: click.Context, *, events: tuple[Path, ...], at: tuple[str, ...], kpi: tuple[str, ...], as_json: bool
) -> None:
    """Compute every KPI again from the input topics, in SQL, and compare it with grid.kpis.v1 cell by cell.

    Exit codes: 0 all comparable cells are equal; 1 a cell differs, and the first difference is printed with the
    records behind it; 2 nothing can be compared, and the message on stderr states the reason. KPIs of a role without a
    worker that has published are listed and not compared.

    \b
    Example:
      GRIDPULSE_TOPIC_PREFIX=feb. GRIDPULSE_CLOCK=marks gridpulse verify
    """
    from rich.console import Console

    from streams.oracle import report, verify

    try:
        found = verify.run(Settings.load(), verify.Question(events, tuple(map(_instant, at)), kpi))
    except GridpulseError as error:
        click.echo(f"Error: {error}", err=True)
        ctx.exit(CANNOT_COMPARE)
    if as_json:
        click.echo(report.as_json(found))
    else:
        report.show(found, Console())
    ctx.exit(1 if found.first else 0)
