"""`gridpulse send`, `network` and `policy`; each command imports its own modules, so that `--help` is fast."""

from pathlib import Path

import click

from streams.settings import Settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--family", type=click.Choice(["outages", "repairs", "complaints", "voltage"]), help="Family of every line."
)
@click.option("--mapping", type=FILE, help="Mapping in TOML: the field of each column of a CSV file.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="File for the refused lines.")
@click.option("--dry-run", is_flag=True, help="Check and count; sends nothing, needs no broker.")
@click.pass_context
def send(
    context: click.Context, *, file: Path, family: str | None, mapping: Path | None, rejects: Path | None, dry_run: bool
) -> None:
    """Send your own events: JSON Lines, or CSV with a mapping; gzip or not.

    Every line is sent, or refused with a reason; --rejects writes the refused lines, byte by byte, to be corrected and
    sent again. Exit code 1 if a line was refused, or the file could not be read to its end. docs/files.md has the rules
    and limits, docs/examples has mappings. Without --family the id of a JSON line decides its family.

    \b
    Example:
      gridpulse send --mapping docs/examples/complaints.toml --dry-run docs/examples/complaints.csv
      gridpulse send --mapping voltage.toml --rejects refused.csv voltage.csv.gz
      gridpulse send --mapping voltage.toml refused.csv
    """
    from rich.console import Console

    from streams.load import sending

    with sending.until_interrupted() as stop:
        report = sending.run(
            Settings.load(), file, family=family, mapping=mapping, rejects=rejects, dry_run=dry_run, stop=stop
        )
    report.show(Console(highlight=False), Console(stderr=True, highlight=False, soft_wrap=True))
    context.exit(report.exit_code)


@click.group()
def network() -> None:
    """Load the grid: regions, stations, feeders, areas, points.

    \b
    Example:
      gridpulse network load network.json
    """


@network.command("load")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Check, and show the changes; write nothing.")
@click.option("--replace", is_flag=True, help="Remove loaded records that are not in the file.")
def network_load(*, file: Path, dry_run: bool, replace: bool) -> None:
    """Load the network from a CSV or JSON file: only differences are written, and nothing if the file has an error.

    Exit code 0, also without differences; 1 if the file has an error or no broker answers.

    \b
    Example:
      gridpulse network load --dry-run docs/examples/network.csv
    """
    from rich.console import Console

    from streams.load.network import load

    loaded = load(Settings.load(), file, replace=replace, dry_run=dry_run)
    if dry_run:
        loaded.diff.show(Console(highlight=False, soft_wrap=True), replace=replace)
    click.echo(loaded.diff.sums(replace=replace))
    click.echo("Nothing was written." if dry_run else f"{loaded.written} records written")


@click.group()
def policy() -> None:
    """Check and load commitments: versions of the policy, and lists of the working calendar, as TOML.

    \b
    Example:
      gridpulse policy check policy.toml
    """


@policy.command("check")
@click.argument("file", type=FILE)
def policy_check(*, file: Path) -> None:
    """Check a file; needs no broker. Exit code 1 if it is not valid.

    \b
    Example:
      gridpulse policy check policy.toml
    """
    from streams.load.policy import read

    click.echo(f"{read(file).record_key} is valid.")


@policy.command("diff")
@click.argument("file", type=FILE)
def policy_diff(*, file: Path) -> None:
    """Show the clocks of open cases that the file would change; nothing is written.

    \b
    Example:
      gridpulse policy diff policy.toml
    """
    from schemas.event import format_instant
    from streams.load.policy import moved_by, read

    def shown(clock: tuple[int | None, str] | None) -> str:
        if clock is None:
            return "none"
        deadline, status = clock
        return f"{status}, {'no deadline yet' if deadline is None else format_instant(deadline)}"

    found = moved_by(Settings.load(), read(file))
    for moved in found:
        click.echo(f"{moved.case}  {moved.clock}  {shown(moved.before)} -> {shown(moved.after)}")
    click.echo(f"{len(found)} clocks of {len({moved.case for moved in found})} open cases would change.")


@policy.command("load")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Check and compare; write nothing.")
def policy_load(*, file: Path, dry_run: bool) -> None:
    """Publish a version of the policy, or a list of the working calendar, to all workers.

    \b
    Example:
      gridpulse policy load --dry-run policy.toml
    """
    from streams.load.policy import load, read

    record = read(file)
    differs = load(Settings.load(), record, dry_run=dry_run)
    written = "would be written" if dry_run else "is written"
    click.echo(f"{record.record_key} {written if differs else 'is loaded already'}.")
