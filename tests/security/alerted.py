"""Everybody who can be told of news: a mail server, and webhooks whose addresses are secrets."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from simulator.changing import insert_change
from simulator.model import Change
from tests.alerts.servers import Mailbox, Webhook, free_port, serve_hook, serve_mail
from tests.security.planted import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulator.model import World

PERSON = "planted.person@@example.test"
ANALYST = {"to": "analyst", "show_values": True, "max_rows": 500}
ALL_DAY = {"from": "00:00", "to": "23:59", "timezone": "UTC"}


@dataclass(frozen=True)
class Alerted:
    """A file of alerts, and who hears of what it says."""

    file: Path
    mailbox: Mailbox
    told: Webhook
    held: Webhook

    def end_quiet_hours(self) -> None:
        """Let what waited be told by the next run."""
        content = yaml.safe_load(self.file.read_text(encoding="utf-8"))
        for route in content["routes"]:
            route.pop("quiet_hours", None)
        self.file.write_text(yaml.safe_dump(content), encoding="utf-8")


@contextmanager
def alerted(file: Path) -> Iterator[Alerted]:
    """Owners get letters; one webhook is told everything, one refuses, and for one everything waits."""
    mailbox, told, held, refusing = Mailbox(free_port()), Webhook(), Webhook(), Webhook(status=404)
    mail, servers = serve_mail(mailbox), [serve_hook(hook) for hook in (told, held, refusing)]
    content = {
        "channels": {
            "mail": f"mailto://127.0.0.1:{mailbox.port}?from=Dealhouse<dealhouse@acme.test>&to={{email}}",
            "chat": f"json://127.0.0.1:{told.port}/hooks/{KEY}",
            "later": f"json://127.0.0.1:{held.port}/hooks/{KEY}",
            "closed": f"json://127.0.0.1:{refusing.port}/hooks/{KEY}",
        },
        "routes": [
            {"name": "owners", "to": "owner", "channel": "mail", "show_values": True},
            ANALYST | {"name": "told", "channel": "chat"},
            ANALYST | {"name": "refused", "channel": "closed"},
            ANALYST | {"name": "held", "channel": "later", "quiet_hours": ALL_DAY},
            {"name": "operators", "to": "operators", "channel": "chat"},
        ],
    }
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    try:
        yield Alerted(file, mailbox, told, held)
    finally:
        mail.stop()
        for server in servers:
            server.shutdown()
            server.server_close()


def miswrite_an_address(world: World) -> None:
    """Somebody enters an address that cannot be one."""
    with world.lock:
        states = ((contact, contact.state_at(world.now)) for contact in world.contacts)
        contact = next(one for one, state in states if not state["is_deleted"])
        insert_change(contact, Change(world.now, "emails", (("work", PERSON),), 1))
        world.version += 1
