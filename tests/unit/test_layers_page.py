"""The layers in docs/architecture.md and docs/contributor.md are the contract of import-linter."""

import pytest

from deploy import layers_page
from deploy.layers_page import BEGIN, END, drawing, first, layers, listed, summaries


def test_every_module_of_streams_is_in_the_contract_once_and_says_what_it_is():
    named = [name for row in layers() for name in row]
    said = summaries()
    assert sorted(named) == sorted(said.keys() - {"streams"})
    assert all(said[name] for name in named)


def test_layers_are_drawn_top_first_and_one_box_a_row():
    drawn = drawing([["cli"], ["lane", "readers"]], {"cli": "The command", "lane": "Writes", "readers": "Read"})
    lines = [line.strip("| ") for line in drawn.splitlines() if line.startswith("|")]
    assert [line.split()[0] for line in lines] == ["cli", "lane", "readers"]
    assert drawn.count("+--") == 3


def test_layers_are_listed_top_first_and_one_line_a_row():
    docs = {"cli": "The command", "lane": "Writes", "readers": "Read"}
    assert listed([["cli"], ["lane", "readers"]], docs) == "1. `cli`: The command\n2. `lane`: Writes; `readers`: Read\n"


def test_a_docstring_gives_its_first_clause():
    assert first("The error tree: each message a sentence.\n\nMore.") == "The error tree"
    assert first("Facts: one field of a case; nothing else.") == "Facts: one field of a case"


def test_a_page_without_a_place_for_the_layers_is_refused(monkeypatch, tmp_path):
    (tmp_path / "docs").mkdir()
    page = tmp_path / layers_page.PAGE
    monkeypatch.setattr(layers_page, "ROOT", tmp_path)
    page.write_text(f"{BEGIN}no end\n", "utf-8")
    with pytest.raises(ValueError, match="has no place for the layers"):
        layers_page.render()
    assert END not in page.read_text("utf-8")
