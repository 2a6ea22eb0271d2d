"""A graph that can be asked: a release on this machine, or a SPARQL endpoint."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.assets import asset_dir
from kg.errors import UsageError
from kg.labels import to_frame
from kg.library import Answer, Question, ask, bound_text, find_question, find_questions
from kg.releases import Release, current_release, find_release, releases_dir
from kg.spelling import cleaned
from kg.store import EmbeddedStore, RemoteStore, Store
from kg.terms import GRAPH

if TYPE_CHECKING:
    import pandas as pd
    import rdflib

__all__ = ["LIMITS", "Graph", "open_graph"]

#: What every question takes beside its own parameters.
LIMITS = ("source", "as_of", "min_confidence")


class Graph:
    """Questions and SPARQL over one store.

    Args:
        store: where the statements are.
        release: the release it belongs to, if any.
    """

    def __init__(self, store: Store, release: Release | None = None) -> None:
        self.store = store
        self.release = release
        #: Told what is being done while a part of the release is made.
        self.tell: Callable[[str, str], None] | None = None
        self._questions: dict[str, Question] | None = None
        self._asked: dict[str, Question] = {}

    def questions(self) -> dict[str, Question]:
        """The question library, by name."""
        if self._questions is None:
            self._questions = find_questions(asset_dir("queries"))
        return self._questions

    def question(self, name: str) -> Question:
        """One question.

        Raises:
            QueryError: there is none of that name.
        """
        if self._questions is not None and name in self._questions:
            return self._questions[name]
        if name not in self._asked:
            self._asked[name] = find_question(asset_dir("queries"), name)
        return self._asked[name]

    def select(self, source: Any = None, as_of: Any = None, min_confidence: Any = None) -> Graph:
        """The same graph with only some of its sources, what holds at a date, or what is sure enough.

        The rules and methods run again on what is left, once: seconds; later calls open what is there.

        Args:
            source: id of a source, several of them, or ids separated by commas.
            as_of: date, `2024-12-31`.
            min_confidence: 0-1.

        Raises:
            ParameterError: a value is malformed.
            UsageError: there is no such source, or the graph is no release on this machine.
        """
        if source is None and as_of is None and min_confidence is None:
            return self
        from kg.selection import Selection, select  # needs what builds a release

        # Typed in full-width characters they mean the same.
        as_of, min_confidence = (cleaned(v) if isinstance(v, str) else v for v in (as_of, min_confidence))
        selection = Selection.read(source, as_of, min_confidence)
        if not selection:
            return self
        if self.release is None:
            hint = "Without a release, only questions with these parameters of their own can be asked so."
            raise UsageError("--source, --as-of and --min-confidence need a release on this machine", hint=hint)
        part = select(self.release, selection, self.tell)
        return Graph(EmbeddedStore(part.store), part)

    def ask(self, name: str, **params: Any) -> pd.DataFrame:
        """Answers a question of the library.

        Args:
            name: the question.
            params: its parameters; `lang` ("en" or "zh"), `limit` (rows) and `timeout` (s) as well. Every question
                takes `source`, `as_of` and `min_confidence`, too: see `select`. `rank="topsis"` ranks anew what a
                question says can be ranked.

        Returns:
            One row a result. Unknown numbers are empty, never 0.

        Raises:
            QueryError: there is no such question.
            ParameterError: a parameter or its value is not known.
            LimitError: the time is over.
        """
        return self.answer(name, **params).frame

    def answer(self, name: str, **params: Any) -> Answer:
        """Like `ask`, with what is known of the answer beside its rows."""
        lang = str(params.pop("lang", "en"))
        limit = params.pop("limit", None)
        timeout = params.pop("timeout", None)
        way = params.pop("rank", None)
        graph, own = self._limited(name, params)
        return ask(self.question(name), graph.store, own, lang, limit, timeout, None if way is None else str(way))

    def bound(self, name: str, **params: Any) -> str:
        """The text of a question with its parameters bound."""
        params.pop("rank", None)
        graph, own = self._limited(name, params)
        return bound_text(self.question(name), graph.store, own)

    def _limited(self, name: str, params: dict[str, Any]) -> tuple[Graph, dict[str, Any]]:
        """The graph to ask, and the question's own parameters.

        A question that has a limit as a parameter of its own applies it itself, at once; for every other the part of
        the release is made that the limits leave.
        """
        own = {key.replace("-", "_"): value for key, value in params.items() if value is not None}
        known = {parameter.name.replace("-", "_") for parameter in self.question(name).parameters}
        names = own.get("source")
        if isinstance(names, list | tuple) and len(names) == 1:
            own["source"] = names = names[0]
        if "source" in known and isinstance(names, str) and re.fullmatch(r"[\w.-]+", names):
            own["source"] = f"{GRAPH}source/{names}"
        several = isinstance(own.get("source"), list | tuple)
        limits = {
            key: own.pop(key) for key in LIMITS if key in own and (key not in known or (key == "source" and several))
        }
        return self.select(**limits), own

    def sparql(self, query: str, timeout: float | None = None) -> pd.DataFrame | bool | rdflib.Graph:
        """Answers any SPARQL 1.1 query.

        Returns:
            A table for SELECT, a truth value for ASK, an rdflib graph for CONSTRUCT and DESCRIBE.
        """
        result = self.store.query(query, timeout)
        if result.truth is not None:
            return result.truth
        if result.triples is not None:
            import rdflib

            return rdflib.Graph().parse(data=result.triples, format="nt")
        return to_frame(result, None)


def open_graph(release_or_url: str | Path | None = None, releases: str | Path | None = None) -> Graph:
    """Opens a release (its id or folder), a SPARQL endpoint (its URL), or the current release.

    Raises:
        ReleaseError: there is no such release.
    """
    text = str(release_or_url) if release_or_url is not None else ""
    if text.startswith(("http://", "https://")):
        return Graph(RemoteStore(text))
    folder = releases_dir(releases)
    release = find_release(text, folder) if text else current_release(folder)
    return Graph(EmbeddedStore(release.store), release)
