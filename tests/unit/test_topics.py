import pytest

from streams import topics
from streams.settings import Settings

SETTINGS = Settings(topic_prefix="", partitions=3)
REPLAY = Settings(topic_prefix="replay.", partitions=3, clock="marks")


def found(specs):
    return {spec.name: spec.partitions for spec in specs}, {spec.name: dict(spec.all_configs) for spec in specs}


def test_names_carry_the_prefix_and_are_unique():
    names = [spec.name for spec in topics.catalogue(REPLAY)]

    assert len(set(names)) == len(names) == 14
    assert all(name.startswith("replay.") and name.endswith(".v1") for name in names)


def test_live_inputs_take_the_brokers_time_and_replayed_ones_keep_theirs():
    live, replayed = (
        {spec.configs["message.timestamp.type"] for spec in topics.catalogue(settings) if spec.role == "input"}
        for settings in (SETTINGS, REPLAY)
    )

    assert (live, replayed) == ({"LogAppendTime"}, {"CreateTime"})


@pytest.mark.parametrize("spec", topics.catalogue(REPLAY), ids=lambda spec: spec.name)
def test_on_marks_nothing_is_lost_early(spec: topics.TopicSpec):
    if "compact" in spec.cleanup:
        assert int(spec.configs["min.compaction.lag.ms"]) == 7 * topics.DAY_MS
    if "delete" in spec.cleanup:
        assert spec.configs["retention.ms"] == "-1"


def test_a_cluster_like_the_catalogue_has_no_differences():
    specs = topics.catalogue(SETTINGS)

    assert topics.differences(specs, *found(specs)) == []


def test_the_order_of_cleanup_policies_does_not_matter():
    specs = topics.catalogue(SETTINGS)
    counts, configs = found(specs)
    configs[topics.DEAD_LETTERS]["cleanup.policy"] = "delete,compact"

    assert topics.differences(specs, counts, configs) == []


def test_every_difference_is_named():
    specs = topics.catalogue(SETTINGS)
    counts, configs = found(specs)
    del counts[topics.KPIS]
    counts[topics.LEDGER] = 5
    configs[topics.CASES]["cleanup.policy"] = "delete"
    configs[topics.OUTAGES]["message.timestamp.type"] = "CreateTime"

    assert topics.differences(specs, counts, configs) == [
        "grid.outages.v1 has message.timestamp.type=CreateTime instead of LogAppendTime",
        "gridpulse.ledger.v1 has 5 partitions instead of 3",
        "grid.kpis.v1 is missing",
        "grid.cases.v1 has cleanup.policy=delete instead of compact",
    ]
