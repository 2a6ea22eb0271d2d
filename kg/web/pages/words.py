"""The words of the pages, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["page_words"]

_WORDS: Final = {
    "name": ("Industrial chain knowledge graph", "产业链知识图谱"),
    "skip": ("To the content", "跳到正文"),
    "overview": ("Overview", "总览"),
    "chain": ("Chain", "产业链"),
    "necks": ("Necks", "卡脖子"),
    "partners": ("Partners", "补链伙伴"),
    "linkage": ("Linkage", "产业联动"),
    "scenario": ("What if", "情景推演"),
    "region_map": ("Map", "地图"),
    "explore": ("Explore", "检索"),
    "ask": ("Questions", "问题库"),
    "query": ("SPARQL", "SPARQL"),
    "sources": ("Data", "数据"),
    "region": ("Region", "区域"),
    "as_of": ("As of", "截至日期"),
    "min_confidence": ("Confidence at least", "最低置信度"),
    "input": ("Input", "投入"),
    "gap": ("Gap", "断点"),
    "show": ("Show", "查看"),
    "inputs": ("Needed inputs", "所需投入"),
    "met": ("met", "满足"),
    "insufficient": ("insufficient", "不足"),
    "single-source": ("single source", "单一来源"),
    "absent": ("absent", "缺失"),
    "unknown": ("unknown", "未知"),
    "surveyed": ("Surveyed", "已调查"),
    "coverage": ("Coverage", "覆盖率"),
    "coverage_note": (
        "Coverage is the part of the needed inputs that the region has; where inputs are unknown it lies between two"
        " bounds. Unknown is not absent: nobody has looked.",
        "覆盖率是区域具备的所需投入的比例；有未知投入时给出上下界。“未知”不等于“缺失”：只是尚无人调查。",
    ),
    "no_coverage": (
        "Of these chains no needed input is known there yet:",
        "以下产业链在该区域尚无已知的所需投入：",
    ),
    "overview_of": ("The chains in", "各产业链在"),
    "sources_of": ("Sources of this release", "本版本的数据来源"),
    "release": ("Release", "版本"),
    "fishbone": ("Fishbone", "鱼骨图"),
    "fishbone_note": (
        "The spine is the longest path of links; ribs join it where they lead to. Every mark is a needed input: choose"
        " one to see why it is a gap and who could close it.",
        "主骨为最长的环节路径，鱼刺在其通向的环节处汇入。每个标记是一项所需投入：点击查看成因与可补链者。",
    ),
    "stage": ("Stage", "阶段"),
    "link": ("Link", "环节"),
    "status": ("Status", "状态"),
    "reason": ("Why", "成因"),
    "measure": ("Measure", "措施"),
    "source": ("Source", "来源"),
    "evidence": ("Evidence", "依据"),
    "nearest_ring": ("Nearest ring with a provider", "最近可得的圈层"),
    "providers": ("Providers", "供给者数"),
    "candidates": ("Who could close it", "谁可以补链"),
    "no_candidates": (
        "No source of this release names anyone who makes or could make it.",
        "本版本的来源中没有提到能够生产它的主体。",
    ),
    "candidate": ("Candidate", "候选者"),
    "kind": ("Kind", "类别"),
    "ring": ("Ring", "圈层"),
    "distance": ("km", "公里"),
    "capability": ("Capability", "能力"),
    "score": ("Score", "得分"),
    "weights": ("Weights", "权重"),
    "concentration": ("Concentration", "集中度"),
    "dependence": ("Foreign dependence", "对外依赖"),
    "reach": ("Reach", "下游影响"),
    "holders": ("Holders and shares", "掌握者与份额"),
    "top_holder": ("Largest holder", "最大掌握者"),
    "domestic": ("Domestic share", "国内份额"),
    "stated": ("As a source says", "来源表述"),
    "necks_note": (
        "An empty score: the domestic share is not known, so that there are only bounds.",
        "得分为空：国内份额未知，只能给出上下界。",
    ),
    "from": ("From", "从"),
    "to": ("To", "到"),
    "intensity": ("Intensity", "强度"),
    "linkage_note": (
        "Expected from where providers and takers are; not a measured flow.",
        "由供给者与需求者的分布推算，并非实测流量。",
    ),
    "without": ("Without", "假如没有"),
    "without_hint": (
        "Firms, regions or countries, separated by semicolons: ASML; 台湾",
        "企业、区域或国家，用分号分隔：ASML; 台湾",
    ),
    "summary": ("Summary", "概要"),
    "search": ("Name or part of it", "名称或其一部分"),
    "found": ("Found", "结果"),
    "nothing": ("Nothing in this release matches.", "本版本中没有匹配的内容。"),
    "nothing_hint": (
        "More sources may answer: put their files into one folder and run kg build --data FOLDER; the data page lists"
        " what is loaded.",
        "加载更多来源后或可回答：将其文件放入同一文件夹，运行 kg build --data 文件夹；“数据”页列出已加载的来源。",
    ),
    "export": ("Export", "导出"),
    "truncated": ("Only the first rows are shown", "仅显示前若干行"),
    "rows": ("rows", "行"),
    "rows_read": ("Rows read", "读取行数"),
    "loaded": ("Loaded", "载入"),
    "rejected": ("Rejected", "拒绝"),
    "triples": ("Triples", "三元组"),
    "licence": ("Licence", "许可"),
    "quality": ("Quality report", "质量报告"),
    "downloads": ("Downloads", "下载"),
    "run": ("Run", "运行"),
    "examples": ("Examples: the question library", "示例：问题库"),
    "map_note": (
        "Size and darkness of a circle: part of the chain's needed inputs that the region has.",
        "圆的大小与深浅：区域具备的该链所需投入的比例。",
    ),
    "points": ("Provinces by their seats", "各省（按省会位置）"),
}


def page_words(lang: str) -> Mapping[str, str]:
    """Every word in one language.

    Args:
        lang: `zh` or `en`.
    """
    index = 1 if lang == "zh" else 0
    return {name: pair[index] for name, pair in _WORDS.items()}
