"""Which objects are associated with which, both ways, and reading them for many objects at once."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from simulator.hubspot.errors import invalid
from simulator.identifiers import hubspot as ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.hubspot.facts import Facts
    from simulator.hubspot.records import Index, ObjectRow

MAX_INPUTS = 1000
# Unlabelled, and the primary one where there is such.
TYPE_IDS: dict[tuple[str, str], tuple[int, int | None]] = {
    ("deals", "contacts"): (3, None),
    ("contacts", "deals"): (4, None),
    ("deals", "companies"): (341, 5),
    ("companies", "deals"): (342, 6),
    ("contacts", "companies"): (279, 1),
    ("companies", "contacts"): (280, 2),
    ("leads", "contacts"): (608, 578),
    ("leads", "companies"): (610, None),
    ("leads", "deals"): (583, None),
    ("calls", "contacts"): (194, None),
    ("calls", "companies"): (182, None),
    ("calls", "deals"): (206, None),
    ("emails", "contacts"): (198, None),
    ("emails", "companies"): (186, None),
    ("emails", "deals"): (210, None),
    ("meetings", "contacts"): (200, None),
    ("meetings", "companies"): (188, None),
    ("meetings", "deals"): (212, None),
    ("notes", "contacts"): (202, None),
    ("notes", "companies"): (190, None),
    ("notes", "deals"): (214, None),
    ("tasks", "contacts"): (204, None),
    ("tasks", "companies"): (192, None),
    ("tasks", "deals"): (216, None),
}
OTHER = (900, None)
Pairs = defaultdict[tuple[str, str], defaultdict[int, list[tuple[int, bool]]]]
"""By (from, to), the ids that each id is associated with, and whether it is the primary one."""


class Associations:
    """The associations of one version of the world."""

    def __init__(self, indexes: dict[str, Index], facts: Facts) -> None:
        self.indexes = indexes
        self.facts = facts
        self.version = -1
        self.pairs: Pairs = _no_pairs()
        self._names = {index.type.kind: name for name, index in indexes.items()}

    def refresh(self) -> None:
        """Take in what has happened since."""
        if self.version == self.facts.world.version:
            return
        for index in self.indexes.values():
            index.refresh()
        self.pairs = _no_pairs()
        for index in self.indexes.values():
            for row in index.present:
                self._add(index.type.name, row)
        self.version = self.facts.world.version

    def _add(self, name: str, row: ObjectRow) -> None:
        seen: set[tuple[str, int]] = set()
        for kind, number in _linked(row):
            other = self._row(kind, number)
            if other is None or (kind, other.key) in seen:
                continue
            is_first = not any(linked == kind for linked, _ in seen)
            seen.add((kind, other.key))
            there, back = (name, other.type.name), (other.type.name, name)
            self.pairs[there][row.key].append((other.key, is_first))
            self.pairs[back][other.key].append((row.key, is_first and _has_primary(back)))

    def _row(self, kind: str, number: int) -> ObjectRow | None:
        """The object that a record is now, unless it is archived or unknown to HubSpot."""
        number = self.facts.merges(kind).survivor(number)
        index = self.indexes[self._names[kind]]
        row = index.row_of(number)
        return row if row is not None and row.is_shown and not row.is_archived else None

    def read(self, names: tuple[str, str], inputs: list[dict[str, Any]], page: int) -> dict[str, Any]:
        """The body of a batch read."""
        if len(inputs) > MAX_INPUTS:
            raise invalid(f"The maximum number of inputs is {MAX_INPUTS}.")
        results, errors = [], []
        for item in inputs:
            key = str(item.get("id"))
            linked = self.pairs[names].get(int(key), []) if key.isdigit() else []
            if linked:
                results.append(_result(names, key, linked, _offset(item.get("after")), page))
            else:
                errors.append(_nothing(names, key))
        body: dict[str, Any] = {"status": "COMPLETE", "results": results}
        return body | ({"numErrors": len(errors), "errors": errors} if errors else {})


def _no_pairs() -> Pairs:
    return defaultdict(lambda: defaultdict(list))


def _has_primary(names: tuple[str, str]) -> bool:
    return TYPE_IDS.get(names, OTHER)[1] is not None


def _linked(row: ObjectRow) -> Iterator[tuple[str, int]]:
    """What a record names, by the world's words; the primary one of each kind first."""
    state = row.state
    if state.get("company") is not None:
        yield "company", state["company"]
    yield from (("contact", number) for number in state.get("contacts") or ())
    yield from (("company", number) for number in state.get("companies") or ())
    if state.get("lead") is not None:
        yield "lead", state["lead"]
    yield from ((binding.type, binding.number) for binding in state.get("bindings") or ())


def _result(
    names: tuple[str, str], key: str, linked: list[tuple[int, bool]], begin: int, page: int
) -> dict[str, Any]:
    shown = [
        {"toObjectId": str(other), "associationTypes": _types(names, is_primary=is_primary)}
        for other, is_primary in linked[begin : begin + page]
    ]
    result: dict[str, Any] = {"from": {"id": key}, "to": shown}
    if begin + page < len(linked):
        after = urlsafe_b64encode(f"offset:{begin + page}".encode()).decode()
        result["paging"] = {"next": {"after": after, "link": f"?after={after}"}}
    return result


def _types(names: tuple[str, str], *, is_primary: bool) -> list[dict[str, Any]]:
    plain, primary = TYPE_IDS.get(names, OTHER)
    types: list[dict[str, Any]] = [{"category": "HUBSPOT_DEFINED", "typeId": plain, "label": None}]
    if is_primary and primary is not None:
        types.insert(0, {"category": "HUBSPOT_DEFINED", "typeId": primary, "label": "Primary"})
    return types


def _nothing(names: tuple[str, str], key: str) -> dict[str, Any]:
    source, target = (name.removesuffix("s") for name in names)
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {target} is associated with {source} {key}.",
        "context": {"fromObjectId": [key]},
    }


def _offset(after: Any) -> int:
    if not after:
        return 0
    try:
        return int(urlsafe_b64decode(str(after)).decode().removeprefix("offset:"))
    except ValueError as error:
        raise invalid("Invalid paging cursor.") from error


def stamped(body: dict[str, Any], at: Any) -> dict[str, Any]:
    """The body with the moments that all batch answers carry."""
    moment = ids.instant_text(at)
    return body | {"startedAt": moment, "completedAt": moment}
