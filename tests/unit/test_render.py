"""Generated files are in step with their source, and the check notices when they are not."""

import json
import subprocess
import sys

from deploy.render import RENDERED, ROOT, check, main, render
from schemas import EVENTS, RECORDS

ONE = (("docs/one.md", lambda: "first\nsecond\n"),)


def test_committed_files_are_what_would_be_rendered():
    assert check(ROOT) == ""
    assert main(["--check"]) == 0


def test_every_topic_has_a_json_schema():
    described = {path: json.loads((ROOT / path).read_text("utf-8")) for path, _ in RENDERED if path.endswith(".json")}

    for family in EVENTS + RECORDS:
        assert described[f"schemas/json/{family.topic}.json"]["title"] == family.topic


def test_json_schemas_require_the_discriminator():
    for family in EVENTS:
        schema = json.loads((ROOT / f"schemas/json/{family.topic}.json").read_text("utf-8"))
        tag = schema["discriminator"]["propertyName"]
        for reference in schema["discriminator"]["mapping"].values():
            assert tag in schema["$defs"][reference.rsplit("/")[-1]]["required"]


def test_what_is_missing_is_a_difference_and_gets_written(tmp_path):
    assert "+second" in check(tmp_path, ONE, ())
    assert render(tmp_path, ONE, ()) == ["docs/one.md (new)"]
    assert check(tmp_path, ONE, ()) == ""
    assert render(tmp_path, ONE, ()) == []


def test_what_was_edited_is_a_difference(tmp_path):
    render(tmp_path, ONE, ())
    (tmp_path / "docs/one.md").write_text("first\nedited\n")

    diff = check(tmp_path, ONE, ())

    assert "-edited" in diff
    assert "+second" in diff


def test_what_nobody_renders_any_more_is_a_difference_and_removed(tmp_path):
    render(tmp_path, ONE, ())
    (tmp_path / "docs/old.md").write_text("old\n")

    assert "-old" in check(tmp_path, ONE, ("docs",))
    render(tmp_path, ONE, ("docs",))
    assert [file.name for file in (tmp_path / "docs").iterdir()] == ["one.md"]


def test_the_check_writes_nothing(tmp_path):
    check(tmp_path, ONE, ())

    assert list(tmp_path.iterdir()) == []


def test_it_runs_as_a_script_from_anywhere(tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "render.py"), "--check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stdout) == (0, "")
