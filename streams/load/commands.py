"""`gridpulse send`, `gridpulse network` and `gridpulse policy`; each imports what it runs, so that `--help` is fast."""

from pathlib import Path

import click

from streams.settings import Settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--family", type=click.Choice(["outages", "repairs", "complaints", "voltage"]), help="Of every line.")
@click.option("--mapping", type=FILE, help="TOML: what the columns of a CSV file mean.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Keep the refused lines here.")
@click.option("--dry-run", is_flag=True, help="Check and count; needs no broker, sends nothing.")
@click.pass_context
def send(
    context: click.Context, *, file: Path, family: str | None, mapping: Path | None, rejects: Path | None, dry_run: bool
) -> None:
    """Send your own events: JSON Lines, or CSV with a mapping; gzip or not.

    Every line is sent, or refused with its reason; --rejects keeps the refused ones, byte by byte, to be corrected and
    sent again. Exit code 1 if a line was refused, or the file could not be read to its end. docs/files.md has the rules
    and limits, docs/examples has mappings. The family of a JSON line is known by its id, unless --family says it.

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
    """The grid itself: regions, stations, feeders, areas, points.

    \b
    Example:
      gridpulse network load network.json
    """


@network.command("load")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Check, and show what would change; write nothing.")
@click.option("--replace", is_flag=True, help="Remove what is loaded and not in the file.")
def network_load(*, file: Path, dry_run: bool, replace: bool) -> None:
    """Bring the network up to a CSV or JSON file: only differences are written, and nothing if anything is wrong.

    Exit code 0, also when nothing differs; 1 when the file is wrong or there is no broker.

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
    """What is promised: versions of the policy, and lists of the working calendar, as TOML.

    \b
    Example:
      gridpulse policy check policy.toml
    """


@policy.command("check")
@click.argument("file", type=FILE)
def policy_check(*, file: Path) -> None:
    """Say whether a file is right by itself; needs no broker. Exit code 1 if it is not.

    \b
    Example:
      gridpulse policy check policy.toml
    """
    from streams.load.policy import read

    click.echo(f"{read(file).record_key} is right.")


@policy.command("diff")
@click.argument("file", type=FILE)
def policy_diff(*, file: Path) -> None:
    """Show the clocks of open cases that would change if the file were loaded; nothing is written.

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
@click.option("--dry-run", is_flag=True, help="Check, and say whether it differs; write nothing.")
def policy_load(*, file: Path, dry_run: bool) -> None:
    """Give a version of the policy, or a list of the working calendar, to all workers.

    \b
    Example:
      gridpulse policy load --dry-run policy.toml
    """
    from streams.load.policy import load, read

    promise = read(file)
    differs = load(Settings.load(), promise, dry_run=dry_run)
    written = "would be written" if dry_run else "is written"
    click.echo(f"{promise.record_key} {written if differs else 'is loaded already'}.")
