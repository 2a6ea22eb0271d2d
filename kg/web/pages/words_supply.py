"""The words of the pages of necks, partners and what-if, in English and Chinese."""

from __future__ import annotations

from typing import Final

__all__ = ["SUPPLY"]

SUPPLY: Final = {
    "choose_gap": (
        "Choose a gap, or name an input: the table lists who could close or provide it, and how near they are.",
        "请选择断点或填写投入：表中列出可补链或可供给者及其远近。",
    ),
    "no_candidates": (
        "No source of this release names anyone who makes or could make it.",
        "本版本的来源中没有提到能够生产它的主体。",
    ),
    "candidate": ("Candidate", "候选者"),
    "kind": ("Kind", "类别"),
    "ring": ("Ring", "圈层"),
    "distance": ("km", "公里"),
    "capability": ("Capability", "能力"),
    "proximity": ("Proximity", "邻近"),
    "confidence": ("Confidence", "置信"),
    "score": ("Score", "得分"),
    "rank": ("Order", "排序"),
    "rank_own": ("by score", "按得分"),
    "rank_topsis": ("by closeness to the best (TOPSIS)", "按与最优的贴近度（TOPSIS）"),
    "rank_note": (
        "Closeness is 1 for who is best in every criterion and 0 for who is worst in every one; of whom a criterion is"
        " not known has none and comes last.",
        "贴近度：各项均为最优者为 1，均为最劣者为 0；有一项未知者没有贴近度，排在最后。",
    ),
    "weights_note": (
        "Weights need not add up to 1. Proximity counts only with a region. The address of this page holds them all.",
        "权重之和不必为 1；邻近仅在填写区域后计入。本页网址包含全部设定，可直接转发。",
    ),
    "one_decides": (
        "Only one criterion tells these candidates apart here: {criterion}. Closeness says no more than that: 1 is the"
        " best in it, 0 the worst. All others are equal or not known, or weigh nothing.",
        "此处只有一项准则能区分候选者：{criterion}。贴近度仅反映该项：最优者为 1，最劣者为 0；"
        "其余准则各候选者相同、未知或权重为 0。",
    ),
    "none_decides": (
        "No criterion tells these candidates apart here: closeness says nothing.",
        "此处没有准则能区分候选者：贴近度不说明任何差别。",
    ),
    "partners_for": ("Partners for {what}", "“{what}”的补链伙伴"),
    "partners_for_in": ("Partners for {what} in {where}", "{where}“{what}”的补链伙伴"),
    "unplaced": (
        "Not on the map, as no finer place than this is known of them:",
        "以下候选者的所在地只知到此范围，未在地图上标出：",
    ),
    "nowhere_known": ("nothing known", "所在地未知"),
    "rank_more": ("Other weights, or another order", "调整权重或排序方式"),
    "weights": ("Weights", "权重"),
    "concentration": ("Concentration", "集中度"),
    "dependence": ("Foreign dependence", "对外依赖"),
    "reach": ("Reach", "下游影响"),
    "holders": ("Holders and shares", "掌握者与份额"),
    "top_holder": ("Largest holder", "最大掌握者"),
    "domestic": ("Domestic share", "国内份额"),
    "stated": ("As a source says", "来源表述"),
    "necks_note": (
        "Two numbers as a score: not all shares are known, it lies between. Rows are in order of the lower one.",
        "得分为两个数：份额不全，实际值介于其间；按较低者排序。",
    ),
    "necks_of": ("What has the {chain} by the neck", "{chain}：卡脖子"),
    "drawn_first": (
        "Drawn are the first {drawn} of the {barred} inputs whose holders' shares are known, of {total} inputs in all",
        "图中为份额已知的 {barred} 项投入中的前 {drawn} 项；投入共 {total} 项",
    ),
    "drawn_rows": ("Drawn are the first {drawn} of {total} rows", "图中为前 {drawn} 行，共 {total} 行"),
    "all_below": ("all in the table below", "全部见下表"),
    "without": ("Without", "假如没有"),
    "without_whom": ("Without {names}", "假如没有{names}"),
    "last_there": ("in the region", "本区域"),
    "last_anywhere": ("anywhere", "任何地方"),
    "told_gone": (
        "Known providers that go: {gone}, with {offers} offers.",
        "被移除的已知供给者 {gone} 家，涉及供给项 {offers} 项。",
    ),
    "told_lost": (
        "Inputs that lose a provider: {lost}; of these {last} lose the last one known {place}.",
        "失去供给者的投入 {lost} 项，其中 {last} 项失去{place}已知的最后供给者。",
    ),
    "told_gaps": (
        "Gaps that open: {gaps}, within what was surveyed ({scopes}): surveys have looked and name nobody else.",
        "新增断点 {gaps} 项：仅就调查范围（{scopes}）而言，已有调查，且未列出其他供给者。",
    ),
    "no_gaps": ("Gaps that are known to open: none.", "已知新增的断点：无。"),
    "told_unknown": (
        "Inputs of which nothing is known then: {unknown}. No complete survey has looked for others who provide them,"
        " or somebody provides something wider that may include them. They are unknown, not gaps.",
        "此后情况未知的投入 {unknown} 项：没有完整的调查查找过其他供给者，或有人供给更宽泛、可能包括该投入的产品。"
        "它们为未知，而非断点。",
    ),
    "told_unneeded": (
        "Of these unknown ones, {unneeded} are needed by no chain that was looked at.",
        "这些未知投入中，有 {unneeded} 项不为所考察的任何产业链所需。",
    ),
    "told_hit": (
        "Others that are hit: {hit}. Of all providers' production {low} to {high} % is lost, each counting the same.",
        "受影响的其他主体 {hit} 家；全部供给者的产出损失 {low}% 至 {high}%（各家等权）。",
    ),
    "worst_gaps": ("The gravest gaps, by known providers lost", "最严重的断点（后为失去的已知供给者数）"),
    "worst_unknown": (
        "Needed inputs of which nothing is known then, by known providers lost",
        "所需而此后情况未知的投入（后为失去的已知供给者数）",
    ),
    "hardest_hit": ("Hit hardest, with the part of their production", "受影响最重者（后为产出损失）"),
    "without_hint": (
        "Firms, regions or countries, separated by semicolons: ASML; 台湾",
        "企业、区域或国家，用分号分隔：ASML; 台湾",
    ),
    "hit_note": (
        "The loss lies between two bounds, as few sources say which inputs are essential: low, if the input that"
        " fails is one among all that are taken; high, if nothing goes without it. The path is the shortest from what"
        " is gone, in turn a supplier and what it supplies. Firms meet in markets: a supplier is one who offers the"
        " input, not always one from whom the firm is known to buy.",
        "多数来源未说明哪些投入不可或缺，故损失给出上下界：下界视所缺投入为全部投入之一，上界视其为不可或缺。"
        "受影响路径为距被移除者最短的路径，依次为供给者及其所供投入；企业经市场相连，供给者指提供该投入者，"
        "未必已知为其实际供应商。",
    ),
    "tiers": ("How many are hit at each tier from the removed", "距移除者各层级受影响的数量"),
    "share_scenario": (
        "The address of this page holds the scenario: send it on. The release itself is not changed.",
        "本页网址即包含该情景，可直接转发；版本本身不受影响。",
    ),
}
