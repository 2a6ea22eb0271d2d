"""Drawings as options of ECharts, made from rows; the browser only carries them out.

Every drawing stands beside a table with the same figures, so that nothing is told by the drawing alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

__all__ = [
    "MOST_BARS",
    "SCALE",
    "Option",
    "Rows",
    "bars",
    "base",
    "edges",
    "heat",
    "scale",
    "scatter",
    "short",
    "stacked",
]

Option = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

_COLOURS: Final = [
    "#0b4f8a", "#b35309", "#2c7a4b", "#7b3f98", "#b3261e", "#c29200", "#00868f", "#5f6368",
    "#6aa3d5", "#f0a868", "#7cc49a", "#c39ad8", "#e88a84", "#e3cf7a", "#79c7cc", "#b0b5bb",
]  # fmt: skip
SCALE: Final = ["#e8f0f7", "#9fc0de", "#4a86bd", "#0b4f8a", "#06305a"]
#: Above this many a drawing says less than the table.
MOST_BARS: Final = 30
_MOST_NODES: Final = 300


def base(label: str) -> Option:
    """What all drawings have in common."""
    return {
        "animation": False,
        "color": _COLOURS,
        "aria": {"enabled": True, "label": {"description": label}},
        "textStyle": {"fontFamily": "system-ui, Noto Sans CJK SC, sans-serif"},
        "tooltip": {"trigger": "item", "confine": True, "extraCssText": "max-width: 28rem; white-space: normal"},
    }


def bars(rows: Rows, name: str, values: Sequence[str], label: str, words: Mapping[str, str] | None = None) -> Option:
    """Horizontal bars, the first row on top.

    Args:
        rows: at most 30 are drawn.
        name: column with the names; `<name>_iri`, where it is there, is where a click leads.
        values: columns with numbers, a series each; an unknown one has no bar.
        label: what the drawing shows.
        words: column -> its name.
    """
    shown = list(rows)[:MOST_BARS]
    return {
        **base(label),
        "grid": {"left": 10, "right": 30, "top": 34 if len(values) > 1 else 10, "bottom": 10, "containLabel": True},
        "legend": {"show": len(values) > 1, "top": 0},
        "xAxis": {"type": "value"},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [short(row.get(name)) for row in shown],
            "axisLabel": {"width": 220, "overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar",
                "name": (words or {}).get(column, column.replace("_", " ")),
                "data": [{"value": row.get(column), "iri": row.get(f"{name}_iri") or ""} for row in shown],
            }
            for column in values
        ],
    }


def stacked(parts: Mapping[str, Mapping[str, float]], label: str) -> Option:
    """Bars of parts: name of the bar -> name of the part -> its value; parts keep one colour over all bars."""
    found = {part for shares in parts.values() for part in shares}
    names = sorted(found, key=lambda part: (-_total(parts, part), part))
    return {
        **base(label),
        "grid": {"left": 10, "right": 30, "top": 56, "bottom": 10, "containLabel": True},
        "legend": {"type": "scroll", "top": 0},
        "xAxis": {"type": "value", "max": 1},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [short(name) for name in parts],
            "axisLabel": {"width": 220, "overflow": "truncate"},
        },
        "series": [
            {"type": "bar", "stack": "all", "name": part, "data": [shares.get(part) for shares in parts.values()]}
            for part in names
        ],
    }


def heat(rows: Rows, down: str, across: str, value: str, label: str) -> Option:
    """A matrix: `down` x `across`, coloured by the sum of `value`."""
    cells: dict[tuple[str, str], float] = {}
    for row in rows:
        at = (short(row.get(down)), short(row.get(across)))
        cells[at] = cells.get(at, 0.0) + float(row.get(value) or 0)
    ups = _by_weight(cells, 0)
    sides = _by_weight(cells, 1)
    return {
        **base(label),
        "grid": {"left": 10, "right": 90, "top": 10, "bottom": 10, "containLabel": True},
        "xAxis": {"type": "category", "data": sides, "axisLabel": {"rotate": 60}},
        "yAxis": {"type": "category", "data": ups, "inverse": True},
        "visualMap": scale(list(cells.values())),
        "series": [
            {
                "type": "heatmap",
                "data": [[sides.index(side), ups.index(up), round(found, 6)] for (up, side), found in cells.items()],
            }
        ],
    }


def edges(nodes: Mapping[str, Mapping[str, Any]], links: Sequence[Mapping[str, Any]], label: str) -> Option:
    """A network.

    Args:
        nodes: key -> `name`, and where they are known `group` (its colour), `size` (0-1) and `iri`.
        links: `source` and `target` (keys of nodes), and where they are known `name` and `weight` (0-1).
        label: what the drawing shows.
    """
    kept = dict(list(nodes.items())[:_MOST_NODES])
    groups = sorted({str(node.get("group", "")) for node in kept.values()})
    return {
        **base(label),
        "legend": {"show": len(groups) > 1, "type": "scroll", "top": 0, "data": groups},
        "series": [
            {
                "type": "graph",
                "layout": "force",
                "force": {"layoutAnimation": False, "repulsion": 420, "edgeLength": [60, 170], "gravity": 0.12},
                "roam": True,
                "edgeSymbol": ["none", "arrow"],
                "edgeSymbolSize": 7,
                "categories": [{"name": group} for group in groups],
                "label": {"show": True, "position": "right", "width": 160, "overflow": "truncate"},
                "labelLayout": {"hideOverlap": True},
                "lineStyle": {"color": "#8792a0", "curveness": 0.08},
                "data": [
                    {
                        "id": key,
                        "name": short(node.get("name")),
                        "category": groups.index(str(node.get("group", ""))),
                        "symbolSize": 10 + 26 * float(node.get("size") or 0),
                        "iri": node.get("iri", ""),
                    }
                    for key, node in kept.items()
                ],
                "links": [
                    {
                        "source": link["source"],
                        "target": link["target"],
                        "value": link.get("name", ""),
                        "lineStyle": {"width": 1 + 7 * float(link.get("weight") or 0)},
                    }
                    for link in links
                    if link["source"] in kept and link["target"] in kept
                ],
            }
        ],
    }


def scatter(
    rows: Rows, name: str, axes: tuple[str, str], size: str, label: str, words: Mapping[str, str] | None = None
) -> Option:
    """Two numbers against each other, with a line at 1 on both axes: the average.

    Args:
        rows: those without one of the numbers are left out.
        name: column with the names; `<name>_iri` is where a click leads.
        axes: columns with the number across and the one upwards.
        size: column that gives the size of a point.
        label: what the drawing shows.
        words: column -> its name.
    """
    known = [row for row in rows if all(row.get(axis) is not None for axis in axes)]
    most = max((float(row.get(size) or 0) for row in known), default=0.0) or 1.0
    titles = [(words or {}).get(axis, axis.replace("_", " ")) for axis in axes]
    axis = {"type": "value", "scale": True, "nameLocation": "middle"}
    return {
        **base(label),
        "grid": {"left": 30, "right": 90, "top": 20, "bottom": 30, "containLabel": True},
        "xAxis": {**axis, "name": titles[0], "nameGap": 26},
        "yAxis": {**axis, "name": titles[1], "nameGap": 38},
        "series": [
            {
                "type": "scatter",
                "dimensions": titles,
                "encode": {"x": 0, "y": 1, "tooltip": [0, 1]},
                "itemStyle": {"opacity": 0.75, "borderColor": "#fff"},
                "label": {"show": True, "position": "right", "formatter": "{b}", "color": "#1c2430"},
                "labelLayout": {"hideOverlap": True},
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "label": {"show": False},
                    "lineStyle": {"color": "#8792a0"},
                    "data": [{"xAxis": 1}, {"yAxis": 1}],
                },
                "data": [
                    {
                        "name": short(row.get(name)),
                        "value": [round(float(row[axis]), 3) for axis in axes],
                        "symbolSize": 8 + 22 * float(row.get(size) or 0) / most,
                        "iri": row.get(f"{name}_iri") or "",
                    }
                    for row in known
                ],
            }
        ],
    }


def scale(values: Sequence[float]) -> Option:
    """The colours for values, from 0 or the least to the greatest."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    return {
        "min": min(low, 0.0),
        "max": high if high > low else low + 1,
        "calculable": True,
        "precision": 0 if high >= 20 else 2,
        "orient": "vertical",
        "right": 0,
        "bottom": 10,
        "inRange": {"color": SCALE},
    }


def _by_weight(cells: Mapping[tuple[str, str], float], side: int) -> list[str]:
    weight: dict[str, float] = {}
    for at, value in cells.items():
        weight[at[side]] = weight.get(at[side], 0.0) + value
    return sorted(weight, key=lambda name: (-weight[name], name))


def _total(parts: Mapping[str, Mapping[str, float]], part: str) -> float:
    return sum(shares.get(part, 0.0) for shares in parts.values())


def short(value: Any) -> str:
    """A name as it fits into a drawing."""
    text = "" if value is None else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
