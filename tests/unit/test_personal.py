"""Words about customers are in no output: dead letters, cases, ledger, logs, metrics, what verify shows."""

import asyncio
import json
import logging
import traceback
from base64 import b64decode
from functools import cache
from types import SimpleNamespace
from urllib.parse import unquote

import duckdb
import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from prometheus_client import CollectorRegistry, generate_latest
from pydantic import TypeAdapter

from schemas import EVENTS, codec
from streams import topics
from streams.agents.dead_letters import of_record
from streams.agents.partition import SourcePartition
from streams.agents.personal import LEFT_OUT, fit_to_keep
from streams.cases.interface import Verdict
from streams.cases.ledger import Ledger
from streams.cells.partials import Partials
from streams.errors import SettingsInvalid
from streams.kpis import KPIS
from streams.lane.position import Position, TopicPosition
from streams.notify.alert_state import AlertState
from streams.notify.alerts import Links
from streams.notify.delivery import Delivery
from streams.notify.server import ForwarderCollector
from streams.oracle import engine
from streams.oracle.personal import shown
from streams.publish.board import Board
from streams.reference.network import EMPTY_NETWORK
from streams.reference.reference import Reference
from streams.reference.rules import Rules
from streams.settings import Settings
from streams.wiring.names import Names

MAX = 64 * 1024
NOON = 1_780_459_200  # 2026-06-03T12:00:00+08:00
SECRETS = ("13800138000", "0371-5550142", "花园路", "Garden Road", "Wang", "A-10086", "sesame")
ACCEPTED = {
    "event_type": "accepted",
    "complaint_id": "CP-1",
    "event_id": "e1",
    "revision": 1,
    "occurred_at": "2026-06-03T09:00:00+08:00",
    "recorded_at": "2026-06-03T09:00:01+08:00",
    "source": "css",
    "case_kind": "complaint",
}
# Each is against the contract, or refused for another reason, and says something about a customer.
REFUSED = [
    ACCEPTED | {"customer_ref": "A-10086-" + "0" * 128},
    ACCEPTED | {"case_kind": "Wang, 13800138000"},
    ACCEPTED | {"event_type": "13800138000"},
    ACCEPTED | {"category": 13800138000},
    ACCEPTED | {"area": ["Garden Road 5"]},
    ACCEPTED | {"level": {"phone": "13800138000"}},
    ACCEPTED | {"occurred_at": "13800138000"},
    ACCEPTED | {"occurred_at": "2026-06-03T09:00:00 Garden Road"},
    ACCEPTED | {"revision": "0371-5550142"},
    ACCEPTED | {"revision": -13800138000},
    ACCEPTED | {"corrects": "Wang 花园路" * 40},
    ACCEPTED | {"source": ""} | {"phone": "13800138000", "13800138000": 1, "address": {"street": "花园路 5"}},
    ACCEPTED | {"occurred_at": "2001-06-03T09:00:00Z", "customer_ref": "A-10086-0417", "caller": "Wang"},
    {**ACCEPTED, "event_type": "returned", "reason": 13800138000},
    {**ACCEPTED, "event_type": "assigned", "unit": "Wang 0371-5550142" * 20},
]
RAW = [b"13800138000", b'["13800138000"]', b'{"phone": "13800138000"', "花园路 5".encode(), b'{"phone": "13800138000"}']


def with_secrets(text):
    return [secret for secret in SECRETS if secret in text]


def incoming(value, key=b"CP-1", offset=0):
    headers = (("caller", b"13800138000"), ("traceparent", b"Wang"))
    return SimpleNamespace(key=key, value=value, timestamp=NOON * 1000, offset=offset, headers=headers)


@pytest.mark.parametrize("prefix", ["", "week."])
def test_no_output_of_a_worker_has_words_about_a_customer(prefix, caplog):
    caplog.set_level(logging.DEBUG)
    names, rules = Names.under(prefix), Rules(pseudonym_key="0123456789abcdef-sesame")
    board = Board(0, 1, KPIS, rules, publish_interval=1, growth_interval=60)
    fold = SourcePartition(0, names, board, Ledger(Partials(), Reference(EMPTY_NETWORK, rules)))
    inputs = {prefix + topic: TopicPosition() for topic in (topics.COMPLAINTS, topics.REPAIRS, topics.OUTAGES)}
    position = Position(1, "wall", inputs)
    fold.load({name: {} for name in (names.partials, names.ledger, names.kpis, names.breaches)}, position)
    good = ACCEPTED | {"customer_ref": "A-10086-0417", "phone": "13800138000"}
    order = {"event_type": "created", "work_order_id": "WO-1", "caller": {"phone": "13800138000"}, "crew": "Wang"}
    for topic in inputs:
        for offset, value in enumerate([*map(orjson.dumps, [*REFUSED, good, order]), *RAW]):
            if topic.endswith(topics.OUTAGES) and offset > len(REFUSED) + 1:
                continue  # text that is no object is kept of topics that are not about customers
            fold.apply(topic, [incoming(value, offset=offset)])
    position.as_of = NOON
    fold.advance(NOON, complete=False)

    outputs = list(fold.outputs(position))
    letters = [output for output in outputs if output.topic == names.dead_letters]

    assert len(letters) >= 2 * (len(REFUSED) + len(RAW))
    for output in outputs:
        text = b"\n".join([output.key, output.value or b"", *(f"{n}={v!r}".encode() for n, v in output.headers or ())])
        assert with_secrets(text.decode()) == [], text
    assert with_secrets(caplog.text) == []


