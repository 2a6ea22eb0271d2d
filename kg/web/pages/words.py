"""The words of the pages, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kg.web.pages.words_chain import CHAIN
from kg.web.pages.words_linkage import LINKAGE
from kg.web.pages.words_supply import SUPPLY

__all__ = ["page_words"]

_WORDS: Final = {
    "name": ("Industrial chain knowledge graph", "产业链知识图谱"),
    "skip": ("To the content", "跳到正文"),
    "astray": ("There is no such page", "没有这个页面"),
    "astray_text": ("Nothing is kept at this address:", "该网址下没有内容："),
    "trouble": ("No answer", "未能给出结果"),
    "trouble_text": ("This document cannot be shown now:", "目前无法显示该文档："),
    "again": ("Try again", "重试"),
    "shown_without": ("What is shown below leaves it out.", "以下内容未采用该项。"),
    "onward": ("Where to go on", "可前往"),
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
        " bounds. Unknown is not absent: nobody has looked, or not well enough to tell. Absent holds within what was"
        " surveyed, such as listed firms alone: others may provide it.",
        "覆盖率是区域具备的所需投入的比例；有未知投入时给出上下界。“未知”不等于“缺失”：尚无人调查，或调查不足以判定。"
        "“缺失”只就调查范围而言（例如仅限上市公司）：范围之外可能有供给者。",
    ),
    "no_coverage": (
        "Of these chains no needed input is known there yet:",
        "以下产业链在该区域尚无已知的所需投入：",
    ),
    "overview_of": ("The chains in {region}", "{region}的产业链"),
    "sources_of": ("Sources of this release", "本版本的数据来源"),
    "release": ("Release", "版本"),
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
    "map_of": ("{indicator}: {chain}", "{chain}：{indicator}"),
    "linkage_of": ("Linkage along the {chain}", "{chain}的产业联动"),
    "from": ("From", "从"),
    "to": ("To", "到"),
    "intensity": ("Intensity", "强度"),
    "linkage_note": (
        "Expected from where providers and takers are; not a measured flow.",
        "由供给者与需求者的分布推算，并非实测流量。",
    ),
    "colon": (": ", "："),
    "comma": (", ", "、"),
    "on_page": ("On this page", "本页内容"),
    "first_of": ("{shown} of {total} rows, the first ones", "共 {total} 行，显示前 {shown} 行"),
    "whole": ("the whole answer", "完整结果"),
    "place": ("Place", "地区"),
    "nearest_here": ("Nearest provider here", "最近供给者在此"),
    "missing_own": ("Of these missing in the region", "其中本区域确认缺失"),
    "unlooked_own": ("Of these unknown in the region", "其中本区域未知"),
    "share": ("Share", "占比"),
    "had_up_to": ("Can be had up to here", "至此圈层可得"),
    "inputs_by_ring": ("Which inputs these are", "具体是哪些投入"),
    "here_status": ("In the region", "本区域状态"),
    "ring_region": ("the region itself", "本区域"),
    "ring_world": ("world", "全球"),
    "ring_none": ("no known provider", "无已知供给者"),
    "summary": ("Summary", "概要"),
    "thing": ("Thing", "事物"),
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
    "why_rejected": ("Why rows were rejected", "拒绝原因"),
    "rejected_as": ("{mapping} ({count} rows): ", "{mapping}（{count} 行）："),
    "reasons_english": (
        "The loading rules of each source say why.",
        "原因由各来源的载入规则写成；尚无中文者照录英文。",
    ),
    "triples": ("Triples", "三元组"),
    "licence": ("Licence", "许可"),
    "quality": ("Quality report", "质量报告"),
    "downloads": ("Downloads", "下载"),
    "run": ("Run", "运行"),
    "columns": ("What the columns hold", "各列的含义"),
    "examples": ("Examples: the question library", "示例：问题库"),
    "map_note": (
        "Choose a province to see the chain there. One without colour is not known, which is not none.",
        "点击省份查看该地的产业链。无颜色表示未知，而非没有。",
    ),
    "surveyed_note": ("surveyed: {share} %", "已调查 {share}%"),
    "map_grey": (
        "The less of the needed inputs somebody has looked for in a region, the greyer it is: there, few known gaps are"
        " not few gaps.",
        "某地已调查的投入越少，颜色越灰：在这些地方，已知断点少不等于断点少。",
    ),
    "points": (
        "No boundaries are loaded (source cn_regions): provinces are points at their seats.",
        "未加载边界（来源 cn_regions）：各省以省会位置的点表示。",
    ),
    "indicator": ("Indicator", "指标"),
    "i_coverage_low": ("Coverage, lower bound", "覆盖率下界"),
    "i_coverage_high": ("Coverage, upper bound", "覆盖率上界"),
    "i_surveyed_share": ("Part of the inputs surveyed", "已调查投入的比例"),
    "i_met": ("Inputs met", "满足的投入数"),
    "i_single_source": ("Inputs from a single source", "单一来源的投入数"),
    "i_insufficient": ("Inputs insufficient", "不足的投入数"),
    "i_absent": ("Inputs absent", "缺失的投入数"),
    "i_unknown": ("Inputs unknown", "未知的投入数"),
    "i_location_quotient": ("Location quotient", "区位商"),
    "i_enterprises": ("Known enterprises", "已知企业数"),
    "this_view": ("Link to this view", "本视图链接"),
    "rings": ("Look in", "查看圈层"),
    "city": ("city", "本市"),
    "province": ("province", "本省"),
    "zone": ("economic zone", "经济区"),
    "country": ("country", "全国"),
    "statement": ("statement", "原文陈述"),
    "matrix": ("From (rows) to (columns): intensity", "供给区域（行）到需求区域（列）的联动强度"),
    "network": (
        "The {drawn} strongest of {total} linkages between provinces; choose one to see what it gives",
        "省际联动 {total} 条中最强的 {drawn} 条；点击省份查看其供给",
    ),
    "neighbourhood": ("Neighbourhood", "关联图"),
    "neighbourhood_note": (
        "Choose a thing in the drawing, or ＋ in the table, to add its neighbours. What has no name is not drawn.",
        "点击图中事物或表中“＋”以加入其关联对象。没有名称的节点不绘制。",
    ),
    "graph": ("graph", "图"),
    "grow": ("Add the neighbours of", "加入关联对象"),
    "left_out": (
        "{name}: {number} more neighbours are not drawn; its own page lists them.",
        "{name}：另有 {number} 个关联对象未绘制，见其页面。",
    ),
    "graph_full": (
        "The graph stops here: it has the {number} things that it can show.",
        "图到此为止：已达到可显示的 {number} 个事物。",
    ),
    "graph_whole": ("All neighbours are drawn.", "所有关联对象均已绘制。"),
    "drawn_links": ("What is drawn", "图中的关联"),
    "link_of": ("Link", "关系"),
    "result": ("Result", "查询结果"),
    "result_as": ("Result as", "结果形式"),
    "v_table": ("table", "表格"),
    "v_chart": ("chart", "图表"),
    "v_graph": ("graph", "关系图"),
    "v_map": ("map", "地图"),
    "no_chart": (
        "A chart needs a column of names and a column of numbers.",
        "图表需要一列名称和一列数值。",
    ),
    "no_graph": (
        "A graph needs two columns of things (IRIs), or triples from CONSTRUCT.",
        "关系图需要两列事物（IRI），或 CONSTRUCT 得到的三元组。",
    ),
    "no_map": (
        "A map needs columns lat and long, or a column of regions whose place is known.",
        "地图需要 lat 与 long 两列，或一列已知位置的区域。",
    ),
    "editor_hint": ("Ctrl-Enter runs it, Ctrl-Space completes", "Ctrl-Enter 运行，Ctrl-Space 补全"),
    "severity": ("Severity", "级别"),
    "error": ("error", "错误"),
    "warning": ("warning", "警告"),
    "info": ("note", "提示"),
    "check": ("Check", "检查"),
    "findings": ("Findings", "发现数"),
    "example": ("Examples", "示例"),
    "no_findings": ("No check found anything.", "所有检查均未发现问题。"),
    "changes_since": ("What changed since another release", "与其他版本的差异"),
    "compare": ("Compare", "比较"),
    "compare_note": (
        "A difference may be the world's or only the source's: both sources stand beside it. Comparing takes seconds.",
        "差异可能来自现实，也可能仅来自数据来源，故并列双方来源。比较需要数秒。",
    ),
    "no_changes": ("The answers are the same.", "两个版本的答案相同。"),
    "no_others": ("There is no other release in this folder yet.", "该目录中尚无其他版本。"),
}


def page_words(lang: str) -> Mapping[str, str]:
    """Every word in one language.

    Args:
        lang: `zh` or `en`.
    """
    index = 1 if lang == "zh" else 0
    return {name: pair[index] for name, pair in (_WORDS | CHAIN | LINKAGE | SUPPLY).items()}
