import click
import pytest
from click.testing import CliRunner

from streams import topics
from streams.cli import main
from streams.errors import TopicsWrong


def commands(group: click.Group, path: tuple[str, ...] = ()):
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(commands(main)), ids=lambda path: " ".join(path) or "gridpulse")
def test_help_has_an_example_that_names_the_command(path: tuple[str, ...]):
    result = CliRunner().invoke(main, [*path, "--help"])

    assert result.exit_code == 0
    example = result.output.split("Example:\n")[1].splitlines()[0]
    assert " ".join(("gridpulse", *path)) in example


def test_an_error_of_ours_is_one_sentence_and_exit_code_1(monkeypatch: pytest.MonkeyPatch):
    def check(_settings):
        raise TopicsWrong("The topics differ from the catalogue: a is missing.")

    monkeypatch.setattr(topics, "check", check)

    result = CliRunner().invoke(main, ["topics", "check"])

    assert result.exit_code == 1
    assert result.stderr == "Error: The topics differ from the catalogue: a is missing.\n"
    assert result.stdout == ""


def test_a_bad_setting_stops_every_command_by_its_name():
    result = CliRunner().invoke(main, ["topics", "check"], env={"GRIDPULSE_PARTITIONS": "none"})

    assert result.exit_code == 1
    assert "GRIDPULSE_PARTITIONS='none'" in result.stderr
