"""What a probe of a connection finds out."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from extract.core.settings import Connection


TOLERATED_SECONDS = 60


@dataclass(frozen=True)
class Finding:
    """One thing found: whether it is well, in which detail, and what to do if it is not.

    `is_needed` is false for what extraction can do without.
    """

    name: str
    is_ok: bool
    detail: str
    advice: str = ""
    is_needed: bool = True


def clock(crm: str, ahead_seconds: float) -> Finding:
    """How the CRM's clock stands to that of this machine; extraction goes by the CRM's."""
    ahead = round(ahead_seconds)
    direction = "ahead of" if ahead > 0 else "behind"
    return Finding(
        "clock",
        is_ok=abs(ahead_seconds) < TOLERATED_SECONDS,
        detail=f"{crm} is {abs(ahead)} s {direction} this machine"
        if ahead
        else f"{crm} agrees with this machine",
        advice="Set this machine's clock; extraction goes by the CRM's.",
        is_needed=False,
    )


def mapped_fields(connection: Connection, labels: Mapping[str, str]) -> Iterator[Finding]:
    """Whether the fields of deals and leads that settings name exist.

    Args:
        connection: The connection, with its mappings.
        labels: What may be mapped: names of fields, with what people call them.
    """
    for mapping in ("loss_reason", "competitor"):
        name = getattr(connection.mappings, mapping)
        if name is None:
            continue
        found = name in labels
        yield Finding(
            f"mappings.{mapping}",
            is_ok=found,
            detail=f"{name} is {labels[name]!r}"
            if found
            else f"no field of deals or leads is named {name!r}",
            advice=f"Correct it in connections.yml{_alike(name, labels)}.",
        )


def _alike(name: str, labels: Mapping[str, str]) -> str:
    """The fields nearest to a name that is none, which may be a label."""
    named = {text.casefold(): code for code, label in labels.items() for text in (code, label)}
    near = difflib.get_close_matches(name.casefold(), named, n=3, cutoff=0.55)
    codes = list(dict.fromkeys(named[text] for text in near))
    return f"; near it are {', '.join(codes)}" if codes else "; it wants the name that the API has for it"