def test_a_letter_of_a_complaint_keeps_what_finds_and_explains_it():
    said = orjson.dumps(ACCEPTED | {"category": "Wang", "x": 1})
    kept, about_people = fit_to_keep("week." + topics.COMPLAINTS, said, MAX)

    assert (json.loads(kept), about_people) == (ACCEPTED | {"category": LEFT_OUT}, True)


def test_a_letter_of_another_topic_is_its_record_but_for_fields_that_nobody_declared():
    outage = {"event_type": "started", "outage_id": "O-1", "areas": [{"area": "台区", "customers": -1}]}

    assert fit_to_keep(topics.OUTAGES, orjson.dumps(outage), MAX) == (orjson.dumps(outage), False)
    assert fit_to_keep(topics.OUTAGES, b"\xff{", MAX) == (b"\xff{", False)
    outage["areas"][0]["phone"] = "13800138000"
    assert json.loads(fit_to_keep(topics.OUTAGES, orjson.dumps(outage), MAX)[0])["areas"][0]["phone"] == LEFT_OUT


@pytest.mark.parametrize("depth", [200, 300, 900, 1020, 5000])
def test_no_depth_of_a_value_stops_a_letter(depth):
    deep = b'{"areas": ' + b"[" * depth + b"]" * depth + b', "phone": 1}'

    assert fit_to_keep(topics.OUTAGES, deep, MAX)[0]
    assert fit_to_keep(topics.COMPLAINTS, deep, MAX)[1]


@pytest.mark.parametrize("size", [70_000, 3_000_000])
def test_a_large_value_is_no_way_around_what_is_left_out(size):
    large = orjson.dumps({"phone": "13800138000", "cause": "x" * size})

    kept, about_people = fit_to_keep(topics.OUTAGES, large, MAX)

    assert (with_secrets(kept.decode()), about_people, len(kept)) == ([], False, MAX if size < 2**20 else 0)
    assert fit_to_keep(topics.OUTAGES, b"x" * size, MAX) == (b"x" * MAX, False)
    assert fit_to_keep(topics.COMPLAINTS, large, MAX)[1]
    assert with_secrets(fit_to_keep(topics.COMPLAINTS, large, MAX)[0].decode()) == []


