"""`gridpulse topics` and `rebuild`; each command imports its own modules, so that `--help` is fast."""

from typing import Literal

import click

from streams.errors import RebuildRefused
from streams.settings import Settings

SHOWN_MAX = 100


@click.group()
def topics() -> None:
    """Create the topics, or compare them with the catalogue.

    \b
    Example:
      gridpulse topics create
    """


@topics.command("create")
def topics_create() -> None:
    """Create missing topics, then check all topics.

    \b
    Example:
      GRIDPULSE_BROKER=kafka:9092 gridpulse topics create
    """
    from streams import topics as catalogue

    settings = Settings.load()
    for name in catalogue.create(settings):
        click.echo(f"created {name}")
    catalogue.check(settings)


@topics.command("check")
@click.option(
    "--contents", is_flag=True, help="Also read every row of gridpulse's own topics, and report foreign rows."
)
@click.pass_context
def topics_check(context: click.Context, *, contents: bool) -> None:
    """Compare the topics of the cluster with the catalogue; exit code 1 if they differ, or a row is foreign.

    \b
    Example:
      GRIDPULSE_BROKER=kafka:9092 gridpulse topics check --contents
    """
    from streams import topics as catalogue

    settings = Settings.load()
    catalogue.check(settings)
    for spec in catalogue.catalogue(settings):
        click.echo(f"ok {spec.name}")
    if contents:
        context.exit(_contents(settings))


def _contents(settings: Settings) -> int:
    from streams import progress
    from streams.upkeep import contents as rows

    status = [""]

    def on_progress(topic: str, read: int, total: int) -> None:
        status[0] = f"{topic} {read} of {total}"

    with progress.step("reading every row", lambda: status[0]):
        found = rows.examine(settings, on_progress)
    for line in rows.lines(found, SHOWN_MAX):
        click.echo(f"foreign {line}")
    click.echo(f"{len(found)} foreign or damaged rows")
    return 1 if found else 0


@click.command()
@click.option("--role", type=click.Choice(["cases", "voltage"]), required=True, help="The role whose state to delete.")
@click.option("--dry-run", is_flag=True, help="Show the rows to delete and the days to lose; change nothing.")
@click.option("--force", is_flag=True, help="Continue although the inputs no longer have all records that were read.")
def rebuild(*, role: Literal["cases", "voltage"], dry_run: bool, force: bool) -> None:
    """Delete the stored state of a role, so that its workers rebuild it from the inputs.

    The workers must be stopped. Numbers of days whose input records retention has deleted are lost: with such days
    the command needs --force. KPI records stay until the workers replace them.

    \b
    Example:
      gridpulse rebuild --role cases --dry-run
    """
    from streams import progress
    from streams.upkeep import rebuild as state

    settings, status = Settings.load(), [""]

    def on_progress(done: int, total: int) -> None:
        status[0] = f"{done} of {total}"

    with progress.step("reading the stored state", lambda: status[0]):
        plan = state.plan(settings, role, on_progress)
    for topic, count in plan.by_topic().items():
        click.echo(f"{'would drop' if dry_run else 'drops'} {count} rows of {topic}")
    for gone in plan.gone:
        click.echo(f"lost for good: {gone}")
    if not plan.gone:
        click.echo("the inputs have all records that were read")
    if dry_run:
        return
    if plan.gone and not force:
        raise RebuildRefused(
            "Retention has deleted input records, and their facts would be lost. Restore them, or use --force."
        )
    with progress.step("deleting it", lambda: status[0]):
        state.carry_out(settings, role, plan, on_progress)
    click.echo(f"dropped. Start the workers of the role {role}; when they have caught up, restart them once.")
