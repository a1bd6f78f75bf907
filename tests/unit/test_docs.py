"""What is written about gridpulse names what there is: settings, topics, KPIs, commands, files."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from streams.cases.findings import FINDINGS
from streams.cli import main
from streams.kpis import KPIS
from streams.lane.fatal import EXIT_CODE
from streams.settings import PREFIX, Settings
from streams.topics import catalogue

ROOT = Path(__file__).parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DECISION_PARTS = ["## Context", "## Decision", "## Consequences"]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
TARGET = re.compile(r"^([a-z-]+)[ :].*", re.MULTILINE)
README_WORDS_MAX = 900
each_page = pytest.mark.parametrize("page", DOCS, ids=lambda page: page.relative_to(ROOT).as_posix())


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], click.Command]:
    found: dict[tuple[str, ...], click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, (*path, name))
        else:
            found[*path, name] = command
    return found


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as hosts of Markdown make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def without_broker() -> list[str]:
    """The commands in the pages that need no broker and no file of the reader's own, but a policy."""
    found = {line for page in DOCS for block in FENCE.findall(page.read_text("utf-8")) for line in block.splitlines()}
    own = {line for line in found if re.match(r"gridpulse send .*--dry-run.* docs/examples/", line)}
    return sorted(own | {line for line in found if re.match(r"gridpulse (kpis|policy check)\b", line)})


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_its_page(name: str):
    assert f"`{PREFIX}{name.upper()}`" in text("docs/settings.md")


@pytest.mark.parametrize("spec", catalogue(Settings.model_construct()), ids=lambda spec: spec.name)
def test_every_topic_is_in_its_page(spec):
    assert f"`{spec.name}`" in text("docs/topics.md")


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.name)
def test_every_kpi_has_its_section_with_a_formula(kpi):
    chapters = re.split(r"^## ", text("docs/kpis.md"), flags=re.MULTILINE)
    (chapter,) = [chapter for chapter in chapters if f"\n### {kpi.name}\n" in chapter]
    assert len(chapter.split("\n### ")[0].splitlines()) >= 3, "the docstring of its file is the formula"


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_has_an_example_that_is_one_of_its_own(path: tuple[str, ...]):
    section = text("docs/commands.md").split(f"\n## gridpulse {' '.join(path)}\n")[1].split("\n## ")[0]
    assert re.search(rf"^([A-Z_]+=\S+ )*gridpulse {' '.join(path)}", section, re.MULTILINE)


def test_the_readme_is_read_in_five_minutes():
    assert len(text("README.md").split()) <= README_WORDS_MAX


@pytest.mark.parametrize("line", without_broker())
def test_a_command_that_needs_no_broker_does_what_the_docs_show(line: str, tmp_path: Path, monkeypatch):
    """In an empty folder that has the policy the docs speak of, and the examples."""
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / "policy.toml").write_text(text("streams/sla/policies/default.toml"))
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, shlex.split(line, comments=True)[1:])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("rule", FINDINGS)
def test_every_finding_has_its_rule(rule: str):
    assert f"| `{rule}` |" in text("docs/findings.md")


def test_the_runbook_knows_the_exit_code():
    assert f"## Exit code {EXIT_CODE}\n" in text("docs/runbook.md")


@each_page
def test_links_lead_somewhere(page: Path):
    for target in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path.replace("\\", "")).resolve() if path else page
        assert file.exists(), target
        assert file.is_relative_to(ROOT), target
        assert not anchor or anchor in anchors(file), target


@each_page
def test_settings_that_are_named_exist(page: Path):
    known = {PREFIX + name.upper() for name in Settings.model_fields}

    assert set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", page.read_text("utf-8"))) <= known


@each_page
def test_commands_that_are_shown_exist(page: Path):
    shown = [line for block in FENCE.findall(page.read_text("utf-8")) for line in block.splitlines()]
    shown += re.findall(r"`([^`\n]+)`", FENCE.sub("", page.read_text("utf-8")))
    for line in shown:
        words = shlex.split(line, comments=True) if re.match(r"^([A-Z_]+=\S+ )*gridpulse [a-z]", line) else []
        while words and "=" in words[0]:
            words.pop(0)
        if words:
            check_command(words[1:])


def check_command(words: list[str]):
    """Words after `gridpulse`: a command that exists, with options that it has."""
    known = commands()
    path = next((tuple(words[:n]) for n in (2, 1) if tuple(words[:n]) in known), None)
    assert path is not None, words
    options = {option for parameter in known[path].params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options | {"--help"}, words


@each_page
def test_make_targets_that_are_named_exist(page: Path):
    targets = set(TARGET.findall(text("Makefile")))

    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)) <= targets


@each_page
def test_metrics_that_are_named_exist(page: Path):
    source = "".join(
        file.read_text("utf-8") for room in ("web", "notify") for file in ROOT.glob(f"streams/{room}/*.py")
    )
    for name in re.findall(r"`gridpulse_(?:worker_|notify_)?([a-z_]+)(?:\{[a-z]+\})?`", page.read_text("utf-8")):
        assert f'"{name}"' in source, name


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/decisions/*.md")), ids=lambda page: page.stem)
def test_a_decision_has_its_number_and_its_parts(page: Path):
    lines = page.read_text("utf-8").splitlines()

    assert re.match(r"^# (\d{4}): ", lines[0])
    assert lines[0][2:6] == page.name[:4]
    assert [line for line in lines if line.startswith("## ")] == DECISION_PARTS


def test_decisions_are_numbered_without_gaps():
    numbers = [int(page.name[:4]) for page in sorted(ROOT.glob("docs/decisions/*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))
