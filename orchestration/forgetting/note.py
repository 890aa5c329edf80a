"""The note of an erasure under way: what is to be erased, so that a kill does not lose it.

It holds what the lake no longer does once the erasure has begun; it is removed when the proof is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from orchestration.forgetting.links import Links
from orchestration.forgetting.person import Person
from orchestration.places import PRIVATE_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.places import Places


@dataclass
class Note:
    """Whose records, what is known of the person, and what else is concerned."""

    keys: set[str] = field(default_factory=set)
    person: Person = field(default_factory=Person)
    links: Links = field(default_factory=Links)


def note_file(places: Places) -> Path:
    """Outside the lake, of which backups are made."""
    return places.home / "forgetting.json"


def read_note(places: Places) -> Note:
    """The note of an erasure that was cut short; an empty one when there is none."""
    file, note = note_file(places), Note()
    if file.exists():
        content = orjson.loads(file.read_bytes())
        note.keys = set(content["keys"])
        note.person.add(content["person"])
        note.links = Links(set(content["related"]), set(content["alone"]))
    return note


def write_note(places: Places, note: Note) -> None:
    """Keep the note until the erasure is done."""
    file = note_file(places)
    part = file.with_name(f"{file.name}.part")
    content = {
        "keys": sorted(note.keys),
        "person": note.person.as_json(),
        "related": sorted(note.links.related),
        "alone": sorted(note.links.alone),
    }
    part.touch(PRIVATE_FILE)
    part.write_bytes(orjson.dumps(content))
    part.replace(file)
