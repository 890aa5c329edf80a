"""Stays in stages: what histories tell, and the first and last ones they leave out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from simulator.model import StageKind
from tests.oracle.inputs import seconds_between

if TYPE_CHECKING:
    from simulator.visible_records import VisibleDeal, VisibleLead
    from tests.oracle.history import Event, History, Version
    from tests.oracle.stages import Directory, StageFacts

AnyHistory: TypeAlias = "History[VisibleDeal] | History[VisibleLead]"
AnyVersion: TypeAlias = "Version[VisibleDeal] | Version[VisibleLead]"
NEARLY_AT_ONCE = timedelta(seconds=60)


@dataclass(frozen=True)
class Entry:
    """An entry into a stage and how it is known."""

    place: tuple[str, str]
    at: datetime
    source: str
    moved_in_at: datetime | None = None


@dataclass(frozen=True)
class Stay:
    """A stay in a stage."""

    stage: StageFacts
    number: int
    entered_at: datetime
    exited_at: datetime | None
    source: str
    move: str
    previous: StageFacts | None
    moved_in_at: datetime | None = None

    @property
    def began_at(self) -> datetime:
        """When it began as far as anybody tells: a stay taken back to the creation begins with its move."""
        return self.moved_in_at or self.entered_at

    @property
    def seconds(self) -> int | None:
        """How long it took; None while it lasts."""
        return None if self.exited_at is None else seconds_between(self.entered_at, self.exited_at)


def stays_of(history: AnyHistory, directory: Directory) -> list[Stay]:
    """All stays of a record, gapless from its creation on."""
    entries = _entries(history)
    stays: list[Stay] = []
    for n, entry in enumerate(entries):
        stage = directory.stage(entry.place)
        previous = stays[-1].stage if stays else None
        exited_at = entries[n + 1].at if n + 1 < len(entries) else None
        move = _move(previous, stage)
        stays.append(Stay(stage, n + 1, entry.at, exited_at, entry.source, move, previous, entry.moved_in_at))
    return stays


def closing_run(stays: list[Stay]) -> list[Stay]:
    """The unbroken run of stays of the closed kind that the record is in now; empty while it is open."""
    run: list[Stay] = []
    for stay in reversed(stays):
        if stay.stage.kind is StageKind.OPEN or stay.stage.kind is not stays[-1].stage.kind:
            break
        run.insert(0, stay)
    return run


def _entries(history: AnyHistory) -> list[Entry]:
    told = _collapse([Entry(event.place, event.at, "history") for event in history.events])
    entries = _with_creation(history, told)
    entries += [_captured(v) for v in history.versions[:-1] if not _is_told(v, history.events)]
    entries = _collapse(sorted(entries, key=lambda entry: entry.at))
    newest = history.newest
    if entries[-1].place != newest.place:
        entries.append(Entry(newest.place, max(newest.moved_at, entries[-1].at), "inferred_current"))
    return entries


def _with_creation(history: AnyHistory, told: list[Entry]) -> list[Entry]:
    created_at = history.newest.record.created_at
    earliest = history.versions[0]
    if not told:
        return [Entry(earliest.place, created_at, "inferred_creation")]
    if told[0].at <= created_at + NEARLY_AT_ONCE:
        return told
    # The told entry stays behind the first one: it counts again if another stage lies between the two.
    if earliest.record.modified_at < told[0].at and earliest.place != told[0].place:
        return [Entry(earliest.place, created_at, "inferred_creation"), *told]
    moved_in_at = told[0].at if history.events[0].is_move else None
    return [Entry(told[0].place, created_at, "inferred_creation", moved_in_at), *told]


def _captured(version: AnyVersion) -> Entry:
    return Entry(version.place, version.moved_at, "captured")


def _is_told(version: AnyVersion, events: list[Event]) -> bool:
    """Events give the captured stage at that moment, or within a minute after it."""
    modified_at = version.record.modified_at
    before = [event.place for event in events if event.at <= modified_at]
    soon = [event.place for event in events if modified_at < event.at <= modified_at + NEARLY_AT_ONCE]
    return version.place in [*before[-1:], *soon]


def _collapse(entries: list[Entry]) -> list[Entry]:
    kept: list[Entry] = []
    for entry in entries:
        if not kept or kept[-1].place != entry.place:
            kept.append(entry)
    return kept


def _move(before: StageFacts | None, after: StageFacts) -> str:
    if before is None:
        return "created"
    if after.kind is not StageKind.OPEN:
        return "closed_again" if before.kind is after.kind else after.kind.value
    if before.kind is not StageKind.OPEN:
        return "reopened"
    if before.pipeline_id != after.pipeline_id:
        return "pipeline_change"
    return _step(before.position, after.position)


def _step(before: int | None, after: int | None) -> str:
    if before is None or after is None or before == after:
        return "sideways"
    if after < before:
        return "backward"
    return "forward" if after == before + 1 else "skipped_forward"
