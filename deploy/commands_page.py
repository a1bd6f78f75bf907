"""docs/commands.md, made from the command line itself: a table, then the help of each command."""

import inspect
import textwrap
from collections.abc import Iterator
from typing import Final

import click

from deploy.markdown import table
from streams.cli import main

HEAD: Final = """\
# Commands

Generated from the `gridpulse` command by `make render`; do not edit. Settings are environment variables:
[settings.md](settings.md). Every command exits with 0 on success, with 1 and an error message on failure, and with 2 if
its arguments are wrong.

"""
EXAMPLE: Final = "\b\nExample:\n"


def render() -> str:
    """The whole page."""
    found = [*commands(main, ())]
    rows = [(f"[`gridpulse {name}`](#gridpulse-{name.replace(' ', '-')})", _first(command)) for name, command in found]
    return HEAD + table(("command", "what it does"), rows) + "\n" + "\n".join(_section(*each) for each in found)


def commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """Every command with its name; the name of a subcommand includes its group."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def _first(command: click.Command) -> str:
    """The first paragraph of the help, on one line."""
    return " ".join(_help(command)[0].split("\n\n")[0].split())


def _help(command: click.Command) -> tuple[str, str]:
    """The text of the help and its example."""
    text, _, example = inspect.cleandoc(command.help or "").partition(EXAMPLE)
    return text.strip(), textwrap.dedent(example).strip()


def _section(name: str, command: click.Command) -> str:
    text, example = _help(command)
    arguments = " ".join(each.human_readable_name for each in command.params if isinstance(each, click.Argument))
    options = [each for each in command.params if isinstance(each, click.Option)]
    rows = [(f"`{each.opts[0]}`", _default(each), each.help or "") for each in options]
    parts = [
        f"## gridpulse {name}\n",
        f"{text}\n",
        *([f"Argument: `{arguments}`\n"] if arguments else []),
        f"```sh\n{example}\n```\n",
        *([table(("option", "default", "what it does"), rows)] if rows else []),
    ]
    return "\n".join(parts)


def _default(option: click.Option) -> str:
    if option.is_flag:
        return "off"
    shown = isinstance(option.default, int | float | str) and not isinstance(option.default, bool)
    return f"`{option.default}`" if shown else ""
