"""Any SPARQL 1.1 server, over HTTP."""

from __future__ import annotations

from urllib.error import HTTPError, URLError

from kg.errors import EndpointError, LimitError, QueryError
from kg.store.base import Result, from_json

__all__ = ["RemoteStore"]


class RemoteStore:
    """A remote endpoint.

    Args:
        url: address of the SPARQL endpoint.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    def query(self, text: str, timeout: float | None = None) -> Result:
        """See `Store.query`.

        Raises:
            EndpointError: the endpoint cannot be reached or answers with an error.
        """
        # Takes as long to import as a short question to answer.
        from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper
        from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

        client = SPARQLWrapper(self._url)
        client.setQuery(text)
        client.setMethod(POST)
        if timeout is not None:
            client.setTimeout(max(1, round(timeout)))
        graph = client.queryType in {"CONSTRUCT", "DESCRIBE"}
        client.setReturnFormat(TURTLE if graph else JSON)
        try:
            body = client.query().response.read()
        except QueryBadFormed as error:
            raise QueryError(f"the endpoint refuses the query: {error}", where=self._url) from error
        except TimeoutError as error:
            raise LimitError(f"no answer within {timeout:g} s", where=self._url) from error
        except (SPARQLWrapperException, HTTPError, URLError, OSError) as error:
            raise EndpointError(f"the endpoint does not answer: {error}", where=self._url) from error
        if not graph:
            return from_json(body)
        from rdflib import Graph

        return Result(triples=Graph().parse(data=body, format="turtle").serialize(format="nt"))
