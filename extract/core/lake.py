"""The lake: committed captures, and what Dealhouse itself lands (settings, runs)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from extract.core.files import atomic_write_parquet
from extract.core.ledger import LakeFile, committed_in
from extract.core.set_aside import names_set_aside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from extract.core.settings import Connection, Settings

OWN = "dealhouse"
INSTANT = pa.timestamp("us")
CAPTURE_SCHEMA = pa.schema(
    [
        ("connection", pa.string()),
        ("id", pa.string()),
        ("modified_at", INSTANT),
        ("payload", pa.string()),
        ("extracted_at", INSTANT),
        ("is_deleted", pa.bool_()),
    ]
)
CONNECTION_COLUMNS = (
    "connection",
    "crm",
    "portal_url",
    "timezone",
    "start_date",
    "leads_from",
    "loss_reason",
    "competitor",
    "required_fields",
    "phone_region",
    "sla_hours",
    "repeat",
    "closing_date",
    "is_active",
)
CONNECTIONS_SCHEMA = pa.schema(
    [("landed_at", INSTANT)]
    + [
        (name, {"sla_hours": pa.float64(), "is_active": pa.bool_()}.get(name, pa.string()))
        for name in CONNECTION_COLUMNS
    ]
)
REPORTING_SCHEMA = pa.schema(
    [
        ("landed_at", INSTANT),
        ("currency", pa.string()),
        ("timezone", pa.string()),
        ("week_start", pa.string()),
        ("fiscal_year_start", pa.int32()),
    ]
)
RUNS_SCHEMA = pa.schema(
    [
        ("run_id", pa.string()),
        ("connection", pa.string()),
        ("crm", pa.string()),
        ("entity", pa.string()),
        ("started_at", INSTANT),
        ("completed_at", INSTANT),
        ("is_complete", pa.bool_()),
        ("is_required", pa.bool_()),
        ("is_full_cycle", pa.bool_()),
        ("rows", pa.int64()),
        ("requests", pa.int64()),
        ("quota_share", pa.float64()),
        ("error", pa.string()),
    ]
)


class Lake:
    """`<home>/lake` on local disk."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "lake"

    def committed_loads(self, crm: str) -> set[tuple[str, str]]:
        """(connection, load id) of every committed load."""
        return committed_in(self.root / crm)

    def committed_files(self, crm: str, entity: str, connection: str | None = None) -> list[LakeFile]:
        """The files of a table that belong to committed loads."""
        committed = self.committed_loads(crm)
        pattern = f"{connection}.*.parquet" if connection else "*.parquet"
        files = (LakeFile.of(path) for path in self._files(crm, entity, pattern))
        return [file for file in files if (file.connection, file.load_id) in committed]

    def own_files(self, table: str) -> list[Path]:
        """The files of a table that Dealhouse itself lands."""
        return self._files(OWN, table, "*.parquet")

    def _files(self, schema: str, table: str, pattern: str) -> list[Path]:
        aside = names_set_aside(self.root / schema)
        return sorted(path for path in (self.root / schema / table).glob(pattern) if path.name not in aside)

    def newest_loads(self) -> dict[tuple[str, str], str]:
        """The newest committed load id per (crm, entity), over all connections."""
        newest: dict[tuple[str, str], str] = {}
        for crm, entity in self.tables():
            load_ids = [file.load_id for file in self.committed_files(crm, entity)]
            if load_ids:
                newest[crm, entity] = max(load_ids, key=float)
        return newest

    def tables(self) -> Iterator[tuple[str, str]]:
        """(crm, entity) of every table of captures."""
        for folder in sorted(self.root.glob("*/*/")):
            if folder.parent.name != OWN and not folder.name.startswith("_"):
                yield folder.parent.name, folder.name

    def land_settings(self, settings: Settings) -> None:
        """Land the validated settings, without secrets, if they differ from the landed ones."""
        now = datetime.now(UTC).replace(tzinfo=None)
        landed = self.landed_connections()
        wanted = {connection.name: _connection_row(connection) for connection in settings.connections}
        gone = {name: row | {"is_active": False} for name, row in landed.items() if name not in wanted}
        changed = [row for name, row in (wanted | gone).items() if landed.get(name) != row]
        if changed:
            rows = [{"landed_at": now} | row for row in changed]
            atomic_write_parquet(
                pa.Table.from_pylist(rows, CONNECTIONS_SCHEMA), self.root / OWN / "connections", "connections"
            )
        reporting = settings.reporting.model_dump()
        if self._landed_reporting() != reporting:
            table = pa.Table.from_pylist([{"landed_at": now} | reporting], REPORTING_SCHEMA)
            atomic_write_parquet(table, self.root / OWN / "reporting", "reporting")

    def landed_connections(self) -> dict[str, dict[str, Any]]:
        """The newest landed row of each connection, without landed_at."""
        rows = sorted(self.own_rows("connections"), key=lambda row: row["landed_at"])
        return {row["connection"]: {name: row[name] for name in CONNECTION_COLUMNS} for row in rows}

    def _landed_reporting(self) -> dict[str, Any] | None:
        rows = sorted(self.own_rows("reporting"), key=lambda row: row["landed_at"])
        return {name: value for name, value in rows[-1].items() if name != "landed_at"} if rows else None

    def reporting_timezone(self) -> str:
        """The zone of every date of a report; UTC before settings have landed."""
        return str((self._landed_reporting() or {}).get("timezone", "UTC"))

    def reporting_currency(self) -> str:
        """The currency of every amount of a report; nothing before settings have landed."""
        return str((self._landed_reporting() or {}).get("currency", ""))

    def land_runs(self, rows: list[dict[str, Any]]) -> None:
        """Land rows of extraction_runs."""
        table = pa.Table.from_pylist(rows, RUNS_SCHEMA)
        atomic_write_parquet(table, self.root / OWN / "extraction_runs", rows[0]["run_id"])

    def extraction_runs(self) -> list[dict[str, Any]]:
        """Every landed run, oldest first by this machine's clock: it alone saw the runs that reached no
        portal.
        """
        return sorted(
            self.own_rows("extraction_runs"),
            key=lambda row: (row["run_id"].rpartition("-")[2], row["started_at"], row["entity"]),
        )

    def own_rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table that Dealhouse itself lands."""
        try:
            return [row for path in self.own_files(table) for row in pq.read_table(path).to_pylist()]
        except FileNotFoundError:  # folded into another file since it was listed
            return self.own_rows(table)


def _connection_row(connection: Connection) -> dict[str, Any]:
    mappings = connection.mappings.model_dump()
    fields = mappings.pop("required_fields")
    start: date | None = connection.start_date
    return {
        "connection": connection.name,
        "crm": connection.crm,
        "portal_url": connection.portal_url,
        "timezone": connection.timezone,
        "start_date": start.isoformat() if start else None,
        "is_active": True,
        "required_fields": ",".join(fields) if fields else None,
    } | mappings


class Captures:
    """What is landed of one entity of one connection; DuckDB reads, Python sees the answers."""

    def __init__(self, lake: Lake, crm: str, connection: str, entity: str) -> None:
        self._lake, self._crm, self._connection, self._entity = lake, crm, connection, entity

    def changed(self, table: pa.Table) -> pa.Table:
        """The rows of `table` that differ from the newest capture of their id, each id once."""
        table = _last_of_each_id(table)
        files = self._files()
        if not files or not table.num_rows:
            return table
        query = """
            with newest as (
                select id, max_by(payload, (extracted_at, _dlt_load_id)) as payload,
                       max_by(is_deleted, (extracted_at, _dlt_load_id)) as is_deleted
                from read_parquet($files) semi join read_rows using (id)
                group by id
            )
            select read_rows.* from read_rows left join newest using (id)
            where newest.id is null or newest.is_deleted is distinct from read_rows.is_deleted
               or (newest.payload is distinct from read_rows.payload and not read_rows.is_deleted)
        """
        return _query(query, files, {}, read_rows=table).cast(CAPTURE_SCHEMA)

    def alive(self) -> pa.Table:
        """The ids whose newest capture is not a tombstone."""
        return self._ids("not max_by(is_deleted, (extracted_at, _dlt_load_id))")

    def knows(self, native_id: str) -> bool:
        """Whether anything of that id is landed."""
        files = self._files()
        query = "select id from read_parquet($files) where id = $id limit 1"
        return bool(files and _query(query, files, {"id": native_id}).num_rows)

    def deleted_since(self, moment: datetime) -> pa.Table:
        """The ids whose newest capture is a tombstone of that time or later."""
        return self._ids(
            "max_by(is_deleted and modified_at >= $since, (extracted_at, _dlt_load_id))",
            since=moment.astimezone(UTC).replace(tzinfo=None),
        )

    def outdated(self, shown: pa.Table) -> list[str]:
        """Of what a CRM shows, ids with their times of change, those that are not landed just so."""
        if not (files := self._files()) or not shown.num_rows:
            return list(shown["id"].to_pylist())
        query = """
            select id from shown anti join (
                select id, max_by(modified_at, (extracted_at, _dlt_load_id)) as modified_at
                from read_parquet($files) semi join shown using (id) group by id
                having not max_by(is_deleted, (extracted_at, _dlt_load_id))
            ) using (id, modified_at)
        """
        return list(_query(query, files, {}, shown=shown)["id"].to_pylist())

    def alive_since(self, moment: datetime) -> pa.Table:
        """The ids whose newest capture was made at that moment or later, and is not a tombstone."""
        return self._ids(
            "max_by(not is_deleted, (extracted_at, _dlt_load_id)) and max(extracted_at) >= $since",
            since=moment.astimezone(UTC).replace(tzinfo=None),
        )

    def _ids(self, condition: str, **parameters: Any) -> pa.Table:
        files = self._files()
        if not files:
            return pa.table({"id": pa.array([], pa.string())})
        query = f"select id from read_parquet($files) group by id having {condition}"  # noqa: S608
        return _query(query, files, parameters)

    def _files(self) -> list[str]:
        files = self._lake.committed_files(self._crm, self._entity, self._connection)
        return [str(file.path) for file in files]


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """One in-memory engine for the process: opening another takes longer than most questions."""
    return duckdb.connect(config={"threads": 2})


def absent_ids(left: pa.Table, right: pa.Table) -> list[str]:
    """The ids of `left` that are not in `right`."""
    with _database().cursor() as database:
        database.register("left_ids", left)
        database.register("right_ids", right)
        rows = database.sql("select id from left_ids anti join right_ids using (id) order by id").fetchall()
    return [row[0] for row in rows]


def _query(query: str, files: list[str], parameters: dict[str, Any], **tables: pa.Table) -> pa.Table:
    with _database().cursor() as database:
        for name, table in tables.items():
            database.register(name, table)
        return database.sql(query, params={"files": files, **parameters}).to_arrow_table()


def _last_of_each_id(table: pa.Table) -> pa.Table:
    """Without the earlier ones of rows that share an id, as a page served twice makes them."""
    positions = pa.array(range(table.num_rows), pa.int64())
    last = table.append_column("position", positions).group_by("id").aggregate([("position", "max")])
    if last.num_rows == table.num_rows:
        return table
    return table.take(pa.array(sorted(last["position_max"].to_pylist()), pa.int64()))