HIDDEN = {
    "first of two": '{"source": "13800138000", "source": "ami", "revision": 1}',
    "first of two, one escaped": r'{"source": "13800138000", "s\u006furce": "ami"}',
    "first of two, inside": '{"areas": [{"area": "13800138000", "area": "TA-1"}]}',
    "a name": '{"13800138000": 1, "areas": [{"+86 13800138000": 1}]}',
    "beside a value that is no number": '{"score": NaN, "phone": "13800138000"}',
    "beside a number of 5,000 digits": '{"phone": "13800138000", "x": ' + "9" * 5000 + "}",
    "beside half of a character": r'{"outage_id": "\ud800", "phone": "13800138000"}',
    "beside a deep value": '{"phone": "13800138000", "areas": ' + "[" * 600 + "]" * 600 + "}",
    "astray, cut off": '{"complaint_id": "C-1", "phone": "13800138000", ',
    "astray, inside": '{"areas": [{"complaint_id": "C-1", "area": "Garden Road"}]}',
    "astray, in a list": '[[{"customer_ref": "A-10086", "area": "Garden Road"}]]',
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("topic", [topics.OUTAGES, topics.VOLTAGE, topics.COMPLAINTS, topics.REPAIRS])
def test_no_place_of_a_value_hides_words_about_a_customer(topic, text):
    kept, _ = fit_to_keep(topic, text.encode(), MAX)

    assert with_secrets(kept.decode()) == []


@pytest.mark.parametrize("text", [text for name, text in HIDDEN.items() if "astray" not in name], ids=str)
@pytest.mark.parametrize("family", ["outages", "complaints", "voltage"])
@pytest.mark.parametrize("admitted", [True, False])
def test_verify_shows_none_of_them_either(family, text, admitted):
    assert with_secrets(shown(family, text, contract()[family], admitted=admitted)) == []


def test_a_traceback_of_a_complaint_has_no_message():
    said = "13800138000\nFile Wang\nsesame 5"
    try:
        int(said)
    except ValueError:
        text = traceback.format_exc().replace("ValueError", "streams.errors.Wrong")
    letter = of_record("letters", topics.COMPLAINTS, 0, incoming(b"{}"), Verdict("defect", "defect", text))

    shown_lines = dict(letter.headers)["__connect.errors.exception.message"].decode().splitlines()
    assert with_secrets(text)
    assert with_secrets("\n".join(shown_lines)) == []
    assert (shown_lines[0], shown_lines[-1]) == ("Traceback (most recent call last):", "streams.errors.Wrong")


@pytest.mark.parametrize("family", [family.name for family in EVENTS])
def test_the_detail_of_a_wrong_tag_does_not_quote_it(family):
    with pytest.raises(codec.InvalidEvent) as error:
        codec.decode(family, b'{"event_type": "13800138000", "record_type": "13800138000"}')

    assert "13800138000" not in error.value.detail
    assert "is none of '" in error.value.detail


# -- verify -----------------------------------------------------------------------------------------------------------


@cache
def contract():
    connection = duckdb.connect()
    folder = engine.FOLDER / "admission"
    for file in sorted(folder.glob("1*.sql")):
        connection.execute(file.read_text("utf-8"))
    found = {}
    for family, field, part in connection.execute("SELECT family, field, part FROM contract").fetchall():
        found.setdefault(family, {"event_type", "record_type"}).update((field, part))
    return found


def test_the_oracle_declares_every_field_that_it_may_have_to_show():
    declared = contract()
    for family in EVENTS:
        if family.name in ("outages", "repairs", "complaints", "voltage"):
            definitions = TypeAdapter(family.union).json_schema()["$defs"]
            names = {name for definition in definitions.values() for name in definition.get("properties", {})}
            assert names <= declared[family.name], names - declared[family.name]


def test_verify_shows_a_complaint_without_its_customer():
    body = json.dumps(ACCEPTED | {"customer_ref": "A-10086-0417", "phone": "13800138000", "area": "花"})

    text = shown("complaints", body, contract()["complaints"], admitted=True)

    assert json.loads(text) == ACCEPTED | {"customer_ref": LEFT_OUT, "phone": LEFT_OUT, "area": "花"}


@pytest.mark.parametrize("event", REFUSED)
def test_verify_shows_of_a_refused_complaint_only_what_finds_it(event):
    text = shown("complaints", json.dumps(event, ensure_ascii=False), contract()["complaints"], admitted=False)

    assert "CP-1" in text
    assert with_secrets(text) == []


# -- notify -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["open%3Asesame", "sesame", "s%40sesame%2F"])
def test_the_password_of_an_alertmanager_is_sent_and_never_said(password, caplog):
    caplog.set_level(logging.DEBUG)
    seen = []

    async def refuse(request):
        seen.append(request.headers.get("Authorization"))
        return web.json_response({"error": "no"}, status=401)

    async def tell():
        app = web.Application()
        app.router.add_route("*", "/{any:.*}", refuse)
        async with TestServer(app) as server:
            stop = asyncio.Event()

            async def sleep(_seconds):
                stop.set()
                await asyncio.Event().wait()

            url = f"http://ops:{password}@{server.host}:{server.port}/am"
            delivery = Delivery(url, AlertState(Links("UTC", "http://x")), 60, sleep=sleep)
            task = asyncio.create_task(delivery.run())
            await stop.wait()
            task.cancel()
            registry = CollectorRegistry()
            registry.register(ForwarderCollector(AlertState(Links("UTC", "http://x")), [delivery], ready=True))
            return generate_latest(registry).decode(), repr(vars(delivery)["_url"])

    metrics, url = asyncio.run(tell())

    assert b64decode(seen[0].removeprefix("Basic ")).decode() == f"ops:{unquote(password)}"
    assert "401" in caplog.text
    assert "sesame" not in caplog.text + metrics + url


@pytest.mark.parametrize(
    "url",
    ["http://ops:s@sesame@am:9093", "http://ops:s/sesame@am:9093", "http://ops:s,sesame@am", "http://ops:x sesame@am"],
)
def test_a_password_that_breaks_its_url_is_refused_and_not_shown(url, monkeypatch):
    monkeypatch.setenv("GRIDPULSE_ALERTMANAGER", url)

    with pytest.raises(SettingsInvalid, match="GRIDPULSE_ALERTMANAGER") as error:
        Settings.load()

    assert "sesame" not in str(error.value)


def test_settings_do_not_show_the_password_of_an_alertmanager():
    settings = Settings.load(alertmanager="http://ops:sesame@am-1:9093,https://am-2/path")

    assert "sesame" not in repr(settings) + str(settings)
