"""A graph that can be asked: a release on this machine, or a SPARQL endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from kg.assets import asset_dir
from kg.errors import QueryError
from kg.library import Answer, Question, ask, bound_text, find_questions, to_frame
from kg.releases import Release, current_release, find_release, releases_dir
from kg.store import EmbeddedStore, RemoteStore, Store

if TYPE_CHECKING:
    import rdflib

__all__ = ["Graph", "open_graph"]


class Graph:
    """Questions and SPARQL over one store.

    Args:
        store: where the statements are.
        release: the release it belongs to, if any.
    """

    def __init__(self, store: Store, release: Release | None = None) -> None:
        self.store = store
        self.release = release
        self._questions: dict[str, Question] | None = None

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
        import difflib

        questions = self.questions()
        if name not in questions:
            near = difflib.get_close_matches(name, questions, n=3) or sorted(questions)
            raise QueryError(f"there is no question {name!r}", hint="There are: " + ", ".join(near) + ".")
        return questions[name]

    def ask(self, name: str, **params: Any) -> pd.DataFrame:
        """Answers a question of the library.

        Args:
            name: the question.
            params: its parameters; `lang` ("en" or "zh"), `limit` (rows) and `timeout` (s) as well.

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
        return ask(self.question(name), self.store, params, lang, limit, timeout)

    def bound(self, name: str, **params: Any) -> str:
        """The text of a question with its parameters bound."""
        return bound_text(self.question(name), self.store, params)

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
