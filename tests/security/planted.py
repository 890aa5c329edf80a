"""A portal before the simulated ones that now and then repeats what it was asked, secrets and all."""

from __future__ import annotations

import http.client
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "planted-s3cret-key-47"
EVERY = 9  # each ninth request is answered by an error that echoes it
ECHOES = (500, 503, 200, 400)


class _Echoing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    target = ""
    count = 0
    lock = threading.Lock()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        cls = type(self)
        with cls.lock:
            cls.count += 1
            number = cls.count
        if number % EVERY == 0 and number < EVERY * 4:
            self._echo(
                ECHOES[number // EVERY % 3], body
            )  # refusals end a run; one comes in a test of its own
            return
        self._pass_on(body)

    def _echo(self, status: int, body: bytes) -> None:
        text = f"<html>bad gateway for {self.path} {dict(self.headers)} {body!r}</html>".encode()
        self._reply(status, "text/html", text)

    def _pass_on(self, body: bytes) -> None:
        parts = urlsplit(self.target)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        connection.request(self.command, self.path, body, headers)
        reply = connection.getresponse()
        content = reply.read()
        self._reply(reply.status, reply.getheader("Content-Type") or "", content, reply.getheader("Date"))
        connection.close()

    def _reply(self, status: int, kind: str, content: bytes, date: str | None = None) -> None:
        self.send_response_only(status)
        self.send_header("Date", date or self.date_time_string())
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass


@contextmanager
def echoing(target: str) -> Iterator[str]:
    """Stand before the portal at `target`; where to call instead."""
    handler = type("Handler", (_Echoing,), {"target": target, "count": 0, "lock": threading.Lock()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    parts = urlsplit(target)
    try:
        yield parts._replace(netloc=f"127.0.0.1:{server.server_address[1]}").geturl()
    finally:
        server.shutdown()
        server.server_close()
