"""Every kind of IRI in the graph leads somewhere, in the form and the language that is asked for."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from kg.terms import BASE, ICSC, ID
from kg.web import linked_data
from kg.web.limits import QueryFailedError
from kg.web.resources import _fact
from tests.web.conftest import Served

HTML = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.lang = values.get("lang") or ""
        if tag == "a":
            self.links.append(values["href"] or "")
        if tag in {"script", "img", "iframe"} or values.get("rel") in {"stylesheet", "icon"}:
            self.loads.append(tag)


@pytest.fixture(scope="module")
def things(served: Served) -> list[str]:
    # More rows than the server's limit for one answer: asked of the classes, one by one.
    classes = served.live.graph.store.query(f'SELECT DISTINCT ?c {{ ?s a ?c FILTER(STRSTARTS(STR(?c), "{ICSC}")) }}')
    found = []
    for (kind,) in classes.rows:
        rows = served.live.graph.store.query(
            f'SELECT ?s {{ ?s a {kind} FILTER(STRSTARTS(STR(?s), "{ID}")) }} ORDER BY ?s LIMIT 1'
        ).rows
        found += [row[0].value for row in rows if isinstance(row[0], ox.NamedNode)]
    return sorted(set(found))


def test_a_thing_of_every_class(served: Served, things: list[str]) -> None:
    assert len({thing.removeprefix(ID).split("/")[0] for thing in things}) >= 10
    for thing in things:
        path = "/" + thing.removeprefix(BASE)
        first = served.client.get(path, headers=HTML)
        assert (first.status_code, first.headers["location"]) == (303, f"/doc{path}")
        page = served.client.get(first.headers["location"], headers=HTML)
        assert page.status_code == 200 and thing in page.text
        data = served.client.get(f"/doc{path}", headers={"accept": "application/n-triples"})
        assert any(line.startswith(f"<{thing}> ") for line in data.text.splitlines())


@pytest.mark.parametrize(
    ("accept", "kind", "syntax"),
    [
        ("text/turtle", "text/turtle; charset=utf-8", "turtle"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("application/n-triples", "application/n-triples", "nt"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
    ],
)
@pytest.mark.parametrize("path", ["/doc/id/region/CN", "/ns", "/ns?term=Gap", "/graph/source/regions", "/core"])
def test_data(served: Served, path: str, accept: str, kind: str, syntax: str) -> None:
    answer = served.client.get(path, headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["access-control-allow-origin"] == "*"
    graph = Graph().parse(data=answer.text, format=syntax)
    subject = {"/ns": ICSC + "Gap", "/ns?term=Gap": ICSC + "Gap"}.get(path, BASE + path.removeprefix("/doc")[1:])
    assert (URIRef(subject), None, None) in graph


def test_a_page_says_what_where_from_and_when(served: Served) -> None:
    page = served.client.get("/doc/id/region/CN", headers=HTML)
    assert "China" in page.text and "<time" in page.text
    assert re.search(
        r'class="source"><a href="/graph/source/regions">[^<]+</a>, <time datetime="\d{4}-\d\d-\d\d"', page.text
    )
    parsed = _Page(page.text)
    # Links inside the graph stay on this server; nothing is loaded from anywhere.
    assert not [link for link in parsed.links if link.startswith(BASE)]
    assert any(link.startswith("/id/region/") for link in parsed.links) and not parsed.loads
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_languages(served: Served) -> None:
    english = served.client.get("/doc/id/region/CN", headers={**HTML, "accept-language": "en-GB,zh;q=0.5"})
    chinese = served.client.get("/doc/id/region/CN", headers={**HTML, "accept-language": "zh-CN,en;q=0.5"})
    asked = served.client.get("/doc/id/region/CN?lang=zh", headers={**HTML, "accept-language": "en"})
    assert (_Page(english.text).lang, _Page(chinese.text).lang) == ("en", "zh-Hans")
    assert "<h1>China</h1>" in english.text and "<h1>中国</h1>" in chinese.text
    assert "<h1>中国</h1>" in asked.text and asked.headers["content-language"] == "zh-Hans"


def test_pages_of_incoming_links_hold_each_once(served: Served) -> None:
    target = ID + "region/CN"
    total = served.live.graph.store.query(
        f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?g ?s ?p {{ GRAPH ?g {{ ?s ?p <{target}> }} }} }}"
    ).rows[0][0]
    assert isinstance(total, ox.Literal) and int(total.value) > 100
    seen: list[str] = []
    number = 0
    more = True
    while more:
        number += 1
        text = served.client.get(f"/doc/id/region/CN?in={number}", headers=HTML).text
        part = text[text.index('id="incoming"') :]
        for row in part.split("<tr>")[2:]:
            seen += re.findall(r'<td><a href="([^"]+)"', row) * row.count('<a href="/graph/')
        more = f"in={number + 1}#incoming" in part
    assert number > 2 and len(seen) == int(total.value)


def test_terms_of_the_ontology_can_be_jumped_to(served: Served) -> None:
    text = served.client.get("/ns", headers=HTML).text
    assert 'id="Gap"' in text and 'id="requiresInput"' in text
    named = served.live.graph.store.query(
        f'SELECT DISTINCT ?t {{ GRAPH <{BASE}graph/ontology> {{ ?t a ?k FILTER(STRSTARTS(STR(?t), "{ICSC}")) }} }}'
    ).rows
    ids = set(re.findall(r'<section class="term" id="([^"]+)"', text))
    assert {row[0].value.removeprefix(ICSC) for row in named if isinstance(row[0], ox.NamedNode)} <= ids


@pytest.mark.parametrize(
    "path", ["/doc/id/region/CNN", "/doc/id/nosuchkind/x", "/ns?term=Gapp", "/graph/source/regionz"]
)
def test_what_is_not_there(served: Served, path: str) -> None:
    page = served.client.get(path, headers=HTML)
    assert page.status_code == 404 and page.headers["content-type"].startswith("text/html")
    data = served.client.get(path, headers={"accept": "text/turtle"})
    assert data.status_code == 404 and data.headers["content-type"] == "application/problem+json"
    near = {"/doc/id/region/CNN": "/id/region/CN", "/ns?term=Gapp": "/ns?term=Gap"}.get(path)
    assert near is None or f'href="{near}"' in page.text


def test_bad_formats(served: Served) -> None:
    assert served.client.get("/doc/id/region/CN", headers={"accept": "image/png"}).status_code == 406
    assert served.client.get("/doc/id/region/CN?format=docx").status_code == 400


def test_nothing_in_a_url_becomes_part_of_a_query_or_a_page(served: Served) -> None:
    for path in ("/doc/id/%3E%20%3Fp%20%3Fo%20%7D%23", "/doc/id/x>%20?y", "/doc/id/<script>alert(1)</script>"):
        page = served.client.get(path, headers=HTML)
        assert page.status_code == 404 and "<script" not in page.text


def test_void(served: Served) -> None:
    answer = served.client.get("/.well-known/void")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    graph = Graph().parse(data=answer.text, format="turtle")
    void = "http://rdfs.org/ns/void#"
    assert (None, URIRef(void + "sparqlEndpoint"), URIRef(f"{served.url}/sparql")) in graph
    subsets = {str(node) for node in graph.objects(None, URIRef(void + "subset"))}
    assert subsets == {f"{BASE}graph/source/{name}" for name in served.live.release.manifest["sources"]}
    dumps = [str(node) for node in graph.objects(None, URIRef(void + "dataDump"))]
    assert len(dumps) == len(served.live.release.manifest["dumps"])
    for dump in dumps:
        assert served.client.head(dump).status_code == 200


def test_dumps(served: Served) -> None:
    name = "source-regions.nq"
    answer = served.client.get(f"/dumps/{name}")
    assert answer.content == (served.live.release.path / "dumps" / name).read_bytes()
    assert answer.headers["content-type"] == "application/n-quads"
    for path in ("/dumps/nothing.nq", "/dumps/..%2Fmanifest.json", "/dumps/%2Fetc%2Fpasswd"):
        assert served.client.get(path).status_code == 404


def test_terms_of_other_vocabularies_have_names(served: Served) -> None:
    text = served.client.get("/doc/id/chain/modern-textile?lang=zh", headers={"Accept": "text/html"}).text
    facts = text[text.index('id="facts"') :]
    assert ">类型</a>" in facts and ">名称</a>" in facts and '<th scope="col">属性</th>' in facts
    assert ">type</a>" not in facts and ">label</a>" not in facts
    assert (
        ">name</a>" in served.client.get("/doc/id/chain/modern-textile?lang=en", headers={"Accept": "text/html"}).text
    )


def test_a_thing_leads_to_what_can_be_asked_about_it(served: Served) -> None:
    text = served.client.get("/doc/id/org/zj/futong?lang=zh", headers={"Accept": "text/html"}).text
    asked = re.findall(r'<a href="(/ask\?question=[^"]+)">([^<]+)</a>', text[: text.index('id="facts"')])
    assert any("question=firm&" in to.replace("&amp;", "&") for to, _ in asked)
    form = served.client.get(asked[0][0].replace("&amp;", "&"))
    assert form.status_code == 200 and 'value="富通集团"' in form.text
    assert "/ask?question" not in served.client.get("/doc/ns?term=Gap", headers={"Accept": "text/html"}).text


def test_what_may_have_been_meant_is_named_in_the_language_of_the_page(served: Served) -> None:
    for lang, name in (("zh", "中国"), ("en", "China")):
        text = served.client.get(f"/doc/id/region/CNN?lang={lang}", headers={"Accept": "text/html"}).text
        assert f'/id/region/CN">{name}</a>' in text


def test_a_day_is_no_second() -> None:
    stamp = ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
    day, second = (
        _fact(ox.Literal(text, datatype=stamp), {}, ()) for text in ("2006-11-16T00:00:00Z", "2006-11-16T01:00:00Z")
    )
    assert (day.text, day.datatype) == ("2006-11-16", "") and second.text == "2006-11-16T01:00:00Z"


SLOW = QueryFailedError.timed_out(2).as_error()


@pytest.mark.parametrize("path", ["/doc/id/org/zj/futong", "/ns", "/graph/source/zhejiang"])
def test_a_document_that_takes_too_long_is_a_page_in_a_browser(
    served: Served, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise SLOW

    for name in ("page_of", "statements_of", "labels_of"):
        monkeypatch.setattr(linked_data, name, fail)
    for lang, title, words in (("zh", "未能给出结果", "查询超过 2 秒，已停止"), ("en", "No answer", "longer than 2 s")):
        answer = served.client.get(f"{path}?lang={lang}", headers=HTML)
        assert answer.status_code == 504 and answer.headers["content-type"].startswith("text/html")
        assert f"<h1>{title}</h1>" in answer.text and words in answer.text and path in answer.text
        # A document has no parameters that could be bound.
        assert "请填写参数" not in answer.text and "Bind a parameter" not in answer.text
        assert 'href="/explore?lang=' in answer.text and answer.headers["cache-control"] == "no-store"
    if path != "/ns":
        data = served.client.get(path, headers={"accept": "text/turtle"})
        assert data.status_code == 504 and data.headers["content-type"] == "application/problem+json"
        named = served.client.get(f"{path}?format=ttl", headers=HTML)
        assert named.headers["content-type"] == "application/problem+json"


def test_too_busy_a_document_says_when_to_come_back(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise QueryFailedError.busy().as_error()

    monkeypatch.setattr(linked_data, "page_of", fail)
    answer = served.client.get("/doc/id/org/zj/futong?lang=zh", headers=HTML)
    assert answer.status_code == 503 and answer.headers["retry-after"] == "2" and "请稍后再试" in answer.text


def test_a_problem_lists_what_may_have_been_meant(served: Served) -> None:
    found = served.client.get("/doc/id/region/CNN", headers={"accept": "text/turtle"}).json()
    assert found["status"] == 404 and f"{ID}region/CN" in found["choices"]
