"""What a probe of a connection finds out."""

from __future__ import annotations

from dataclasses import dataclass


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
