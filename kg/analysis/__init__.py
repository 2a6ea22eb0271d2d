"""Analyses as pure functions on arrays."""
