"""One package per CRM; none knows another."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from extract.core.source import Source


def source_of(crm: str) -> Source:
    """The source of a CRM that `extract.core.settings.CRMS` lists."""
    return cast("Source", import_module(f"extract.sources.{crm}").SOURCE)
