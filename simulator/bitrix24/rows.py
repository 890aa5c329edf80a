"""Records and history as they are listed: rendered once, and kept until they change."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simulator.bitrix24.filters import DAYS, MOMENTS
from simulator.portal import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulator.model import Record, World
    from simulator.shown import State

CUSTOM = "UF_CRM_"
_CAPITAL = re.compile(r"([A-Z])")


def _same(name: str) -> str:
    return name


@dataclass(frozen=True)
class Kind:
    """A kind of records: where the world has them, their ids, and how they are written."""

    name: str
    records: Callable[[World], Sequence[Record]]
    key: Callable[[int], int]
    write: Callable[[Any, State], dict[str, Any]]
    # What filters ask for most, without writing the whole record.
    readers: Mapping[str, Callable[[Record, State], Any]] = field(default_factory=dict)
    is_listed: Callable[[Any], bool] = lambda _record: True
    shown: Callable[[str], str] = _same  # from a name in filters to one in answers


class ShownRow:
    """A record as it is now."""

    def __init__(self, kind: Kind, record: Record, state: State) -> None:
        self.kind = kind
        self.record = record
        self.state = state
        self.key = kind.key(record.number)
        self.change_count = len(record.changes)
        self.is_deleted = bool(state.get("is_deleted"))
        self._whole: bytes | None = None

    def look_up(self, name: str) -> Any:
        """A field in comparable form: moments as moments, everything else as it is shown."""
        if name in {"id", "ID"}:
            return self.key
        reader = self.kind.readers.get(name)
        if reader is not None:
            return reader(self.record, self.state)
        value = self.values().get(self.kind.shown(name))
        if name in MOMENTS or name in DAYS:
            return datetime.fromisoformat(value) if value else None
        return value

    def values(self) -> dict[str, Any]:
        """All of its fields under their original names."""
        return self.kind.write(self.record, self.state)

    def whole(self) -> bytes:
        """All of its fields as JSON; links to files are other ones in each answer."""
        whole = self._whole or to_json(self.values())
        if b'"urlMachine"' not in whole:
            self._whole = whole
        return whole


class RenamedRow:
    """An item with its custom fields under converted names."""

    def __init__(self, row: ShownRow) -> None:
        self.key = row.key
        self.row = row

    def look_up(self, name: str) -> Any:
        """A field in comparable form."""
        return self.row.look_up(original_name(name))

    def values(self) -> dict[str, Any]:
        """All of its fields under their converted names."""
        return {shown_name(name): value for name, value in self.row.values().items()}

    def whole(self) -> bytes:
        """All of its fields as JSON."""
        return to_json(self.values())


class HistoryEntry:
    """A row of the stage history."""

    def __init__(self, key: int, at: datetime, row: Any, write: Callable[[Any], dict[str, Any]]) -> None:
        self.key = key
        self.at = at
        self.row = row
        self._write = write
        self._whole: bytes | None = None

    def look_up(self, name: str) -> Any:
        """A field in comparable form."""
        if name == "ID":
            return self.key
        return self.at if name in MOMENTS else self.values()[name]

    def values(self) -> dict[str, Any]:
        """All of its fields."""
        return self._write(self.row)

    def whole(self) -> bytes:
        """All of its fields as JSON."""
        if self._whole is None:
            self._whole = to_json(self.values())
        return self._whole


def shown_name(name: str) -> str:
    """The converted form of a custom field's original name: numbers and words go by rules of their own."""
    own = name.removeprefix(CUSTOM)
    if own == name:
        return name
    return f"ufCrm_{own}" if own.isdigit() else "ufCrm" + "".join(map(str.capitalize, own.split("_")))


def original_name(name: str) -> str:
    """The original form of a custom field's name."""
    own = name.removeprefix("ufCrm")
    return name if own == name else CUSTOM.removesuffix("_") + _CAPITAL.sub(r"_\1", own).upper()
