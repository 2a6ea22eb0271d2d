"""Stores that answer SPARQL: one protocol, an embedded and a remote one."""

from kg.store.base import Result, Store
from kg.store.embedded import EmbeddedStore, MemoryStore
from kg.store.remote import RemoteStore

__all__ = ["EmbeddedStore", "MemoryStore", "RemoteStore", "Result", "Store"]
