"""One cycle, step by step; Dagster's assets call these steps, whoever started the run."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from extract.core.files import private_folder
from extract.core.lake import Lake
from extract.core.settings import CRMS, Settings, load_settings
from orchestration import build_record, inputs, locks
from orchestration.audit import Checkpoints, Finding
from orchestration.build import BuildOutcome, build, plan_of
from orchestration.extraction import Extracted, Wish, extract_crm
from orchestration.places import Places
from orchestration.publication import Publication, publish
from orchestration.watching import Watcher
from quality.landed import LandedRequest
from quality.publication import PublicationRequest

if TYPE_CHECKING:
    from pathlib import Path

    from extract.core.errors import DealhouseError


@dataclass
class Cycle:
    """A cycle over one home; it remembers what its steps brought for whoever started it.

    Attributes:
        is_one_process: Whether all steps run in this process, one after the other. Extraction of all CRMs
            then begins with the first, so that they are read at the same time, as in processes of their own.
    """

    home: Path
    settings_file: Path | None = None
    wish: Wish = field(default_factory=Wish)
    is_full_refresh: bool = False
    is_one_process: bool = False
    watcher: Watcher = field(default_factory=Watcher)
    extracted: Extracted = field(default_factory=Extracted)
    findings: list[Finding] = field(default_factory=list)
    outcome: BuildOutcome | None = None
    publication: Publication | None = None
    problem: DealhouseError | None = None
    _begun: dict[str, Future[Extracted]] = field(default_factory=dict)

    @cached_property
    def places(self) -> Places:
        """Where everything lies."""
        return Places(self.home.resolve())

    @cached_property
    def settings(self) -> Settings:
        """The validated settings."""
        return load_settings(self.settings_file)

    @cached_property
    def checkpoints(self) -> Checkpoints:
        """The process that runs checkpoints."""
        return Checkpoints(self.places)

    def land_settings(self) -> None:
        """Land the settings, where SQL reads them."""
        private_folder(self.places.home)
        Lake(self.places.home).land_settings(self.settings)
        if self.is_one_process and plan_of(self.places, is_full_refresh=self.is_full_refresh).is_everything:
            self.checkpoints.start()

    def extract(self, crm: str) -> Extracted:
        """Extract the connections of one CRM."""
        for other in CRMS if self.is_one_process else (crm,):
            if other not in self._begun:
                self._begun[other] = self._begin(other)
        extracted = self._begun[crm].result()
        self.extracted.add(extracted)
        return extracted

    def check_landed(self) -> list[Finding]:
        """The checkpoint on what was landed; nothing to check when nothing new landed and all was read."""
        with locks.hold(self.places.locks, [locks.WAREHOUSE]):
            record = build_record.read_record(self.places)
            tables = self._new_tables(record)
            if not tables and not self._has_gaps():
                return []
            self.watcher.step("Checking what was landed")
            request = LandedRequest(
                lake=str(self.places.lake),
                tables=tables,
                now=self._portal_times(),
                rows_before=dict(record.built.live_rows) if record.built else {},
            )
            findings, live_rows = self.checkpoints.landed(request)
            build_record.record_count(self.places, live_rows)
        self.findings += findings
        return findings

    def build(self, manifest: dict[str, object]) -> BuildOutcome:
        """Build what is new."""
        self.outcome = build(self.places, manifest, self.watcher, is_full_refresh=self.is_full_refresh)
        return self.outcome

    def check_candidate(self) -> list[Finding]:
        """The checkpoint before publication."""
        self.watcher.step("Checking what is to be published")
        served = self.places.served_database
        request = PublicationRequest(
            candidate=str(self.places.next_database),
            published=str(served.resolve()) if served.exists() else "",
        )
        try:
            findings = self.checkpoints.publication(request)
        finally:
            self.checkpoints.stop()
        self.findings += findings
        return findings

    def publish(self) -> Publication:
        """Publish the finished build."""
        self.watcher.step("Publishing")
        record = build_record.read_record(self.places)
        if record.built is None:
            raise AssertionError("only a finished build is published")
        self.publication = publish(self.places, record.built.moments(), record.touched)
        build_record.record_publication(self.places, record.built.build_id)
        return self.publication

    def close(self) -> None:
        """End what was started beside this process."""
        self.checkpoints.stop()

    def _begin(self, crm: str) -> Future[Extracted]:
        pool = ThreadPoolExecutor(1, thread_name_prefix=f"extract-{crm}")
        future = pool.submit(extract_crm, crm, self.settings, self.wish, self.places, self.watcher)
        pool.shutdown(wait=False)
        return future

    def _new_tables(self, record: build_record.BuildRecord) -> list[list[str]]:
        known = record.built.inputs.loads if record.built else {}
        loads = inputs.loads_of(self.places)
        return [
            table.split(".")
            for table, fingerprint in sorted(loads.items())
            if known.get(table) != fingerprint
        ]

    def _has_gaps(self) -> bool:
        """Whether something could not be read: in this run, or as far as another process of it can tell."""
        if self.is_one_process:
            return bool(self.extracted.complaints)
        rows = Lake(self.places.home).extraction_runs()
        newest = {
            (row["connection"], row["entity"]): row["is_complete"] or row.get("is_required") is False
            for row in rows
        }
        return not all(newest.values())

    def _portal_times(self) -> dict[str, str]:
        """Per active connection, the start of this run: on the portal's own clock where it was read."""
        now = datetime.now(UTC).replace(tzinfo=None)
        moments = {
            name: now
            for name, row in Lake(self.places.home).landed_connections().items()
            if row["is_active"] and (not self.wish.connections or name in self.wish.connections)
        }
        for run in self.extracted.runs:
            moments[run.connection] = run.started_at.astimezone(UTC).replace(tzinfo=None)
        return {name: moment.isoformat() for name, moment in moments.items()}
