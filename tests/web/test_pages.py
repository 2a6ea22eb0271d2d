"""Every page, over HTTP and in a real browser, in both languages."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from kg.web.pages.fishbone import Bone, Mark, fishbone
from kg.web.pages.words import page_words
from tests.web.conftest import Served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
#: Address, and words that the page has to show in English and Chinese.
MAIN_PATHS = [
    ("/?region=浙江", "modern textile industrial chain", "现代纺织产业链"),
    ("/chain?chain=modern-textile&region=绍兴", "functional fibre", "功能性纤维"),
    ("/necks?chain=intelligent-computing", "critical dependence", "关键"),
    ("/partners?gap=gap/zj/computing-core-component&region=浙江", "Zhejiang Lab", "之江实验室"),
    ("/linkage?chain=modern-textile", "Linkage", "产业联动"),
    ("/whatif?without=富通集团", "Futong", "富通"),
    ("/map?chain=modern-textile", "Map", "地图"),
    ("/explore?q=textile", "modern textile industrial chain", "检索"),
    ("/ask?question=gaps&chain=modern-textile&region=绍兴&run=1", "high-grade fabric", "高档面料"),
    ("/query?query=SELECT ?s { ?s a <https://w3id.org/icsc/ns#LandmarkIndustrialChain> }", "modern-textile", "SPARQL"),
    ("/data", "Rows read", "读取行数"),
]
IDS = [path.split("?")[0] for path, _, _ in MAIN_PATHS]


def address(path: str, lang: str) -> str:
    return quote(path, safe="/?=&;:") + ("&" if "?" in path else "?") + f"lang={lang}"


@pytest.mark.parametrize(("path", "english", "chinese"), MAIN_PATHS, ids=IDS)
def test_main_path_in_both_languages(served: Served, path: str, english: str, chinese: str) -> None:
    for lang, word, tag in (("en", english, "en"), ("zh", chinese, "zh-Hans")):
        answer = served.client.get(address(path, lang))
        assert answer.status_code == 200, answer.text[:400]
        assert word in answer.text and f'<html lang="{tag}">' in answer.text
        assert answer.headers["content-language"] == tag
        # Nothing is asked of another server, and nothing runs in the browser.
        assert "<script" not in answer.text and not re.search(r'(?:src|action)="https?:', answer.text)


def test_words_are_there_in_both_languages() -> None:
    english, chinese = page_words("en"), page_words("zh")
    assert set(english) == set(chinese) and all(english.values()) and all(chinese.values())
    same = {name for name in english if english[name] == chinese[name]}
    assert same == {"query"}


def test_an_input_is_explained(served: Served) -> None:
    iri = "https://w3id.org/icsc/id/item/zj/functional-fibre"
    text = served.client.get(f"/chain?chain=modern-textile&region=绍兴&input={iri}&lang=en").text
    assert "mainly conventional and low-grade" in text and "Who could close it" in text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/chain?chain=nonsense&lang=en", "nonsense"),
        ("/?region=Atlantis&lang=en", "Atlantis"),
        ("/query?query=SELEC&lang=en", "does not parse"),
        ("/ask?question=x&lang=en", "no question"),
        ("/whatif?without=Atlantis&lang=en", "Atlantis"),
        ("/chain?min-confidence=x&lang=en", "min-confidence"),
    ],
)
def test_what_is_wrong_is_said_on_the_page(served: Served, path: str, words: str) -> None:
    answer = served.client.get(path)
    assert answer.status_code == 400 and 'role="alert"' in answer.text and words in answer.text
    assert "Traceback" not in answer.text


def test_data_is_text(served: Served) -> None:
    answer = served.client.get("/explore?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert answer.status_code == 200 and "<script" not in answer.text


def test_empty_states_say_how_to_load_more(served: Served) -> None:
    assert "kg build --data" in served.client.get("/explore?q=zzzz&lang=en").text


def test_fishbone_tells_status_by_sign_and_word() -> None:
    marks = (Mark("urn:a", "dye & <b>", "absent"), Mark("urn:b", "fibre", "met"))
    drawing = fishbone(
        [Bone("fabric", "in production", 1, True, marks)], lambda iri: f"?input={iri}", {"absent": "缺失"}
    )
    assert "✕" in drawing and "✓" in drawing and 'aria-label="dye &amp; &lt;b&gt;: 缺失"' in drawing
    assert drawing.count("<a ") == 2 and "<b>" not in drawing


def test_fishbone_of_a_chain_without_inputs() -> None:
    assert fishbone([Bone("fabric", "", 1, True, ())], str, {}).count("<a ") == 0


@pytest.fixture(scope="module")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: a folder of the run, or the one that KG_SCREENSHOTS names."""
    named = os.environ.get("KG_SCREENSHOTS")
    return Path(named) if named else tmp_path_factory.mktemp("screenshots")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.mark.browser
@pytest.mark.parametrize(("path", "english", "chinese"), MAIN_PATHS, ids=IDS)
def test_in_a_browser(served: Served, browser: object, artefacts: Path, path: str, english: str, chinese: str) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    for lang, word in (("en", english), ("zh", chinese)):
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
        told: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message, told=told: told.append(message.text))
        page.on("pageerror", lambda error, told=told: told.append(str(error)))
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(served.url + address(path, lang))
        assert word in page.content()
        assert told == [] and not [url for url in asked if not url.startswith((served.url, "data:"))]
        # The keyboard reaches the content by the first key.
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        # Nothing is wider than a tablet but what scrolls by itself.
        page.set_viewport_size({"width": 800, "height": 1100})
        assert page.evaluate("document.documentElement.scrollWidth") <= 800
        page.set_viewport_size({"width": 1280, "height": 900})
        page.screenshot(path=artefacts / f"{path.split('?')[0].strip('/') or 'overview'}-{lang}.png")
        page.close()


@pytest.mark.browser
def test_a_click_on_the_fishbone_explains(served: Served, browser: object) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    page = browser.new_page()
    page.goto(served.url + address("/chain?chain=modern-textile&region=绍兴", "en"))
    page.locator("svg.fishbone a").filter(has_text="✕").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**input=**")
    assert page.locator("h2#input").inner_text() in {"functional fibre", "high-grade fabric"}
    assert page.locator("svg.fishbone a[aria-current]").count() >= 1
    page.close()
