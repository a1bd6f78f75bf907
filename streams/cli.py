"""The `gridpulse` command; each command imports its own modules, so that `--help` is fast."""

from pathlib import Path
from typing import Any, Literal

import click

from streams.errors import GridpulseError
from streams.load.commands import network, policy, send
from streams.oracle.command import verify
from streams.settings import Settings
from streams.upkeep.commands import rebuild, topics

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Sentences(click.Group):
    """Turns a GridpulseError into one message on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GridpulseError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gridpulse")
def main() -> None:
    """Live KPIs for the dispatch centre of an electricity distribution company.

    Settings come from GRIDPULSE_* variables (docs/settings.md).

    \b
    Example:
      gridpulse demo
    """


@main.command()
@click.option("--seconds", type=click.IntRange(min=1), help="Stop this long after the back-fill; default: at Ctrl-C.")
@click.option("--seed", default=1, show_default=True, help="Seed of the simulated network and its events.")
def demo(seconds: int | None, seed: int) -> None:
    """Run the demo on this machine: Kafka, topics, three workers, web server, simulator, a scripted night.

    \b
    Example:
      gridpulse demo --seconds 90
    """
    from streams.demo.run import run

    run(Settings.load(), seconds=seconds, seed=seed)


@main.command()
@click.option("--port", default=9092, show_default=True, type=click.IntRange(0, 65535), help="0: a free port.")
@click.option("--fresh", is_flag=True, help="Delete the data of an earlier run first.")
def broker(port: int, fresh: bool) -> None:
    """Run a real Kafka on this machine until Ctrl-C; its data stay in GRIDPULSE_DATA_DIR.

    \b
    Example:
      gridpulse broker --port 9092
    """
    from streams.demo.run import run_broker

    run_broker(Settings.load(), port, fresh=fresh)


@main.command()
@click.option(
    "--role",
    type=click.Choice(["cases", "voltage"]),
    default="cases",
    show_default=True,
    help="The app to run.",
)
def worker(role: Literal["cases", "voltage"]) -> None:
    """Run one worker, which processes its share of the partitions, until SIGTERM.

    \b
    Example:
      GRIDPULSE_INSTANCE=worker-1 gridpulse worker --role cases
    """
    from streams.app import run_worker

    run_worker(Settings.load(), role)


@main.command()
def web() -> None:
    """Serve wallboard, API and metrics on GRIDPULSE_WEB_PORT.

    \b
    Example:
      GRIDPULSE_WEB_PORT=8080 gridpulse web
    """
    from streams.web.server import run

    run(Settings.load())


@main.command()
def notify() -> None:
    """Post commitments at risk and breached as alerts to an Alertmanager, each with its case, until SIGTERM.

    \b
    Example:
      GRIDPULSE_ALERTMANAGER=http://alertmanager:9093 gridpulse notify
    """
    from streams.notify.forwarder import run

    run(Settings.load())


@main.command()
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same events.")
@click.option("--speed", default=1.0, show_default=True, help="Factor for the number of events.")
@click.option("--backfill-days", default=3, show_default=True, type=click.IntRange(0, 35), help="Past days sent first.")
@click.option("--night", is_flag=True, help="Run the demo script after the past days.")
@click.option("--marks", is_flag=True, help="Send days of June 2026 with their timestamps and marks, not live.")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 35), help="Number of days with --marks.")
def simulate(*, seed: int, speed: float, backfill_days: int, night: bool, marks: bool, days: int) -> None:
    """Send the events of a simulated grid, all four families, the past days first.

    \b
    Example:
      gridpulse simulate --seed 7 --backfill-days 3
      GRIDPULSE_TOPIC_PREFIX=week. GRIDPULSE_CLOCK=marks gridpulse simulate --marks --days 7
    """
    from streams.simulator import recorded, runner

    settings = Settings.load()
    if marks:
        report = recorded.run(settings, seed=seed, days=days, speed=speed)
        click.echo(f"{report.records} records, {report.marks} marks")
        return
    runner.run(settings, seed=seed, speed=speed, backfill_days=backfill_days, demo_script=night)


@main.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--mapping",
    type=click.Choice(["as-listed", "as-reported", "nyc-311", "uci-voltage"]),
    default="as-listed",
    show_default=True,
)
@click.option("--speed", default=0.0, show_default=True, help="Recorded seconds per second; 0 = as fast as possible.")
@click.option("--days", default=0.0, show_default=True, help="Only this many days from the first list on; 0 = all.")
@click.option("--shuffle-seed", type=int, help="Shuffle the records within an hour.")
@click.option("--duplicate-every", default=0, show_default=True, help="Send every n-th record twice; 0 = none.")
def replay(
    *,
    files: tuple[Path, ...],
    mapping: Literal["as-listed", "as-reported", "nyc-311", "uci-voltage"],
    speed: float,
    days: float,
    shuffle_seed: int | None,
    duplicate_every: int,
) -> None:
    """Send recorded events in event time, with marks; needs GRIDPULSE_TOPIC_PREFIX and GRIDPULSE_CLOCK=marks.

    \b
    Example:
      GRIDPULSE_TOPIC_PREFIX=feb. GRIDPULSE_CLOCK=marks gridpulse replay --mapping as-listed changes.jsonl.gz
    """
    from streams.replay.run import Options, run

    options = Options(speed=speed, days=days, shuffle_seed=shuffle_seed, duplicate_every=duplicate_every)
    report = run(Settings.load(), files, mapping, options)
    click.echo(f"{report.records} records, {report.marks} marks")


@main.command()
def kpis() -> None:
    """List the KPIs: name, periods, title, unit and basis.

    \b
    Example:
      gridpulse kpis
    """
    from streams.kpis import KPIS
    from streams.kpis.basis import based_on

    settings = Settings.load()
    for kpi in based_on(KPIS, settings.momentary_threshold_seconds, settings.voltage_limits):
        periods = ",".join(map(str, kpi.periods))
        basis = f": {kpi.basis}" if kpi.basis else ""
        click.echo(f"{kpi.name:<24} {periods:<20} {kpi.title_en}, in {kpi.unit}{basis}")


main.add_command(topics)
main.add_command(rebuild)
main.add_command(send)
main.add_command(network)
main.add_command(policy)
main.add_command(verify)

if __name__ == "__main__":
    main()
