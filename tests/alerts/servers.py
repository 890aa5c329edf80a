"""A mail server and a webhook on this machine that remember what they got and refuse what they should."""

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from email.message import EmailMessage


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Mailbox:
    """What the mail server got, as (recipient, letter)."""

    port: int
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802  aiosmtpd calls it so
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        letter: Any = message_from_bytes(envelope.content, policy=policy.default)
        self.letters += [(address, letter) for address in envelope.rcpt_tos]
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """The letters to one address."""
        return [letter for recipient, letter in self.letters if recipient == address]

    def text(self, address: str, kind: str = "plain") -> str:
        """The last letter to an address, in plain text or `html`."""
        part: Any = self.to(address)[-1].get_body((kind,))
        return str(part.get_content())


def serve_mail(mailbox: Mailbox) -> Controller:
    """Start the mail server; the caller stops it."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    return controller


@dataclass
class Webhook:
    """What the webhook got; `status` is what it answers, `delay` after how many seconds."""

    port: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0
    status: int = 200
    delay: float = 0


def serve_hook(hook: Webhook) -> ThreadingHTTPServer:
    """Start the webhook; the caller stops it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            hook.calls += 1
            if hook.status == 200:
                hook.messages.append(content)
            time.sleep(hook.delay)
            self.send_response(hook.status)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
