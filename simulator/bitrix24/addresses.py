"""Addresses: rows without an id that hang on requisites, on leads, or as in old portals on clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from simulator.bitrix24.items import COMPANY, CONTACT, LEAD
from simulator.bitrix24.lists import PAGE, Result, matching, page_of, read_query
from simulator.identifiers import bitrix24 as ids
from simulator.portal import Raw, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.bitrix24.methods import Methods
    from simulator.bitrix24.rows import ShownRow

REQUISITE = 8
PRIMARY, LEGAL = 1, 6
EMPTY: dict[str, str | None] = dict.fromkeys(
    ("ADDRESS_1", "ADDRESS_2", "CITY", "POSTAL_CODE", "REGION", "PROVINCE", "COUNTRY", "COUNTRY_CODE")
)
FIELDS = frozenset(
    {"TYPE_ID", "ENTITY_TYPE_ID", "ENTITY_ID", "LOC_ADDR_ID", "ANCHOR_TYPE_ID", "ANCHOR_ID", *EMPTY}
)


class AddressRow:
    """An address; all that it says is text."""

    def __init__(self, anchor: tuple[int, int], entity: tuple[int, int], type_: int, **texts: Any) -> None:
        self.key = anchor[1]
        numbers = {"TYPE_ID": type_, "ENTITY_TYPE_ID": entity[0], "ENTITY_ID": entity[1], "LOC_ADDR_ID": 0}
        numbers |= {"ANCHOR_TYPE_ID": anchor[0], "ANCHOR_ID": anchor[1]}
        self._values = {name: str(number) for name, number in numbers.items()} | EMPTY | texts

    def look_up(self, name: str) -> Any:
        """A field in comparable form."""
        return self._values[name]

    def values(self) -> dict[str, Any]:
        """All of its fields."""
        return self._values

    def whole(self) -> bytes:
        """All of its fields as JSON."""
        return to_json(self._values)


class AddressMethods:
    """The method about addresses, over those of an index."""

    def __init__(self, methods: Methods) -> None:
        self._methods = methods
        self._version = -1
        self._rows: list[AddressRow] = []

    def addresses(self, parameters: dict[str, Any]) -> Result:
        """A page of addresses, which stand in `result` itself; none tells of a next one.

        Their total is that of the page, unless counting is waived.
        """
        methods = self._methods
        query = read_query(parameters, methods.reader(FIELDS), "ANCHOR_ID")
        rows = self._present()
        page, result = page_of(rows, query, "ANCHOR_ID", methods.options, methods.shift)
        result.total = sum(1 for _ in matching(rows, query)) if query.start < 0 else min(len(page), PAGE)
        result.next = None
        wanted = FIELDS & set(query.select) or FIELDS
        result.value = [
            Raw(to_json({name: value for name, value in row.values().items() if name in wanted}))
            for row in page
        ]
        return result

    def _present(self) -> list[AddressRow]:
        """Those of all records that may be read."""
        index = self._methods.index
        if self._version != index.version:
            shown = (
                address
                for anchor_type, kind in index.items.items()
                for row in index.rows[kind.name]
                for address in _addresses_of(anchor_type, row)
            )
            self._rows = sorted(shown, key=lambda address: address.key)
            self._version = index.version
        return self._rows


def _addresses_of(anchor_type: int, row: ShownRow) -> Iterator[AddressRow]:
    number = row.record.number
    anchor = (anchor_type, row.key)
    if anchor_type == LEAD and number % 10 == 0:
        yield AddressRow(anchor, anchor, PRIMARY, CITY="Nowhere")
    if anchor_type not in {CONTACT, COMPANY}:
        return
    requisite = (REQUISITE, ids.requisite_id(anchor_type, number))
    country, city = (cast("str | None", row.state.get(name)) for name in ("country", "city"))
    if ids.has_legal_address(number):
        yield AddressRow(anchor, requisite, LEGAL, ADDRESS_1="Legal street 1", **_place(*ids.LEGAL_PLACE))
    if country or city:
        place = _place(country, ids.province(city), city)
        entity = anchor if number % 11 == 0 else requisite
        yield AddressRow(anchor, entity, PRIMARY, ADDRESS_1=f"Main street {number}", **place)
    elif number % 2 == 0:
        yield AddressRow(anchor, requisite, PRIMARY)


def _place(country: str | None, province: str | None, city: str | None) -> dict[str, str | None]:
    return {"COUNTRY": country, "PROVINCE": province, "CITY": city}
