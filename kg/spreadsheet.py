"""An answer as a spreadsheet that a person opens: readable columns, and a sheet that says what it is."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, Final

import pandas as pd
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from rich.cells import cell_len

from kg.about import About
from kg.wording import Wording, wording_of

__all__ = ["About", "spreadsheet"]

#: Narrowest and widest column, in characters.
_WIDTHS: Final = (8, 48)
#: IRIs are for links, not for reading.
_IRI_WIDTH: Final = 16
_LOOKED_AT: Final = 500
_FILL: Final = PatternFill("solid", fgColor="E7EEF5")
_WORDS: Final = {
    "en": ("answer", "about", "Question", "What it answers", "Release", "Column", "Name in files", "What it holds"),
    "zh": ("结果", "说明", "问题", "回答什么", "版本", "列", "文件中的列名", "含义"),
}


def spreadsheet(frame: pd.DataFrame, about: About | None = None) -> bytes:
    """An answer as XLSX: its rows in the first sheet; in a second one, where it is known, what was asked."""
    told = about or About()
    lang = "zh" if told.lang.startswith("zh") else "en"
    words = _WORDS[lang]
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="openpyxl") as writer:
        _wording(told).spoken(frame).to_excel(writer, index=False, sheet_name=words[0])
        _answer(writer.sheets[words[0]], frame)
        if about is not None:
            rows, head = _about(frame, about, words)
            _described(writer.book.create_sheet(words[1]), rows, head)
    return buffer.getvalue()


def _wording(about: About) -> Wording:
    return wording_of(about.lang).table(about.question.name if about.question is not None else "")


def _answer(sheet: Worksheet, frame: pd.DataFrame) -> None:
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _head(sheet, 1)
    _as_text(sheet, 2)
    for at, name in enumerate(map(str, frame.columns), 1):
        texts = [sheet.cell(row, at).value for row in range(1, min(sheet.max_row, _LOOKED_AT) + 1)]
        widest = max((cell_len(str(text)) for text in texts if text is not None), default=0) + 2
        least, most = _WIDTHS
        width = _IRI_WIDTH if name.endswith("_iri") else max(least, min(widest, most))
        sheet.column_dimensions[get_column_letter(at)].width = width


def _about(frame: pd.DataFrame, about: About, words: tuple[str, ...]) -> tuple[list[tuple[Any, ...]], int]:
    """Rows of the second sheet, and at which of them the list of columns begins."""
    wording, question = _wording(about), about.question
    rows: list[tuple[Any, ...]] = []
    if question is not None:
        rows += [(words[2], question.name), (words[3], question.texts(about.lang).summary)]
    rows += [(wording.parameter(str(name).replace("_", "-")), _given(value)) for name, value in about.asked.items()]
    rows += [(words[4], about.release)] if about.release else []
    head = len(rows) + 2
    held = question.texts(about.lang).columns if question is not None else {}
    columns = [str(name) for name in frame.columns]
    rows += [(), words[5:8], *((wording.column(name), name, held.get(name, "")) for name in columns)]
    return rows, head


def _given(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _described(sheet: Worksheet, rows: Iterable[tuple[Any, ...]], head: int) -> None:
    for row in rows:
        sheet.append(row)
    _head(sheet, head)
    _as_text(sheet, 1)
    for letter, width in zip("ABC", (26, 40, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _head(sheet: Worksheet, row: int) -> None:
    for cell in sheet[row]:
        cell.font, cell.fill = Font(bold=True), _FILL
        cell.alignment = Alignment(vertical="top", wrap_text=True)


def _as_text(sheet: Worksheet, first: int) -> None:
    """A text that begins with "=" is data, not a formula."""
    for row in sheet.iter_rows(min_row=first):
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"
