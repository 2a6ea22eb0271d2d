"""The words of the page of linkage, in English and Chinese."""

from __future__ import annotations

from typing import Final

__all__ = ["LINKAGE"]

LINKAGE: Final = {
    "between_regions": ("Between regions", "区域之间"),
    "industries": ("Between industries", "行业之间"),
    "industries_note": (
        "The same linkage by the industries of the firms on both sides, strongest first; expected from where firms"
        " are, not measured trade.",
        "同一联动按两侧企业所属行业细分，强者在前；由企业分布推算，并非实测贸易。",
    ),
    "held": (
        "Linkages between known industries hold {held} % of all linkage of the chain; the rest is weak, or its firms"
        " have no known industry.",
        "行业间联动合计占该链全部联动的 {held}%；其余联动较弱，或企业行业未知。",
    ),
    "from_industry": ("From industry", "供给行业"),
    "to_industry": ("To industry", "需求行业"),
    "direction": ("Direction", "方向"),
    "forward": ("forward", "前向"),
    "backward": ("backward", "后向"),
    "horizontal": ("horizontal", "横向"),
    "two_way": ("two-way", "双向"),
    "within": ("within the region", "区域内"),
    "power": ("Forward and backward power", "前向与后向联动力"),
    "power_note": (
        "How much one unit that a province gives pushes the others (forward), or that it takes pulls them (backward);"
        " 1 is the average of the chain. It is no size: read it beside what the province gives and takes.",
        "某省每供出一单位对他省的推动（前向）、每获取一单位对他省的拉动（后向）；1 为该链平均。它不是规模："
        "须与供出、获取并读。",
    ),
    "powers": (
        "Forward against backward power; a point is as large as what the province gives and takes, and leads to its"
        " dependence",
        "前向与后向联动力；圆点大小为供出与获取之和，点击查看该省的依赖程度",
    ),
    "forward_power": ("Forward power", "前向联动力"),
    "backward_power": ("Backward power", "后向联动力"),
    "given": ("Gives", "供出"),
    "taken": ("Takes", "获取"),
    "inside": ("Of it to itself", "其中供给自身"),
    "of_chain": ("Gives, takes: % of all linkage of the chain", "供出、获取：占该链全部联动的百分比"),
    "dependence_of": ("Dependence of a region", "区域的对外依赖"),
    "depending": ("Dependence of", "查看谁的依赖"),
    "dependence_note": (
        "Each needed input counts at the nearest ring with a known provider: where it can come from, not where it is"
        " bought.",
        "每项所需投入计入最近的、有已知供给者的圈层：表示可以从何处获得，而非实际购自何处。",
    ),
    "depends": (
        "{region} depends on others for at least {low} % and at most {high} % of the needed inputs ({inputs} in all);"
        " what lies between is not known.",
        "该链所需的 {inputs} 项投入中，{region}至少有 {low}%、至多有 {high}% 依赖外部；两者之差未知。",
    ),
    "depends_known": (
        "{region} depends on others for {low} % of the needed inputs ({inputs} in all).",
        "该链所需的 {inputs} 项投入中，{region}有 {low}% 依赖外部。",
    ),
}
