"""What the package's errors say, in Chinese: patterns over the English, which every other reader of them has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from kg.wording import wording_of

__all__ = ["chinese"]

_KINDS: Final = {
    "chain": "产业链",
    "region": "区域",
    "input": "投入",
    "organization": "组织",
    "gap": "断点",
    "link": "环节",
}
_NUMBERS: Final = {"integer": "整数", "decimal": "数字", "number": "数字"}
#: A value as `repr` writes it.
_VALUE: Final = r"""(?P<quote>['"])(?P<value>.*)(?P=quote)"""
_SAID: Final = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (rf"no (?P<kinds>[a-z]+(?: or [a-z]+)*) is called {_VALUE}", "没有名为“{value}”的{kinds}"),
        (rf"{_VALUE} names (?P<number>\d+) things", "“{value}”可指 {number} 项，请指明其一"),
        (r"(?P<value><.*>) is not in this release", "本版本中没有 {value}"),
        (r"(?P<value><.*>) is neither an organization nor a region", "{value} 既不是组织也不是区域"),
        (rf"{_VALUE} is not an IRI", "“{value}”不是 IRI"),
        (r"is empty", "不能为空"),
        (rf"{_VALUE} is not a date.*", "“{value}”不是日期（格式如 2026-11-23）"),
        (rf"{_VALUE} is not true or false", "“{value}”应为 true 或 false"),
        (rf"{_VALUE} is not a number \((?P<number_kind>\w+)\)", "“{value}”不是{number_kind}"),
        (rf"{_VALUE} is not a number in (?P<range>.+)", "“{value}”不是 {range} 之间的数字"),
        (rf"{_VALUE} has more than (?P<number>\d+) digits on a side", "“{value}”小数点某一侧超过 {number} 位"),
        (rf"{_VALUE} is outside its range, (?P<range>.+)", "“{value}”超出取值范围：{range}"),
        (rf"{_VALUE} is none of its values", "“{value}”不是可选值"),
        (r"the weights sum to 0: one has to be above 0", "权重之和为 0：至少一项须大于 0"),
        (
            r"the weights of the criteria have to be 0 or more, one of them above 0",
            "各权重须不小于 0，且至少一项大于 0",
        ),
        (rf"{_VALUE} is no way of ranking", "没有名为“{value}”的排序方式"),
        (rf"there is no question {_VALUE}", "没有名为“{value}”的问题"),
        (rf"there is no other release {_VALUE}", "没有名为“{value}”的其他版本"),
        (rf"there is no source {_VALUE}", "没有名为“{value}”的来源"),
        (r"no source is as sure as (?P<value>.+)", "没有来源的置信度达到 {value}"),
        (r"nothing is removed", "没有指明要移除谁"),
        (r"the query does not parse: (?P<value>.*)", "查询语句无法解析：{value}"),
        (r"the query cannot be answered: (?P<value>.*)", "查询无法执行：{value}"),
        (r"the query took longer than (?P<value>.+) s and was stopped", "查询超过 {value} 秒，已停止"),
        (r"the query needed more memory than it may use, and was stopped", "查询所需内存超过上限，已停止"),
        (r"too many queries are waiting", "排队的查询过多"),
        (r"the server is closing", "服务器正在关闭"),
        (r"the answer has more than (?P<value>[\d,]+) rows.*", "结果超过 {value} 行，请用 LIMIT 与 OFFSET，或下载数据"),
        (r"SERVICE is not allowed here.*", "此处不允许 SERVICE：本服务不访问其他服务器"),
        (r"this endpoint is read-only.*", "此处只读，不接受更新"),
        (r"not enough memory or disk for the selection", "内存或磁盘不足，无法生成所选部分"),
        (r"the disk is full", "磁盘已满"),
        # Why rows are rejected.
        (r"required, but (?:empty|blank)", "必填项为空"),
        (r"not a finite number", "不是有限的数字"),
        (r"malformed: should match (?P<value>.+)", "格式有误，应符合 {value}"),
        (r"left out by (?P<value>\S+)", "{value} 未选入"),
        # Hints.
        (r"Nearest: .*", "相近的有："),
        (r"There are (?P<number>[\d,]+), such as: .*", "共 {number} 项，例如："),
        (r"Give one of: .*", "可选其一："),
        (r"(?:There are|There is|This release has): (?P<values>.+)\.", "可选：{values}"),
        (r"This release has none\.|There is none\.", "本版本中没有此类内容。"),
        (r"Choose a lower one\.", "请选择较低的值。"),
        (r"Name a firm, a region or a country\.", "请填写企业、区域或国家。"),
        (r"Bind a parameter, .*", "请填写参数或缩小查询范围。"),
        (r"Try again in a moment\.", "请稍后再试。"),
        (r"Declare every prefix, such as (?P<value>.+)", "每个前缀都须声明，例如 {value}"),
        (r"(?P<value>.+) counts only with (?P<values>.+)\.", "“{value}”仅在填写“{values}”后才计入。"),
    )
)
_RANGE: Final = ((" or more", " 及以上"), (" or less", " 及以下"), (" to ", " 至 "))


def chinese(text: str) -> str | None:
    """An error's text, or its hint, in Chinese; None where it is not translated."""
    for pattern, said in _SAID:
        if found := pattern.fullmatch(text):
            return said.format_map(_told(found.groupdict()))
    return None


def _told(found: Mapping[str, str]) -> dict[str, str]:
    told = dict(found)
    if "kinds" in told:
        told["kinds"] = "或".join(_KINDS.get(kind, kind) for kind in told["kinds"].split(" or "))
    if "number_kind" in told:
        told["number_kind"] = _NUMBERS.get(told["number_kind"], told["number_kind"])
    if "values" in told:
        told["values"] = "、".join(str(wording_of("zh").value(value)) for value in told["values"].split(", "))
    for english, said in _RANGE if "range" in told else ():
        told["range"] = told["range"].replace(english, said)
    return told
