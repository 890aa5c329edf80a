"""Published marts of a few deals and leads, with what reconciliation reads of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from orchestration.publication import publish

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestration.places import Places

LONG_AGO = datetime.fromisoformat("2026-01-01 12:00")
TABLES = """
    create schema marts;
    create temporary table records as select * replace (amount::decimal(28, 6) as amount) from given;
    create table marts.fct_deals as from records where record_type = 'deal';
    create table marts.fct_leads as from records where record_type = 'lead';
    create table marts.dim_contacts as select connection from records where record_type = 'contact';
    create table marts.dim_pipelines as select 'm:deal:0' as pipeline_key, 'Sales' as pipeline_name;
    create table marts.dim_stages as
        select 'm:deal:0:NEW' as stage_key, 'New' as stage_name, 1 as position;
    create table marts.dim_employees as select 'm:employee:7' as employee_key, 'Ann' as employee_name;
"""


@dataclass(frozen=True)
class Held:
    """A row of fct_deals, or of the table of another type of records."""

    native_id: str
    connection: str = "m"
    pipeline_id: str = "0"
    stage_id: str = "NEW"
    owner_id: str | None = "7"
    amount: Decimal | None = Decimal("100.5")
    currency: str | None = "EUR"
    created_at: datetime = LONG_AGO
    record_type: str = "deal"

    def row(self) -> dict[str, object]:
        """As the warehouse keys it."""
        pipeline_key = f"{self.connection}:{self.record_type}:{self.pipeline_id}"
        return {
            "connection": self.connection,
            "record_type": self.record_type,
            "native_id": self.native_id,
            "title": f"{self.record_type.title()} {self.native_id}",
            "record_url": f"https://crm.example/{self.native_id}",
            "pipeline_key": pipeline_key,
            "stage_key": f"{pipeline_key}:{self.stage_id}",
            "owner_key": self.owner_id and f"{self.connection}:employee:{self.owner_id}",
            "amount": None if self.amount is None else str(self.amount),
            "currency": self.currency,
            "created_at": self.created_at,
        }


def write_marts(database: duckdb.DuckDBPyConnection, records: Iterable[Held]) -> None:
    """Make the marts that reconciliation reads."""
    rows = [record.row() for record in records]
    texts = [(name, pa.string()) for name in Held("1").row() if name != "created_at"]
    database.register(
        "given", pa.Table.from_pylist(rows, pa.schema([*texts, ("created_at", pa.timestamp("us"))]))
    )
    database.execute(TABLES)
    database.unregister("given")


def publish_records(places: Places, records: Iterable[Held], moments: dict[str, datetime]) -> None:
    """Publish them, complete up to these moments."""
    places.next_database.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(places.next_database)) as database:
        write_marts(database, records)
    publish(places, moments, None)
