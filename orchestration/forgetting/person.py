"""What tells who a person is: the values of the record, and where else the person may stand."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb
import orjson

from extract.core.lake import Lake
from orchestration.extraction import source_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extract.core.privacy import Privacy
    from orchestration.places import Places

ENTITIES = {"contact": "contacts", "lead": "leads"}
_EMAIL = re.compile(r"[^\s@\"'<>(),;:/]+@[^\s@\"'<>(),;:/]+\.[^\s@\"'<>(),;:/.]{2,}")
_PHONE = re.compile(r"\+?[\d\s().\-/\u00a0]{7,25}")
_EXTENSION = re.compile(r"\s*(?:ext\.?|доб\.?|x|#|;|,)", re.IGNORECASE)
_SHORTEST_NAME = 4
_SHORTEST_POINT = 6


@dataclass(frozen=True)
class Record:
    """A record as its key names it."""

    connection: str
    record_type: str
    native_id: str

    @property
    def key(self) -> str:
        """`<connection>:<record type>:<native id>`."""
        return f"{self.connection}:{self.record_type}:{self.native_id}"

    @property
    def entity(self) -> str:
        """Its table in the lake."""
        return entity_of(self.record_type)


def entity_of(record_type: str) -> str:
    """The lake table of a record type: companies of company, calls of call."""
    stem = record_type.removesuffix("y") + "ie" if record_type.endswith("y") else record_type
    return f"{stem}s"


@dataclass
class Person:
    """Values by which a person can be found."""

    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    names: set[tuple[str, ...]] = field(default_factory=set)

    @property
    def pieces(self) -> set[str]:
        """Parts of names that are long enough to be looked for alone."""
        return {piece for name in self.names for piece in name if len(piece) >= _SHORTEST_NAME}

    @property
    def full_names(self) -> set[tuple[str, ...]]:
        """Names of which more than one part is known."""
        return {name for name in self.names if len(name) > 1}

    @property
    def is_unknown(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.emails or self.phones or self.names)

    def learn(self, payload: dict[str, Any], privacy: Privacy) -> None:
        """Take in the values of one capture."""
        found = [(key, text) for key, text in _texts(payload) if key not in privacy.impersonal]
        name = tuple(text.strip() for key, text in found if key in privacy.names and text.strip())
        if name:
            self.names.add(name)
        for key, text in found:
            if key not in privacy.names:
                self.emails |= {match.casefold() for match in _EMAIL.findall(text)}
            if key in privacy.contact_points:
                self._learn_contact_point(text.strip())

    def _learn_contact_point(self, text: str) -> None:
        """Phones come from these fields only: a date or an amount is digits too."""
        number = _EXTENSION.split(text)[0].strip()
        digits = "".join(str(unicodedata.decimal(sign)) for sign in number if sign.isdecimal())
        if _PHONE.fullmatch(number) and 7 <= len(digits) <= 15:
            self.phones.add(digits)
        elif len(text) >= _SHORTEST_POINT:  # whatever it is: data quality flags it as it stands
            self.emails.add(text.casefold())

    def as_json(self) -> dict[str, Any]:
        """For the note of an erasure under way."""
        return {
            "emails": sorted(self.emails),
            "phones": sorted(self.phones),
            "names": sorted(map(list, self.names)),
        }

    def add(self, content: dict[str, Any]) -> None:
        """Take in what such a note says."""
        self.emails |= set(content["emails"])
        self.phones |= set(content["phones"])
        self.names |= {tuple(name) for name in content["names"]}


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        # A contact point is {"typeId": .., "value": ..}: its key is that of the list it stands in.
        for name, item in value.items():
            yield from _texts(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, key)
    elif isinstance(value, str) and value:
        yield key, value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield key, str(value)


def person_of(places: Places, records: Iterable[Record]) -> Person:
    """What the lake's captures of these records say, committed or not."""
    person = Person()
    crms = {name: row["crm"] for name, row in Lake(places.home).landed_connections().items()}
    for record in records:
        privacy = source_of(crms[record.connection]).privacy
        for payload in _payloads(places, crms[record.connection], record):
            person.learn(orjson.loads(payload), privacy)
    return person


def _payloads(places: Places, crm: str, record: Record) -> list[str]:
    folder = places.lake / crm / record.entity
    if not any(folder.glob("*.parquet")):
        return []
    with duckdb.connect() as database:
        rows = database.execute(
            "select distinct payload from read_parquet($files, union_by_name = true)"
            " where connection = $connection and id = $id and not is_deleted",
            {
                "files": f"{folder}/*.parquet",
                "connection": record.connection,
                "id": record.native_id,
            },
        ).fetchall()
    return [row[0] for row in rows]
