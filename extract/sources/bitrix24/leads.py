"""Portals in simple mode work without leads: all enquiries become deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from extract.core.errors import SourceError, TerminalError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.http import Requester
    from extract.core.source import Reading, Step, Stream
    from extract.sources.bitrix24.api import BitrixPortal

SIMPLE_MODE = 2


@dataclass(frozen=True)
class AboutLeads:
    """A stream about leads: nothing to read, and no error, where the portal works without them."""

    stream: Stream

    @property
    def entities(self) -> tuple[str, ...]:
        """What it lands."""
        return self.stream.entities

    @property
    def after(self) -> tuple[str, ...]:
        """What it waits for."""
        return self.stream.after

    def read(self, reading: Reading) -> Iterator[Step]:
        """Leads that were left from earlier days are read as long as the portal shows them."""
        try:
            yield from self.stream.read(reading)
        except TerminalError:
            if not has_no_leads(cast("BitrixPortal", reading.portal), reading.requester):
                raise


def has_no_leads(portal: BitrixPortal, requester: Requester) -> bool:
    """Whether the portal says that it works without leads."""
    try:
        mode = portal.call(requester, "crm.settings.mode.get", {})["result"]
    except SourceError:
        return False
    return str(mode) == str(SIMPLE_MODE)
