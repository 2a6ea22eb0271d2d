"""The words of the page of a chain, in English and Chinese."""

from __future__ import annotations

from typing import Final

__all__ = ["CHAIN"]

CHAIN: Final = {
    "chain_in": ("{chain}, {region}", "{chain}（{region}）"),
    "fishbone": ("Fishbone", "鱼骨图"),
    "fishbone_note": (
        "The spine is the longest path of links; ribs join it where they lead to. Every mark is a needed input: choose"
        " one to see why it is a gap and who could close it.",
        "主骨为最长的环节路径，鱼刺在其通向的环节处汇入。每个标记是一项所需投入：点击查看成因与可补链者。",
    ),
    "closing": ("At which ring the needs close", "需求在哪一圈层闭合"),
    "closing_note": (
        "How many of the needed inputs can be had within each ring, together with what they take in turn; what nobody"
        " has looked for, or not well enough, is unknown, so that the part lies between two bounds.",
        "各圈层内连同其上游投入一并可得的所需投入数；无人调查或调查不足以判定者为未知，故比例介于上下界之间。",
    ),
    "feasible": ("Can be had", "可得"),
    "closes": ("Of these not nearer", "其中更近处不可得"),
    "breaks": ("Breakpoints", "断点"),
    "breaks_note": (
        "Needed inputs that cannot be had within the region, those known to break first; unknown is not a break:"
        " nobody has looked, or not well enough to tell. A break holds within what was surveyed, such as listed firms"
        " alone.",
        "区域内无法获得的所需投入，已知断裂者在前；“未知”并非断点：尚无人调查，或调查不足以判定。"
        "断点只就调查范围而言（例如仅限上市公司）。",
    ),
    "as_released": (
        "Computed with the release: date and confidence do not change it.",
        "随版本计算：日期与置信度不影响此处。",
    ),
    "no_breaks": ("Every needed input can be had within the region.", "所有所需投入均可在区域内获得。"),
    "breakpoint": ("breakpoint", "断裂"),
    "held up": ("held up", "受阻"),
    "because": ("Because", "原因"),
    "takes": ("takes {names}, which breaks here", "其上游投入断裂：{names}"),
    "of_taken": ("{name}: {why}", "{name}——{why}"),
    "itself": ("looked for here and not found, or not enough", "经调查缺失或不足"),
    "found_none": ("no provider in {region} is named by {surveys}", "{region}：{surveys}未列出供给者"),
    "survey_of": ("a {completeness} survey of {scope} ({how})", "对{scope}的{completeness}调查（{how}）"),
    "survey": ("{completeness} survey of {scope}", "对{scope}的{completeness}调查"),
    "of_source": ("source: {source}", "来源：{source}"),
    "besides": ("; ", "；"),
    "between": (", ", "，"),
    "stated_by": ("as a source states: {source}", "来源的陈述：{source}"),
    "surveys_behind": (
        "“Absent” says no more than that these surveys name no provider, or that a source states it; others"
        " may provide it:",
        "“缺失”仅指以下调查未列出供给者，或来源如此陈述；调查范围之外可能有供给者：",
    ),
    "no_surveys": (
        "No survey of this release has looked there: what is absent is so in the words of a source.",
        "本版本没有对该区域的调查：凡称“缺失”，均为来源的陈述。",
    ),
    "of_inputs": (
        "looked for {surveyed} of the {inputs} needed inputs",
        "所需 {inputs} 项投入中调查了 {surveyed} 项",
    ),
    "of_chains": ("number of chains: {number}", "涉及产业链 {number} 条"),
    "of_places": ("number of regions: {number}", "涉及区域 {number} 个"),
    "waits": ("takes something of which nobody knows", "其上游投入未知"),
    "unlooked": ("nobody has looked for it here, or not well enough to tell", "尚无人调查，或调查不足以判定"),
    "to_ask": ("Whom to ask", "可询问的企业"),
    "to_ask_note": (
        "They provide something wider here, which may include this input. Until somebody asks, it is unknown and not"
        " absent.",
        "以下企业在此供给更宽泛的投入，其中可能包括该投入。询问之前，该投入为未知，而非缺失。",
    ),
    "asked": ("Firm", "企业"),
    "wider": ("Provides", "供给"),
    "revenue_share": ("Part of its revenue", "占其营收"),
    "closes_at": ("Closes at", "可闭合于"),
    "nowhere": ("nowhere that is known", "已知范围内无处可闭合"),
    "coverage_as_released": (
        "Coverage and breakpoints were computed with the release: date and confidence change the table alone.",
        "覆盖率与断点随版本计算：日期与置信度只影响该表。",
    ),
    "through": ("takes something that breaks here", "其上游投入断裂"),
    "figures": (
        "How the figures of this page go together: {inputs} inputs are needed. The table of needed inputs has {rows}"
        " rows, as an input has one for every link that needs it, and another where a source speaks of a part of the"
        " region. Counted once each, as coverage does, {met} are met (of these {single_source} from a single source),"
        " {insufficient} insufficient, {absent} absent and {unknown} unknown. Breakpoints: {broken}, which are the"
        " {missing} absent or insufficient ones and {through} that are met here but take an input that breaks.",
        "本页数字的关系：共需 {inputs} 项投入。“所需投入”表有 {rows} 行：一项投入每被一个环节需要即占一行，"
        "来源另就区域某一部分作说明的再占一行。"
        "覆盖率每项投入只计一次：满足 {met}（含单一来源 {single_source}）、不足 {insufficient}、缺失 {absent}、"
        "未知 {unknown}。"
        "断点 {broken} 项，即缺失或不足的 {missing} 项，加上本地虽有、但其上游投入断裂的 {through} 项。",
    ),
}
