"""The library's questions over HTTP."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest

from kg.graph import Graph
from tests.web.conftest import Served

WANTED = {"chain": "modern-textile", "region": "绍兴市"}


def test_list(served: Served, embedded: Graph) -> None:
    body = served.client.get("/api/questions").json()
    assert body["release"] == served.live.release.id
    assert {question["name"] for question in body["questions"]} == set(embedded.questions())
    gaps = next(question for question in body["questions"] if question["name"] == "gaps")
    assert {"chain", "region", "as-of"} <= {parameter["name"] for parameter in gaps["parameters"]}


def test_openapi_comes_from_the_headers(served: Served, embedded: Graph) -> None:
    body = served.client.get("/openapi.json").json()
    for name, question in embedded.questions().items():
        operation = body["paths"][f"/api/questions/{name}"]["get"]
        assert operation["summary"] == question.summary
        named = {parameter["name"]: parameter for parameter in operation["parameters"]}
        assert {parameter.name for parameter in question.parameters} <= set(named)
        assert {"format", "limit", "lang"} <= set(named)
    gaps = {p["name"]: p["schema"] for p in body["paths"]["/api/questions/gaps"]["get"]["parameters"]}
    assert gaps["min-confidence"] == {"type": "number", "minimum": 0, "maximum": 1}
    assert gaps["as-of"]["format"] == "date"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_answer_is_that_of_the_library(served: Served, embedded: Graph, lang: str) -> None:
    body = served.client.get("/api/questions/gaps", params={**WANTED, "lang": lang}).json()
    frame = embedded.ask("gaps", lang=lang, **WANTED)
    assert len(body["rows"]) == len(frame) > 0 and body["truncated"] is False
    assert list(body["columns"]) == list(frame.columns)
    expected = [[None if pd.isna(value) else value for value in row] for row in frame.astype("object").values.tolist()]
    assert [list(row.values()) for row in body["rows"]] == expected


def test_language_from_the_header(served: Served) -> None:
    answer = served.client.get("/api/questions/gaps", params=WANTED, headers={"accept-language": "zh-CN"})
    assert answer.json()["lang"] == "zh" and answer.json()["rows"][0]["chain"] == "现代纺织产业链"


def test_limit_marks_what_is_cut_off(served: Served) -> None:
    answer = served.client.get("/api/questions/gaps", params={**WANTED, "limit": 1})
    assert (len(answer.json()["rows"]), answer.json()["truncated"]) == (1, True)
    assert answer.headers["x-truncated"] == "true"
    assert served.client.get("/api/questions/gaps", params={**WANTED, "limit": 999}).headers["x-truncated"] == "false"


def test_files(served: Served, embedded: Graph) -> None:
    frame = embedded.ask("gaps", **WANTED)

    def get(format: str) -> bytes:
        answer = served.client.get("/api/questions/gaps", params={**WANTED, "format": format, "lang": "en"})
        assert answer.status_code == 200 and f"gaps.{format}" in answer.headers["content-disposition"]
        return answer.content

    assert len(pd.read_csv(io.BytesIO(get("csv")))) == len(frame)
    assert len(pd.read_excel(io.BytesIO(get("xlsx")))) == len(frame)
    assert len(pd.read_parquet(io.BytesIO(get("parquet")))) == len(frame)
    assert len(json.loads(get("geojson"))["features"]) == len(frame)


def test_format_from_the_header(served: Served) -> None:
    answer = served.client.get("/api/questions/gaps", params=WANTED, headers={"accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert served.client.get("/api/questions/gaps", headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("name", "parameters", "status", "words"),
    [
        ("gapz", {}, 404, "gaps"),
        ("gaps", {"chain": "modern textil"}, 400, "modern textile"),
        ("gaps", {"chains": "modern-textile"}, 400, "Did you mean"),
        ("gaps", {"min-confidence": "much"}, 400, "number"),
        ("gaps", {"min-confidence": "1.5"}, 400, "--min-confidence: '1.5' is outside its range, 0-1"),
        ("gaps", {"as-of": "yesterday"}, 400, "date"),
        ("gaps", {"limit": "-1"}, 400, "limit"),
        ("gaps", {"limit": "many"}, 400, "limit"),
        ("gaps", {"format": "docx"}, 400, "csv"),
        ("gaps", {"lang": "fr"}, 400, "zh"),
        ("gaps", {"chain": "> } #"}, 400, "chain"),
    ],
)
def test_problems(served: Served, name: str, parameters: dict[str, str], status: int, words: str) -> None:
    answer = served.client.get(f"/api/questions/{name}", params=parameters)
    body = answer.json()
    assert (answer.status_code, body["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in body["detail"] + body.get("hint", "")


def test_a_parameter_given_twice(served: Served) -> None:
    assert served.client.get("/api/questions/gaps?chain=a&chain=b").status_code == 400


def test_a_problem_has_the_iris_of_what_may_have_been_meant(served: Served) -> None:
    body = served.client.get("/api/questions/gaps", params={"chain": "textil"}).json()
    assert "https://w3id.org/icsc/id/chain/modern-textile" in body["choices"]
    assert all(served.client.get("/api/questions/gaps", params={"chain": iri}).is_success for iri in body["choices"])
    # Where nothing may have been meant, there is no such member.
    assert "choices" not in served.client.get("/api/questions/gaps", params={"as-of": "x"}).json()


def test_values_may_be_typed_in_full_width(served: Served) -> None:
    asked = {"chain": "modern-textile", "region": "绍兴", "format": "csv"}
    plain = {"status": "absent", "as-of": "2024-01-01", "min-confidence": "0.5"}
    wide = {"status": "ａｂｓｅｎｔ", "as-of": "２０２４－０１－０１", "min-confidence": "０．５"}
    expected = served.client.get("/api/questions/gaps", params={**asked, **plain})
    found = served.client.get("/api/questions/gaps", params={**asked, **wide})
    assert found.status_code == 200 and found.text == expected.text and len(found.text.splitlines()) > 1
    refused = served.client.get("/api/questions/gaps", params={**asked, "min-confidence": "１．５"})
    assert refused.status_code == 400 and "outside its range" in refused.json()["detail"]


def test_limits_of_every_question_may_be_typed_in_full_width(embedded: Graph) -> None:
    # A limit that takes nothing away: no part is made anew.
    part = embedded.select(min_confidence="０．０")
    assert part.release is not None and part.release.manifest["selection"]["min_confidence"] == 0


def test_a_fixed_value_may_be_typed_in_traditional_characters(served: Served) -> None:
    asked = {"chain": "modern-textile", "region": "绍兴", "format": "csv"}
    plain, other = (
        served.client.get("/api/questions/gaps", params={**asked, "status": status})
        for status in ("单一来源", "單一來源")
    )
    assert plain.status_code == other.status_code == 200 and plain.text == other.text
