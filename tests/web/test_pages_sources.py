"""The page of the data: licences by name, and why rows were rejected, in the page's language."""

from __future__ import annotations

import html

import pytest

from kg.web.pages.data import _reasons
from kg.web.pages.licences import licence_parts
from tests.web.conftest import Served

CC = "https://creativecommons.org/"


@pytest.mark.parametrize(
    ("licence", "english", "chinese"),
    [
        (
            f"{CC}licenses/by-nc/4.0/",
            "CC BY-NC 4.0 (attribution, non-commercial)",
            "CC BY-NC 4.0（署名、非商业性使用）",
        ),
        (f"{CC}licenses/by/4.0/legalcode", "CC BY 4.0 (attribution)", "CC BY 4.0（署名）"),
        (f"{CC}publicdomain/zero/1.0/", "CC0 1.0 (no rights reserved)", "CC0 1.0（放弃权利）"),
        ("https://opensource.org/licenses/mit/", "MIT", "MIT"),
        ("https://example.org/licence", "https://example.org/licence", "https://example.org/licence"),
    ],
)
def test_an_address_is_called_by_the_name_of_the_licence(licence: str, english: str, chinese: str) -> None:
    assert licence_parts(licence, "en") == [(english, licence, False)]
    assert licence_parts(licence, "zh") == [(chinese, licence, False)]


def test_names_in_a_text_lead_to_their_licences() -> None:
    parts = licence_parts("MIT; GeoNames data CC BY 4.0", "zh")
    assert parts == [
        ("MIT", "https://opensource.org/licenses/MIT", False),
        ("; GeoNames data ", "", True),
        ("CC BY 4.0", f"{CC}licenses/by/4.0/", False),
    ]
    assert (
        licence_parts("Repository Apache-2.0; see there", "en")[1][1] == "https://www.apache.org/licenses/LICENSE-2.0"
    )
    # Nothing that only looks like a name.
    for prose in ("None stated", "MITRE terms", "SUMMIT", "CC BY", ""):
        assert all(not to for _, to, _ in licence_parts(prose, "zh"))
        assert "".join(text for text, _, _ in licence_parts(prose, "zh")) == prose


def test_the_page_names_licences_and_leads_to_them(served: Served) -> None:
    text = html.unescape(served.client.get("/data?lang=zh").text)
    assert f'<a href="{CC}licenses/by-nc/4.0/">CC BY-NC 4.0（署名、非商业性使用）</a>' in text
    assert f">{CC}" not in text


def test_reasons_are_said_in_the_language_of_the_page() -> None:
    reasons = {"required, but empty": 1200, "malformed: should match [0-9]+": 3, "left out by x.sql": 2, "odd one": 1}
    source = {"mappings": {"x": {"reasons": reasons}}}
    assert [reason for _, reason, _, _ in _reasons(source, "en")] == list(reasons)
    assert _reasons(source, "zh") == [
        ("x", "必填项为空", False, 1200),
        ("x", "格式有误，应符合 [0-9]+", False, 3),
        ("x", "x.sql 未选入", False, 2),
        ("x", "odd one", True, 1),
    ]


def test_the_frame_of_the_reasons_is_chinese(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    source = next(iter(served.live.release.manifest["sources"].values()))
    monkeypatch.setitem(source["rows"], "rejected", 1201)
    mapping = next(iter(source["mappings"]))
    monkeypatch.setitem(source["mappings"][mapping], "reasons", {"required, but empty": 1200, "odd one": 1})
    text = html.unescape(served.client.get("/data?lang=zh").text)
    assert f"{mapping}（1,200 行）：<span>必填项为空</span>" in text
    assert f'{mapping}（1 行）：<span lang="en">odd one</span>' in text and "尚无中文者照录英文" in text
    english = html.unescape(served.client.get("/data?lang=en").text)
    assert f"{mapping} (1,200 rows): <span>required, but empty</span>" in english and 'lang="en">odd' not in english
