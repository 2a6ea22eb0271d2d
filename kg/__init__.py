"""A knowledge graph of industrial chains: build it, ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.graph import open_graph as open
    from kg.library import Answer
    from kg.release import build
    from kg.releases import Release

__all__ = ["Answer", "Graph", "KgError", "Release", "build", "open"]

_HOMES = {
    "Answer": ("kg.library", "Answer"),
    "Graph": ("kg.graph", "Graph"),
    "Release": ("kg.releases", "Release"),
    "build": ("kg.release", "build"),
    "open": ("kg.graph", "open_graph"),
}


def __getattr__(name: str) -> Any:
    # The engines behind these names take a second to import; `kg --help` needs none of them.
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
