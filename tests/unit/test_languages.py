"""The language of the page: whatever the address and the browser say, one of those there are texts in."""

import pytest

from streams.web.languages import chosen
from tests.support.web_board import body


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ((), "", "en"),
        (("zh",), "", "zh"),
        (("zh-CN",), "", "zh"),
        (("zh_CN",), "en", "zh"),
        (("ZH-Hant-HK",), "en-GB", "zh"),
        ((" EN ",), "zh", "en"),
        (("de",), "", "en"),
        (("de",), "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (("",), "zh", "zh"),
        (("xx", "zh", "fr"), "en", "zh"),
        (("en", "zh"), "", "zh"),
        (("zhx",), "", "en"),
        ((), "de-DE,de;q=0.9,zh;q=0.5,en;q=0.7", "en"),
        ((), "en;q=0.1, zh;q=0.2", "zh"),
        ((), "zh;q=0, en;q=0", "en"),
        ((), "*", "en"),
        ((), "zh;q=NaN, en", "en"),
        ((), "zh;q=x, ;;;,=,q=1", "en"),
        ((), "de," * 100_000 + "zh", "en"),
    ],
)
def test_the_address_comes_before_the_browser(asked, accepted, language):
    assert chosen(asked, accepted) == language


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("", "zh"),
        ("?lang=de", "zh"),
        ("?lang=EN", "en"),
        ("?lang=", "zh"),
        ("?lang=de&lang=en", "en"),
        ("?lang=%ff", "zh"),
    ],
)
async def test_no_language_leaves_the_page_without_words(client, query, language):
    async with client.get(f"/api/v1/wallboard{query}", headers={"Accept-Language": "zh-CN,en;q=0.5"}) as response:
        said = await response.json()

    assert (response.status, said["lang"]) == (200, language)
    assert said["texts"]["close"] == {"en": "Close", "zh": "关闭"}[language]


async def test_another_parameter_is_a_problem(client):
    assert "langauge" in (await body(client, "/api/v1/wallboard?langauge=zh", 400))["detail"]
