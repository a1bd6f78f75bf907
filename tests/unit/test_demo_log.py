"""The story of the demo: a line per scene, whole lines only, words for every scene in both languages."""

import re

import pytest

from streams.settings import Settings
from streams.simulator import demo_log
from streams.web.texts import TEXTS


@pytest.fixture
def settings(tmp_path):
    return Settings(story_file=str(tmp_path / "story.jsonl"))


def test_what_is_told_is_read_in_order_and_a_line_under_way_is_left(settings, tmp_path):
    demo_log.append(settings, "feeder_trip", feeder="f-1", customers=12)
    demo_log.append(settings, "quiet", [{"name": "customers_out", "before": "12", "after": None}])
    with (tmp_path / "story.jsonl").open("ab") as file:
        file.write(b'{"at": "2026-')

    trip, quiet = demo_log.read(settings)

    assert (trip["scene"], trip["details"], trip["numbers"]) == ("feeder_trip", {"feeder": "f-1", "customers": 12}, [])
    assert quiet["numbers"] == [{"name": "customers_out", "before": "12", "after": None}]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", trip["at"])


def test_without_a_file_nothing_is_told():
    settings = Settings()
    demo_log.append(settings, "quiet")

    assert demo_log.read(settings) == []


@pytest.mark.parametrize("scene", demo_log.SCENES)
def test_every_scene_has_words_with_the_same_places_in_both_languages(scene):
    places = [sorted(re.findall(r"{(\w+)}", words)) for words in TEXTS[f"scene.{scene}"]]

    assert places[0] == places[1]
