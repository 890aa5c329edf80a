"""Values as HubSpot writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from extract.core.clock import parse_time
from extract.core.errors import ODD_RECORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECONDS = re.compile(r"\d{12,13}")


def moment(value: Any) -> datetime:
    """A time: ISO-8601, or milliseconds since 1970 as a number or its text."""
    text = str(value)
    return EPOCH + timedelta(milliseconds=int(text)) if MILLISECONDS.fullmatch(text) else parse_time(text)


def moment_if_any(values: Iterable[Any]) -> datetime | None:
    """The first of the values that is a time."""
    for value in values:
        try:
            return moment(value)
        except ODD_RECORDS:
            continue
    return None
