"""Every page, over HTTP and in a real browser, in both languages."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from kg.graph import Graph
from kg.web.pages import charts, maps
from kg.web.pages.chains import _necks as neck_counts
from kg.web.pages.fishbone import Bone, Mark, fishbone
from kg.web.pages.words import page_words
from kg.whatif import whatif
from tests.web.conftest import Served

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
        assert word in answer.text and f'<html lang="{tag}" ' in answer.text
        assert answer.headers["content-language"] == tag
        # Nothing is asked of another server, and no script stands in a page.
        assert not re.search(r'(?:src|action)="https?:', answer.text)
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert all(re.fullmatch(r'<script type="module" src="/assets/pages/\w+\.js">', script) for script in scripts)
        assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_the_overview_says_where(served: Served) -> None:
    assert "<h1>浙江省的产业链</h1>" in served.client.get("/?region=浙江&lang=zh").text
    assert "<h1>The chains in Zhejiang</h1>" in served.client.get("/?region=浙江&lang=en").text
    # Nothing is known of a chain there: a name all the same.
    unknown = "/?region=https://w3id.org/icsc/id/region/540000&lang=zh"
    assert "<h1>西藏自治区的产业链</h1>" in served.client.get(unknown).text


def test_the_overview_counts_what_a_source_calls_critical(embedded: Graph) -> None:
    assert neck_counts(embedded) == {"https://w3id.org/icsc/id/chain/intelligent-computing": 2}


def test_a_chain_of_whose_holders_nothing_is_known_has_no_count_of_necks(served: Served) -> None:
    for lang, word in (("en", "unknown"), ("zh", "未知")):
        text = served.client.get(f"/?region=浙江&lang={lang}").text
        counts = dict(re.findall(r'/necks\?chain=[^"&]*%2F([\w-]+)[^"]*"[^>]*>([^<]+)</a>', text))
        assert counts["intelligent-equipment"] == counts["network-communication"] == word


@pytest.mark.shared
def test_the_overview_counts_inputs_of_the_top_tier(full: Graph) -> None:
    counts = neck_counts(full)
    for chain, count in counts.items():
        found = full.ask("necks", chain=chain)
        high = found[(found.tier == "top") | found.stated.notna()].input_iri.nunique()
        assert len(found) and count >= high and (count > 0) == (high > 0)


def test_the_scenario_keeps_a_chain_by_any_name(served: Served) -> None:
    text = served.client.get(address("/whatif?without=富通集团&chain=富通光通信供应链", "zh")).text
    assert '/chain/futong-optical" selected' in text


def test_the_scenario_shows_over_whom_a_loss_comes(served: Served, embedded: Graph) -> None:
    hit = whatif(embedded, ["org/zj/yuantong"], lang="zh").hit.iloc[0]
    text = served.client.get(address("/whatif?without=org/zj/yuantong", "zh")).text
    assert ">最后一环供给者</th>" in text and ">受影响路径</th>" in text and "给出上下界" in text
    assert f">{hit['supplier']}</a>" in text and f">{hit['path']}</td>" in text and " → " in hit["path"]
    english = served.client.get(address("/whatif?without=org/zj/yuantong", "en")).text
    assert ">supplier</th>" in english and "between two bounds" in english


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
        ("/chain?min-confidence=x&lang=en", "<strong>Confidence at least</strong>"),
        ("/necks?chain=modern-textile&weight-dependence=-1&lang=en", "outside its range, 0-1"),
    ],
)
def test_what_is_wrong_is_said_on_the_page(served: Served, path: str, words: str) -> None:
    answer = served.client.get(path)
    assert answer.status_code == 400 and 'role="alert"' in answer.text and words in answer.text
    assert "Traceback" not in answer.text


def test_data_is_text(served: Served) -> None:
    answer = served.client.get("/explore?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert answer.status_code == 200 and "<script>" not in answer.text


ITEM = "https://w3id.org/icsc/id/item/zj/"


def test_neighbours_are_named_things_and_the_rest_is_counted(served: Served) -> None:
    region = "https://w3id.org/icsc/id/region/CN"
    around = served.client.get("/explore/neighbours", params={"iri": region, "lang": "en"}).json()
    assert around["name"] == "China" and len(around["nodes"]) == 25 and around["left"] > 0
    assert all(node["label"] for node in around["nodes"])
    known = {node["iri"] for node in around["nodes"]}
    assert all(start in known and end in known and region in {start, end} for start, end, _ in around["links"])
    # A pair is not drawn twice because a property has an inverse.
    makes = served.client.get("/explore/neighbours", params={"iri": f"{ITEM}functional-fibre", "lang": "en"}).json()
    pairs = [frozenset(link[:2]) for link in makes["links"]]
    assert len(pairs) - len(set(pairs)) < len(pairs) / 2
    missing = served.client.get("/explore/neighbours", params={"iri": "urn:none"})
    assert missing.status_code == 400 and "urn:none" in missing.text


def test_an_opened_graph_is_restored_by_its_url(served: Served) -> None:
    one, other = f"{ITEM}functional-fibre", "https://w3id.org/icsc/id/chain/modern-textile"
    alone = served.client.get("/explore", params={"iri": one, "lang": "en"}).text
    both = served.client.get("/explore", params={"iri": one, "open": other, "lang": "en"}).text
    assert both.count("<tr>") > alone.count("<tr>") > 1
    assert served.client.get("/explore", params={"iri": "urn:none"}).status_code == 400


def test_terms_are_offered_by_name_and_by_label(served: Served) -> None:
    offered = served.client.get("/query/terms.json?lang=zh").json()
    gap = next(term for term in offered if term["label"] == "icsc:Gap")
    assert gap["type"] == "class" and "断点" in gap["detail"] and "gap" in gap["detail"]
    assert any(term["label"].startswith("PREFIX icsc:") for term in offered)


QUERY = "PREFIX icsc: <https://w3id.org/icsc/ns#> "


@pytest.mark.parametrize(
    ("view", "text", "drawn"),
    [
        ("chart", "SELECT ?chain (COUNT(*) AS ?n) { ?link icsc:linkOf ?chain } GROUP BY ?chain", True),
        ("chart", "SELECT ?chain { ?link icsc:linkOf ?chain }", False),
        ("graph", "SELECT ?link ?chain { ?link icsc:linkOf ?chain }", True),
        ("graph", "CONSTRUCT { ?link icsc:linkOf ?chain } { ?link icsc:linkOf ?chain }", True),
        ("graph", "SELECT (COUNT(*) AS ?n) { ?link icsc:linkOf ?chain }", False),
        ("map", "SELECT ?region ?lat ?long { ?region icsc:latitude ?lat ; icsc:longitude ?long }", True),
        (
            "map",
            "SELECT ?region (COUNT(*) AS ?n) { ?region a icsc:Province ; icsc:latitude ?l } GROUP BY ?region",
            True,
        ),
        ("map", "SELECT ?chain { ?link icsc:linkOf ?chain }", False),
        ("table", "SELECT ?chain { ?link icsc:linkOf ?chain }", False),
    ],
)
def test_a_result_as_a_drawing_or_why_not(served: Served, view: str, text: str, drawn: bool) -> None:
    answer = served.client.get("/query", params={"query": QUERY + text, "view": view, "lang": "en"})
    assert answer.status_code == 200 and ("data-option=" in answer.text) is drawn
    if not drawn and view != "table":
        assert f"A {view} needs" in answer.text


def test_the_library_behind_the_drawings_is_served(served: Served) -> None:
    for name in ("echarts/index.js", "codemirror/index.js", "pages/charts.js"):
        answer = served.client.get(f"/assets/{name}")
        assert answer.status_code == 200 and "javascript" in answer.headers["content-type"]
    assert served.client.get("/assets/pages/..%2fwords.py").status_code == 404


def test_a_release_that_is_alone_says_so(served: Served) -> None:
    assert "no other release" in served.client.get("/data?lang=en").text
    refused = served.client.get("/data?since=nonsense&lang=en")
    assert refused.status_code == 400 and "nonsense" in refused.text


def test_rings_lead_to_the_regions_around(served: Served) -> None:
    text = served.client.get("/chain?chain=modern-textile&region=绍兴&lang=en").text
    rings = text[text.index('<nav class="rings"') :]
    rings = rings[: rings.index("</nav>")]
    places = re.findall(r">(\w[\w ]*) <small>([\w ]+)</small>", rings)
    assert [ring for _, ring in places][:2] == ["city", "province"] and ("China", "country") in places


def test_drawings_leave_out_what_is_not_known() -> None:
    rows = [{"region": "Zhejiang", "region_iri": "urn:zj", "coverage": 0.5}, {"region": "Hainan", "coverage": None}]
    option = maps.shaded(rows, "coverage", "coverage", "/regions.geojson")
    assert [item["title"] for item in option["series"][0]["data"]] == ["Zhejiang"]
    parts = charts.stacked({"fibre": {"JP": 0.6}, "dye": {"JP": 0.2, "KR": 0.8}}, "shares")
    assert [(series["name"], series["data"]) for series in parts["series"]] == [("JP", [0.6, 0.2]), ("KR", [None, 0.8])]
    network = charts.edges({"a": {"name": "A"}}, [{"source": "a", "target": "b"}], "network")
    assert network["series"][0]["links"] == []
    placed = maps.points([{"name": "A", "longitude": 120.0, "latitude": 30.0}, {"name": "B"}], "name", "", "map", "/x")
    assert len(placed["series"][0]["data"]) == 1
    assert placed["geo"]["boundingCoords"] == [[117.0, 33.0], [123.0, 27.0]]
    # By top and bottom alone, a frame that is much wider than high would be drawn outside.
    assert placed["geo"]["layoutSize"] == "96%" and not {"top", "bottom"} & placed["geo"].keys()
    cells = charts.heat(
        [{"from": "A", "to": "B", "n": 0.25}, {"from": "A", "to": "B", "n": 0.25}], "from", "to", "n", "m"
    )
    assert cells["series"][0]["data"] == [[0, 0, 0.5]]


def test_a_search_lists_each_thing_once_and_says_what_it_is(served: Served) -> None:
    text = served.client.get("/explore?q=textile&lang=zh").text
    found = re.findall(r'<li><a href="(/id/[^"]+)">([^<]+)</a>.*?<small>(.*?)</small></li>', text)
    assert len({to for to, _, _ in found}) == len(found) > 1
    chain = next((label, said) for to, label, said in found if to == "/id/chain/modern-textile")
    assert chain[0] == "modern textile industrial chain" and chain[1] == (
        "标志性产业链 · 现代纺织产业链 · chain/modern-textile"
    )
    # A name in the page's language needs no other beside it.
    assert ">现代纺织产业链</a>" in served.client.get("/explore?q=纺织&lang=zh").text


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
        page.locator("[data-option]:not([data-drawn])").first.wait_for(state="detached")
        assert told == [] and not [url for url in asked if not url.startswith((served.url, "data:"))]
        # As it is first seen, before the keyboard shows its way.
        page.screenshot(path=artefacts / f"{path.split('?')[0].strip('/') or 'overview'}-{lang}.png")
        # The keyboard reaches the content by the first key.
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        # Nothing is wider than a tablet but what scrolls by itself.
        page.set_viewport_size({"width": 800, "height": 1100})
        assert page.evaluate("document.documentElement.scrollWidth") <= 800
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


@pytest.mark.browser
def test_the_graph_grows_by_a_click_and_the_address_follows(served: Served, browser: object) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    page = browser.new_page(viewport={"width": 1280, "height": 1200})
    page.goto(served.url + address(f"/explore?iri={ITEM}functional-fibre", "en"))
    page.wait_for_selector("[data-ready]")
    before = page.locator("#drawn tr").count()
    label = page.locator("[data-grows] svg text", has_text="functional fibre of").first
    for _ in range(5):
        # The layout begins at random, and a label that another covers is not drawn.
        page.wait_for_timeout(1000)
        if label.count():
            break
        page.reload()
        page.wait_for_selector("[data-ready]")
    label.click()
    page.locator("#drawn tr").nth(before).wait_for()
    assert "open=https" in page.url and page.locator("#left").inner_text() != ""
    page.reload()
    page.wait_for_selector("[data-drawn]")
    assert page.locator("#drawn tr").count() > before
    page.close()


@pytest.mark.browser
def test_the_editor_completes_a_chinese_word_and_runs_by_the_keyboard(served: Served, browser: object) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    page = browser.new_page()
    page.goto(served.url + "/query?lang=zh")
    page.wait_for_selector("textarea[data-ready]", state="attached")
    content = page.locator(".cm-content")
    assert page.locator(".cm-line span").count() > 5
    content.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("PREFIX icsc: <https://w3id.org/icsc/ns#>")
    page.keyboard.press("Enter")
    page.keyboard.type("SELECT ?gap WHERE { ?gap a ")
    page.keyboard.insert_text("断点")
    page.keyboard.press("Control+Space")
    page.locator(".cm-tooltip-autocomplete li", has_text="icsc:Gap").first.click()
    assert "a icsc:Gap" in content.inner_text()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**query=PREFIX**")
    assert page.locator("tbody tr").count() > 3
    page.close()


@pytest.mark.browser
def test_a_weight_asks_again(served: Served, browser: object) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    page = browser.new_page()
    page.goto(served.url + "/necks?chain=intelligent-computing&lang=en")
    page.locator("input[name=weight-reach]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**weight-reach=0.3**")
    assert page.locator("input[name=weight-reach]").input_value() == "0.3"
    page.close()


@pytest.mark.browser
def test_without_scripts_the_pages_say_the_same(served: Served, browser: object) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.url + address("/query?query=SELECT ?s { ?s a <https://w3id.org/icsc/ns#Gap> }", "en"))
    assert page.locator("textarea").is_visible() and page.locator("tbody tr").count() > 3
    page.goto(served.url + "/necks?chain=intelligent-computing&lang=en")
    assert page.locator("form button").is_visible()
    context.close()
