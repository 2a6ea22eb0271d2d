"""Runs the server on a port: `kg serve`."""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path

from kg.errors import UsageError
from kg.releases import releases_dir
from kg.web.limits import Limits

__all__ = ["serve"]


def serve(
    host: str,
    port: int,
    release: str | None,
    releases: Path | None,
    workers: int,
    timeout: float,
    tell: Callable[[str], None],
) -> None:
    """Serves until it is stopped with Ctrl-C.

    Args:
        port: 0 for any free one.
        release: id or folder; None: the current one, and each that comes after it.
        releases: folder of releases; None: see `releases_dir`.
        workers: queries of the endpoint that run at the same time.
        timeout: seconds that a query may take.
        tell: told where the server is.

    Raises:
        ReleaseError: there is no release.
        UsageError: the port is taken, or the address is not of this machine.
    """
    import uvicorn

    from kg.web.app import create_app
    from kg.web.live import Live

    listening = _listen(host, port)
    with listening:
        live = Live(releases_dir(releases), release, workers, Limits(seconds=timeout))
        try:
            logging.basicConfig(format="kg: %(message)s", level=logging.WARNING)
            config = uvicorn.Config(
                create_app(live),
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=5,
                server_header=False,
                proxy_headers=True,
            )
            shown = f"[{host}]" if ":" in host else host
            tell(f"Release {live.release.id} at http://{shown}:{listening.getsockname()[1]}/ (Ctrl-C ends it)")
            try:
                uvicorn.Server(config).run(sockets=[listening])
            except KeyboardInterrupt:
                # Ended as asked; everything is closed already.
                pass
        finally:
            live.close_now()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(f"{host!r} is not an address", where="--host") from error
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"port {port} is taken", where=f"{host}:{port}", hint="Choose another with --port, or 0 for any."
            ) from error
        raise UsageError(f"cannot listen here: {error.strerror}", where=f"{host}:{port}") from error
    return listening
