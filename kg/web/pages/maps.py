"""Maps as options of ECharts: regions in colours, and points.

A colour fades to grey where little is known: that few gaps are known of a region must not look as if it had few.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kg.web.pages.charts import SCALE, Option, Rows, base, scale, short

__all__ = ["GREY", "points", "shaded"]

#: The colour of that of which nothing is known; what is not on the map at all is white.
GREY: Final = "#9aa0a6"
_POINT: Final = "#0b4f8a"


def shaded(rows: Rows, value: str, label: str, shapes: str, sure: str = "", note: str = "") -> Option:
    """Regions of China in colours.

    Args:
        rows: with `region`, `region_iri`, the value and, where it is known, on what it rests (`behind`); regions
            without a row stay white: they are not known.
        value: column with the numbers.
        label: what the drawing shows.
        shapes: address of the boundaries.
        sure: column that says how much of what could be known is known, 0-1: the less, the greyer the colour.
        note: what is said of that where a region is pointed at, with `{share}` in percent.
    """
    known = [row for row in rows if row.get(value) is not None]
    colours = scale([float(row[value]) for row in known])
    return {
        **base(label),
        "shapes": shapes,
        "visualMap": colours,
        "series": [
            {
                "type": "map",
                "map": "boundaries",
                "nameProperty": "iri",
                "roam": True,
                # Within the shorter side: on a narrow screen nothing is cut off.
                "layoutCenter": ["50%", "50%"],
                "layoutSize": "96%",
                "itemStyle": {"areaColor": "#ffffff", "borderColor": "#8792a0"},
                "emphasis": {"label": {"show": False}},
                "data": [
                    {
                        "name": row["region_iri"],
                        "value": row[value],
                        "title": row["region"],
                        "iri": row["region_iri"],
                        **_greyed(row, value, sure, note, colours),
                    }
                    for row in known
                ],
            }
        ],
    }


def points(rows: Rows, name: str, value: str, label: str, shapes: str = "", sure: str = "", note: str = "") -> Option:
    """Points by `longitude` and `latitude`, over boundaries where there are any.

    Args:
        rows: those without a place are left out.
        name: column with the names; `<name>_iri` is where a click leads.
        value: column that gives the size; empty: all alike.
        label: what the drawing shows.
        shapes: address of the boundaries; empty: a grid of degrees.
        sure, note: as for `shaded`.
    """
    placed = [row for row in rows if row.get("longitude") is not None and row.get("latitude") is not None]
    most = max((float(row.get(value) or 0) for row in placed), default=0.0) or 1.0
    series: Option = {
        "type": "scatter",
        "data": [
            {
                "name": short(row.get(name)),
                "value": [row["longitude"], row["latitude"], row.get(value)],
                "symbolSize": 8 + 18 * float(row.get(value) or 0) / most,
                "iri": row.get(f"{name}_iri") or "",
                **_faded(row, sure, note),
            }
            for row in placed
        ],
        "itemStyle": {"opacity": 0.75, "borderColor": "#fff"},
    }
    if shapes:
        area = {"areaColor": "#f3f6f9", "borderColor": "#b6bfca"}
        geo = {
            "map": "boundaries",
            "nameProperty": "iri",
            "roam": True,
            "itemStyle": area,
            "silent": True,
            # Within the shorter side: by top and bottom alone, what lies an ocean apart would be drawn outside.
            "layoutCenter": ["50%", "50%"],
            "layoutSize": "96%",
            "boundingCoords": _frame(placed),
        }
        return {**base(label), "shapes": shapes, "geo": geo, "series": [{**series, "coordinateSystem": "geo"}]}
    axis = {"type": "value", "scale": True, "axisLabel": {"formatter": "{value}°"}}
    return {**base(label), "xAxis": axis, "yAxis": axis, "series": [series]}


def _greyed(row: Mapping[str, Any], value: str, sure: str, note: str, colours: Option) -> Option:
    """Colour of a region of which only a part is known; nothing where all is, so that the scale colours it."""
    said = _noted(row, sure, note)
    share = row.get(sure)
    if share is None or float(share) >= 1:
        return said
    part = (float(row[value]) - colours["min"]) / (colours["max"] - colours["min"])
    colour = _mixed(GREY, _on_scale(part), float(share))
    # Where the scale does not colour, `color` does; `areaColor` is that of regions without a value.
    return {**said, "visualMap": False, "itemStyle": {"color": colour, "areaColor": colour, "borderColor": "#6b7480"}}


def _faded(row: Mapping[str, Any], sure: str, note: str) -> Option:
    said = _noted(row, sure, note)
    share = row.get(sure)
    if share is None:
        return said
    return {**said, "itemStyle": {"color": _mixed(GREY, _POINT, float(share))}}


def _noted(row: Mapping[str, Any], sure: str, note: str) -> Option:
    """What is said beside the value where a region is pointed at: how much is known, and on what that rests."""
    share = row.get(sure)
    told = [note.format(share=f"{100 * float(share):.0f}")] if note and share is not None else []
    told += [row["behind"]] if row.get("behind") else []
    return {"note": "; ".join(told)} if told else {}


def _on_scale(part: float) -> str:
    """The colour at a part of the scale, 0-1."""
    place = min(max(part, 0.0), 1.0) * (len(SCALE) - 1)
    at = min(int(place), len(SCALE) - 2)
    return _mixed(SCALE[at], SCALE[at + 1], place - at)


def _mixed(one: str, other: str, part: float) -> str:
    """A colour between two, as `#rrggbb`: the first at 0, the other at 1."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * min(max(part, 0.0), 1.0)):02x}" for a, b in pairs)


def _frame(rows: Rows) -> list[list[float]]:
    """Upper left and lower right corner around the points, with a margin of some hundred kilometres."""
    margin = 3.0
    across = [float(row["longitude"]) for row in rows]
    along = [float(row["latitude"]) for row in rows]
    return [[min(across) - margin, max(along) + margin], [max(across) + margin, min(along) - margin]]
