"""What the working database was built from, so that a run builds what is new and repeats what was cut short.

One small file, replaced by rename: before a build with what is under way, after it with what is now inside.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from extract.core.files import private_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from orchestration.places import Places


@dataclass(frozen=True)
class Inputs:
    """Everything a build depends on, as fingerprints: loads per lake table, settings, the project's files."""

    loads: Mapping[str, str]
    settings: str
    project: str


@dataclass(frozen=True)
class Build:
    """A finished build: its inputs, the live rows per lake table, how far each connection's data reached."""

    build_id: str
    inputs: Inputs
    live_rows: Mapping[str, int] = field(default_factory=dict)
    data_as_of: Mapping[str, str] = field(default_factory=dict)

    def moments(self) -> dict[str, datetime]:
        """Per connection, the moment its data is complete up to."""
        return {name: datetime.fromisoformat(text) for name, text in self.data_as_of.items()}


@dataclass(frozen=True)
class Plan:
    """What a run has to build: nothing, what is downstream of some lake tables, or everything."""

    tables: tuple[str, ...] = ()
    is_everything: bool = False
    is_full_refresh: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether dbt need not start."""
        return not self.tables and not self.is_everything


@dataclass(frozen=True)
class BuildRecord:
    """The file's content."""

    built: Build | None = None
    pending: Plan | None = None
    touched: tuple[str, ...] | None = ()
    published: str | None = None
    counted: Mapping[str, int] = field(default_factory=dict)

    @property
    def awaits_publication(self) -> bool:
        """Whether a finished build has not been published yet."""
        return self.built is not None and self.pending is None and self.published != self.built.build_id


def plan_build(record: BuildRecord, inputs: Inputs, *, has_warehouse: bool, is_full_refresh: bool) -> Plan:
    """What has to be built now.

    Changed settings and changed project files may change any row, so everything is built again from the lake.
    An unfinished build left some models newer than others, so its plan is part of the next.
    """
    if record.built is None or not has_warehouse or is_full_refresh:
        return Plan(is_everything=True, is_full_refresh=True)
    last = record.built.inputs
    if last.settings != inputs.settings or last.project != inputs.project:
        return Plan(is_everything=True, is_full_refresh=True)
    changed = {table for table, loads in inputs.loads.items() if last.loads.get(table) != loads}
    pending = record.pending or Plan()
    if pending.is_everything:
        return pending
    return Plan(tables=tuple(sorted(changed | set(pending.tables))))


def read_record(places: Places) -> BuildRecord:
    """The record; an empty one when nothing was ever built."""
    try:
        content = json.loads(places.build_record.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return BuildRecord()
    return BuildRecord(
        built=_build(content["built"]),
        pending=Plan(**{**pending, "tables": tuple(pending["tables"])})
        if (pending := content["pending"])
        else None,
        touched=None if content["touched"] is None else tuple(content["touched"]),
        published=content["published"],
        counted=content["counted"],
    )


def record_count(places: Places, live_rows: Mapping[str, int]) -> None:
    """Note the live rows counted in tables with new loads; the next build takes them over."""
    record = read_record(places)
    _write(places, replace(record, counted={**record.counted, **live_rows}))


def record_start(places: Places, plan: Plan) -> None:
    """Note that a build is under way: until it is finished nothing may be published."""
    _write(places, replace(read_record(places), pending=plan))


def record_success(places: Places, build: Build, touched: tuple[str, ...] | None) -> None:
    """Note what is inside now, and which relations changed since the last publication (None: any of them)."""
    record = read_record(places)
    joined = None if touched is None or record.touched is None else tuple(sorted({*record.touched, *touched}))
    _write(places, replace(record, built=build, pending=None, touched=joined, counted={}))


def record_publication(places: Places, build_id: str) -> None:
    """Note that a build is published."""
    _write(places, replace(read_record(places), published=build_id, touched=()))


def _build(content: dict[str, Any] | None) -> Build | None:
    return Build(**{**content, "inputs": Inputs(**content["inputs"])}) if content else None


def _write(places: Places, record: BuildRecord) -> None:
    target: Path = private_folder(places.home) / places.build_record.name
    part = target.with_name(f"{target.name}.part")
    part.write_text(json.dumps(asdict(record), indent=1), encoding="utf-8")
    part.replace(target)
