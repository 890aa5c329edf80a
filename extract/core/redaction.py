"""Keeping the secrets of a connection out of logs and of the lake."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import SecretStr

SHORTEST_SECRET = 8  # what is shorter may be a word that a record holds


class Redaction(logging.Filter):
    """Keeps secrets out of logs and of what is landed.

    urllib3 logs request paths at DEBUG level; a webhook's secret is part of them. Portals put it into links
    to files, too, which records hold.
    """

    def __init__(self, secrets: list[SecretStr]) -> None:
        super().__init__()
        self._secrets = [secret.get_secret_value() for secret in secrets]

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; never drop it."""
        message = record.getMessage()
        for secret in self._secrets:
            message = message.replace(secret, "***")
        record.msg, record.args = message, ()
        return True

    def cleaned(self, content: bytes) -> bytes:
        """A body without them. What is shorter than any real secret may be a word of a record."""
        for secret in self._secrets:
            if len(secret) >= SHORTEST_SECRET:
                content = content.replace(secret.encode(), b"***")
        return content
