"""One more load per CRM: deals get another amount, leads another title, activities are done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from benchmarks.copied_tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Edit:
    """What happens to drawn records of a table; of which records, and for which tables they are drawn too."""

    patch: str
    condition: str = "true"
    also_for: tuple[str, ...] = ()


DONE = "'2026-11-21T08:00:00.000Z'"
OUTCOME = "coalesce(json_extract_string(payload, '$.properties.hs_meeting_outcome'), 'SCHEDULED')"
EDITS = {
    ("bitrix24", "deals"): Edit("{'opportunity': 4321.5}"),
    ("bitrix24", "leads"): Edit("{'title': 'Called back'}"),
    ("bitrix24", "activities"): Edit(
        "{'COMPLETED': 'Y', 'STATUS': '2'}", "json_extract_string(payload, '$.COMPLETED') = 'N'"
    ),
    ("hubspot", "deals"): Edit("{'properties': {'amount': '4321.5'}}"),
    ("hubspot", "leads"): Edit("{'properties': {'hs_lead_name': 'Called back'}}"),
    ("hubspot", "calls"): Edit(
        "{'properties': {'hs_call_status': 'COMPLETED'}}",
        "json_extract_string(payload, '$.properties.hs_call_status') is null",
    ),
    ("hubspot", "meetings"): Edit(
        "{'properties': {'hs_meeting_outcome': 'COMPLETED'}}", f"{OUTCOME} in ('SCHEDULED', 'RESCHEDULED')"
    ),
    # E-mails and notes are done from the first: as many tasks more.
    ("hubspot", "tasks"): Edit(
        f"{{'properties': {{'hs_task_status': 'COMPLETED', 'hs_task_completion_date': {DONE}}}}}",
        "json_extract_string(payload, '$.properties.hs_task_status') <> 'COMPLETED'",
        ("emails", "notes"),
    ),
}


@dataclass(frozen=True)
class Load:
    """A load of one CRM that is being written."""

    database: duckdb.DuckDBPyConnection
    folder: Path
    load_id: str
    share: float

    def land(self, entity: str, edit: Edit) -> int:
        """Draw records and land each once more, a day younger than its newest capture; returns how many."""
        connection, wanted, drawable = self._counts(entity, edit)
        files = f"read_parquet('{self.folder}/{entity}/*.parquet')"
        target = self.folder / entity / f"{connection}.{self.load_id}.changed.parquet"
        in_a_million = 1_000_000 * self.share * wanted / max(drawable, 1)
        rows = self.database.execute(
            f"""
            copy (
                with drawn as (
                    select id from {files}
                    where not is_deleted and {edit.condition}
                        and hash(id || '{self.load_id}') % 1000000 < {in_a_million}
                ),
                newest as (
                    select * from {files} where id in (select id from drawn)
                    qualify row_number() over (
                        partition by id order by extracted_at desc, modified_at desc
                    ) = 1
                )
                select connection, id, modified_at + interval 1 day as modified_at,
                    json_merge_patch(payload::json, to_json({edit.patch}))::varchar as payload,
                    extracted_at + interval 1 day as extracted_at, is_deleted,
                    '{self.load_id}' as _dlt_load_id
                from newest
                where not is_deleted and {edit.condition}
            ) to '{target}'
            """
        ).fetchone()
        return int(rows[0]) if rows else 0

    def _counts(self, entity: str, edit: Edit) -> tuple[str, int, int]:
        """The connection, the number of records to draw for, and the number to draw from."""
        files = [f"{self.folder}/{counted}/*.parquet" for counted in (entity, *edit.also_for)]
        row = self.database.execute(
            f"""
            select min(connection), count(*), count(*) filter (filename like $own and {edit.condition})
            from read_parquet($files, filename = true)
            where not is_deleted
            """,
            {"files": files, "own": f"%/{entity}/%"},
        ).fetchone()
        return row or ("", 0, 0)


def change_some(home: Path, share: float) -> dict[str, int]:
    """Commit one more load per CRM, a share of the records edited; returns how many of each kind."""
    changed: dict[str, int] = {}
    with duckdb.connect() as database:
        database.execute("set memory_limit = '6GB'; set preserve_insertion_order = false")
        for crm in dict.fromkeys(crm for crm, _ in EDITS):
            folder = home / "lake" / crm
            ledger = max((folder / "_dlt_loads").glob("*.jsonl"))
            old_id = ledger.stem.rpartition("__")[2]
            load = Load(database, folder, f"{float(old_id) + 1:.6f}", share)
            for (owner, entity), edit in EDITS.items():
                if owner == crm:
                    kind = TABLES[crm, entity].kind
                    changed[kind] = changed.get(kind, 0) + load.land(entity, edit)
            line = ledger.read_text(encoding="utf-8").replace(old_id, load.load_id)
            ledger.with_name(ledger.name.replace(old_id, load.load_id)).write_text(line, encoding="utf-8")
    return changed
