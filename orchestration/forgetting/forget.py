"""A person forgotten: step by step, each of which may be cut short and done again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from extract.core import locks
from extract.core.errors import DealhouseError
from extract.core.lake import Captures, Lake
from extract.core.privacy import Forgotten
from extract.core.set_aside import finish_replacements
from orchestration.console import UsageError
from orchestration.forgetting import lake as in_lake
from orchestration.forgetting import rest
from orchestration.forgetting.links import links_of, merged_into, record_of
from orchestration.forgetting.note import Note, note_file, read_note, write_note
from orchestration.forgetting.patterns import Value, values_of
from orchestration.forgetting.person import ENTITIES, person_of
from orchestration.forgetting.search import Found, Search
from orchestration.lake_care.care import every_lock
from orchestration.lake_care.compaction import schemas

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from orchestration.places import Places
    from orchestration.watching import Watcher


@dataclass(frozen=True)
class Proof:
    """What a search of every file found afterwards.

    Attributes:
        elsewhere: Records of their own that hold the same values: perhaps the same person, entered twice.
        rewritten: Other records in whose texts the person stood.
        left: Values that stand somewhere although no such record explains it.
    """

    values: list[Value]
    found: Found
    elsewhere: dict[int, set[str]] = field(default_factory=dict)
    rewritten: set[str] = field(default_factory=set)
    left: list[int] = field(default_factory=list)
    is_repeated: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether nothing of the persons was found."""
        return not self.left and not self.found.beside_keys


def forget(
    places: Places, keys: Collection[str], watcher: Watcher, rebuild: Callable[[Places, Watcher], None]
) -> Proof:
    """Erase the persons of these records everywhere below the home, and search for what is left.

    Args:
        places: The home.
        keys: Keys of contacts and leads.
        watcher: Told the steps.
        rebuild: Builds the warehouse from the lake and publishes it.

    Raises:
        UsageError: For a key that is none of a contact or lead, or not in the lake.
        LockedError: When a run is under way.
    """
    for key in keys:
        _checked(key)
    with locks.hold(places.locks, every_lock(places)):
        lake = Lake(places.home)
        for schema in schemas(lake):
            finish_replacements(schema)
        note = _noted(places, lake, keys)
        if note is None:
            return Proof([], Found(), is_repeated=True)
        rewritten = _erase(places, note, watcher)
        rebuild(places, watcher)
        rest.remove_older_versions(places)
        proof = _prove(places, note, rewritten, watcher)
        if proof.is_clean:
            note_file(places).unlink()
    return proof


def _checked(key: str) -> None:
    if key.count(":") < 2 or key.split(":")[1] not in ENTITIES:
        raise UsageError(
            f"{key!r} is not the key of a contact or a lead.",
            "",
            "Write it as reports show it: <connection>:contact:<id> or <connection>:lead:<id>.",
        )


def _noted(places: Places, lake: Lake, keys: Collection[str]) -> Note | None:
    """What is to be erased; None when it was erased before."""
    note = read_note(places)
    new = {key for key in keys if not _is_forgotten(lake, key)} - note.keys
    if not new:
        return note if note.keys else None
    for key in new:
        _check_landed(lake, key)
    new |= merged_into(places, new)
    note.keys |= new
    links = links_of(places, note.keys)
    note.links.related |= links.related
    note.links.alone |= links.alone
    note.person.add(person_of(places, map(record_of, sorted(new))).as_json())
    write_note(places, note)
    return note


def _is_forgotten(lake: Lake, key: str) -> bool:
    record = record_of(key)
    return Forgotten(lake).holds(record.connection, record.entity, record.native_id)


def _check_landed(lake: Lake, key: str) -> None:
    record = record_of(key)
    known = lake.landed_connections()
    if record.connection in known:
        captures = Captures(lake, known[record.connection]["crm"], record.connection, record.entity)
        if captures.knows(record.native_id):
            return
    raise UsageError(
        f"There is no record {key!r} in the lake.", str(lake.root), f"Connections: {', '.join(known)}."
    )


def _erase(places: Places, note: Note, watcher: Watcher) -> set[str]:
    watcher.step("Erasing from the lake")
    in_lake.remember(places, note, datetime.now(UTC))
    rewritten = in_lake.erase_from_lake(places, note, watcher.built)
    in_lake.bury(places, note)
    rest.remove_what_is_made_anew(places)
    watcher.step("Erasing from logs and messages")
    rest.blot_out(places, note)
    return rewritten


def _prove(places: Places, note: Note, rewritten: set[str], watcher: Watcher) -> Proof:
    values = values_of(note.person)
    if not values:
        return Proof([], Found(), rewritten=rewritten)
    watcher.step("Searching every file")
    found = Search(places, values, note.keys).run(watcher.built)
    # A name may be a namesake's; a phone in another contact is that contact's own.
    elsewhere = {number: records for number, records in found.records.items() if values[number].is_sure}
    left = [
        number
        for number, value in enumerate(values)
        if value.is_sure and number in found.places and not elsewhere.get(number)
    ]
    return Proof(values, found, elsewhere, rewritten, left)


def rebuild_from_lake(places: Places, watcher: Watcher) -> None:
    """Build the warehouse from the lake, check it and publish it, without reading a CRM.

    Raises:
        BuildError: When a test fails: the erased lake stays, and the published versions are those before.
        AuditError: When the checkpoint refuses it.
    """
    from orchestration import dbt  # noqa: PLC0415  seconds, for which a wrong key need not wait
    from orchestration.audit import refuse_failures  # noqa: PLC0415
    from orchestration.cycle import Cycle  # noqa: PLC0415

    cycle = Cycle(places.home, is_full_refresh=True, is_one_process=True, watcher=watcher)
    try:
        cycle.build(dbt.manifest(places))
        refuse_failures(cycle.check_candidate(), str(places.next_database))
        cycle.publish()
    except DealhouseError as error:
        raise DealhouseError(
            f"The person is erased from the lake, but still stands in the published versions: {error.what}",
            error.where,
            "Mend it and repeat the command: it goes on from here.",
        ) from error
    finally:
        cycle.close()
