"""The words of the linked-data pages, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["words"]

_WORDS: Final = {
    "also": ("Also called", "又名"),
    "data": ("As data", "数据格式"),
    "definition": ("Definition", "定义"),
    "domain": ("Subject", "主体"),
    "download": ("Download", "下载"),
    "downloads": ("Downloads", "下载"),
    "endpoint": ("SPARQL endpoint", "SPARQL 端点"),
    "facts": ("What is known", "已知事实"),
    "graph": ("Neighbourhood as a graph", "关联图"),
    "incoming": ("What refers to it", "被引用"),
    "kind": ("Kind", "类型"),
    "language": ("中文", "English"),
    "missing": ("Not in this release", "本版本中没有"),
    "missing_text": ("Nothing in this release has this name:", "本版本中没有以此为名的内容："),
    "near": ("Did you mean", "您是否要找"),
    "next": ("More", "更多"),
    "none": ("Nothing is stated of it.", "没有关于它的陈述。"),
    "previous": ("Back", "返回"),
    "questions": ("Questions", "问题"),
    "range": ("Value", "取值"),
    "release": ("Release", "版本"),
    "source": ("Source, date", "来源与日期"),
    "sources": ("Sources", "来源"),
    "start": ("Industrial chain knowledge graph", "产业链知识图谱"),
    "terms": ("Terms of the ontology", "本体术语"),
    "value": ("Value", "值"),
    "wider": ("Kind of", "上位"),
}


def words(lang: str) -> Mapping[str, str]:
    """Every word in one language.

    Args:
        lang: `zh` or `en`.
    """
    index = 1 if lang == "zh" else 0
    return {name: pair[index] for name, pair in _WORDS.items()}
