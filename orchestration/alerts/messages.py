"""What is sent: a title, and the same words as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One message; its id stays the same when it is tried again."""

    message_id: str
    title: str
    text: str
    html: str
    is_warning: bool = False
