"""Where the ontology, the loaders and the queries lie: in a checkout or in an installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from kg.errors import ReleaseError

__all__ = ["AssetRoom", "asset_dir"]

AssetRoom = Literal["ontology", "loaders", "queries"]


def asset_dir(room: AssetRoom) -> Path:
    """The folder of one room of assets.

    Args:
        room: `ontology`, `loaders` or `queries`.

    Raises:
        ReleaseError: neither a checkout nor a complete installation.
    """
    package = Path(__file__).parent
    for candidate in (package / "_assets" / room, package.parent / room):
        if candidate.is_dir():
            return candidate
    raise ReleaseError(
        f"the folder {room}/ is missing",
        where=str(package),
        hint="Install the package again, or run from a complete checkout.",
    )
