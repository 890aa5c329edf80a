"""Read by every Python process that starts with this folder on its path: nothing but loopback can be called.

Whatever was tried is written down, with the program that tried it.
"""

import os
import socket
import sys

_ATTEMPTS = os.environ["GUARD_ATTEMPTS"]
_connect, _resolve = socket.socket.connect, socket.getaddrinfo
_LOOPBACK = {"127.0.0.1", "::1", "localhost", None, "", b"localhost"}


def _refuse(host: object) -> None:
    with open(_ATTEMPTS, "a", encoding="utf-8") as attempts:  # noqa: PTH123
        attempts.write(f"{host} by {' '.join(sys.argv)}\n")
    raise OSError(f"calls to {host} are forbidden here")


def _guarded_connect(self: socket.socket, address: object) -> None:
    if isinstance(address, tuple) and address[0] not in _LOOPBACK:
        _refuse(address[0])
    _connect(self, address)  # type: ignore[arg-type]


def _guarded_resolve(host: object, *arguments: object, **named: object) -> object:
    if host not in _LOOPBACK:
        _refuse(host)
    return _resolve(host, *arguments, **named)  # type: ignore[arg-type]


socket.socket.connect = _guarded_connect  # type: ignore[method-assign, assignment]
socket.getaddrinfo = _guarded_resolve  # type: ignore[assignment]
