"""One cycle, step by step; Dagster's assets call these steps, whoever started the run."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from extract.core import locks
from extract.core.errors import TransientError
from extract.core.files import private_folder
from extract.core.lake import Lake
from extract.core.settings import CRMS, Settings, load_settings
from orchestration import build_record, dbt, inputs, landed_check
from orchestration.audit import Checkpoints, Finding
from orchestration.build import BuildOutcome, build, plan_of
from orchestration.extraction import Extracted, Wish, extract_connections, extract_crm
from orchestration.issues.pages import write_pages
from orchestration.issues.transitions import land_transitions
from orchestration.places import Places
from orchestration.publication import Publication, publish
from orchestration.watching import Watcher
from quality.landed import LandedRequest
from quality.landing import land_rules
from quality.publication import PublicationRequest
from quality.rules import Rules, load_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from extract.core.census import Subject
    from extract.core.errors import DealhouseError


@dataclass
class Cycle:
    """A cycle over one home; it remembers what its steps brought for whoever started it.

    Attributes:
        is_one_process: Whether all steps run in this process, one after the other. Extraction of all CRMs
            then begins with the first, so that they are read at the same time, as in processes of their own.
        retries: How often a step is tried again after a failure that may pass.
    """

    home: Path
    settings_file: Path | None = None
    wish: Wish = field(default_factory=Wish)
    is_full_refresh: bool = False
    is_one_process: bool = False
    retries: int = 0
    seconds_between_tries: float = 60.0
    watcher: Watcher = field(default_factory=Watcher)
    extracted: Extracted = field(default_factory=Extracted)
    findings: list[Finding] = field(default_factory=list)
    outcome: BuildOutcome | None = None
    publication: Publication | None = None
    problem: DealhouseError | None = None
    censuses: dict[Subject, pa.Table] = field(default_factory=dict)
    shapes: dict[str, Any] = field(default_factory=dict)
    _begun: dict[str, Future[Extracted]] = field(default_factory=dict)
    _read: dict[str, Extracted] = field(default_factory=dict)

    @cached_property
    def places(self) -> Places:
        """Where everything lies."""
        return Places(self.home.resolve())

    @cached_property
    def settings(self) -> Settings:
        """The validated settings."""
        return load_settings(self.settings_file)

    @cached_property
    def rules(self) -> Rules:
        """The validated rules of data quality."""
        return load_rules()

    @cached_property
    def checkpoints(self) -> Checkpoints:
        """The process that runs checkpoints."""
        return Checkpoints(self.places)

    def land_settings(self) -> None:
        """Land the settings, where SQL reads them."""
        private_folder(self.places.home)
        rules = self.rules.effective(self.settings)
        Lake(self.places.home).land_settings(self.settings)
        land_rules(self.places.home, rules)
        if self.is_one_process and plan_of(self.places, is_full_refresh=self.is_full_refresh).is_everything:
            self.checkpoints.start()

    def extract(self, crm: str) -> Extracted:
        """Extract the connections of one CRM; asked again, only those that failed for a passing reason."""
        if crm in self._read:
            return self._extract_again(self._read[crm])
        self._begin_all(CRMS if self.is_one_process else (crm,))
        extracted = self._read[crm] = self._begun[crm].result()
        self.extracted.add(extracted)
        return extracted

    def finds_nothing_new(self) -> bool:
        """Read every CRM; whether that brought nothing to build, to publish or to complain about.

        Then no step is left. What failed for a reason nobody foresaw is left to the step that asks for it.
        """
        self.land_settings()
        self._begin_all(CRMS)
        if any(future.exception() or future.result().complaints for future in self._begun.values()):
            return False
        plan = plan_of(self.places, is_full_refresh=self.is_full_refresh)
        if not plan.is_nothing or build_record.read_record(self.places).awaits_publication:
            return False
        for crm in CRMS:
            self.extract(crm)
        return True

    def has_read_nothing_ever(self) -> bool:
        """Whether complaints are all that reading brought, into a lake that never held a record."""
        if any(future.exception() for future in self._begun.values()):
            return False
        found = [future.result() for future in self._begun.values()]
        if not any(extracted.complaints for extracted in found) or any(
            folder.name[0] != "_" and next(folder.glob("*.parquet"), None)
            for crm in CRMS
            for folder in (self.places.lake / crm).glob("*/")
        ):
            return False
        for crm in CRMS:
            self.extract(crm)
        return True

    def _extract_again(self, extracted: Extracted) -> Extracted:
        names = [name for name, error in extracted.failures.items() if isinstance(error, TransientError)]
        connections = [self.settings.connection(name) for name in names]
        again = extract_connections(connections, self.wish, self.places, self.watcher)
        for name in names:
            del extracted.failures[name], self.extracted.failures[name]
        extracted.add(again)
        self.extracted.add(again)
        return extracted

    def check_landed(self, manifest: dict[str, Any]) -> list[Finding]:
        """The checkpoint on what was landed; nothing to check when nothing new landed and all was read."""
        with locks.hold(self.places.locks, [locks.WAREHOUSE]):
            record = build_record.read_record(self.places)
            tables = self._new_tables(record)
            if not tables and not self._has_gaps():
                return []
            with TemporaryDirectory(prefix="dealhouse-") as folder:
                censuses = landed_check.write_censuses(self, record, Path(folder)) if tables else []
                self.watcher.step("Checking what was landed")
                request = LandedRequest(
                    lake=str(self.places.lake),
                    tables=tables,
                    now=self._portal_times(),
                    rows_before=dict(record.built.live_rows) if record.built else {},
                    shapes_before=landed_check.accepted_shapes(self.places),
                    read_keys=landed_check.read_keys(self.places, manifest),
                    censuses=censuses,
                )
                landed = self.checkpoints.landed(request)
            build_record.record_count(self.places, landed.live_rows)
        self.shapes = landed.shapes
        self.findings += landed.findings
        return landed.findings

    def build(self, manifest: dict[str, object]) -> BuildOutcome:
        """Build what is new."""
        self.outcome = build(self.places, manifest, self.watcher, is_full_refresh=self.is_full_refresh)
        landed_check.accept_shapes(self.places, self.shapes)
        return self.outcome

    def test_everything(self) -> list[dbt.NodeResult]:
        """Every data test of the project, over the warehouse as it is."""
        with locks.hold(self.places.locks, [locks.WAREHOUSE]):
            self.watcher.step("Testing everything")
            return dbt.run_tests(self.places, self.watcher.built)

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
        land_transitions(self.places, record.built.build_id)
        self.publication = publish(self.places, record.built.moments(), record.touched)
        write_pages(self.places)
        build_record.record_publication(self.places, record.built.build_id)
        return self.publication

    def close(self) -> None:
        """End what was started beside this process."""
        self.checkpoints.stop()

    def _begin_all(self, crms: Iterable[str]) -> None:
        self._begun |= {crm: self._begin(crm) for crm in crms if crm not in self._begun}

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
