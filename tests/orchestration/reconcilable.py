"""Published marts of a few deals, with what reconciliation reads of them."""

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
    create table marts.fct_deals as select * replace (amount::decimal(28, 6) as amount) from given;
    create table marts.dim_pipelines as select 'm:deal:0' as pipeline_key, 'Sales' as pipeline_name;
    create table marts.dim_stages as
        select 'm:deal:0:NEW' as stage_key, 'New' as stage_name, 1 as position;
    create table marts.dim_employees as select 'm:employee:7' as employee_key, 'Ann' as employee_name;
"""


@dataclass(frozen=True)
class Held:
    """A row of fct_deals."""

    native_id: str
    connection: str = "m"
    pipeline_id: str = "0"
    stage_id: str = "NEW"
    owner_id: str | None = "7"
    amount: Decimal | None = Decimal("100.5")
    currency: str | None = "EUR"
    created_at: datetime = LONG_AGO

    def row(self) -> dict[str, object]:
        """As the warehouse keys it."""
        return {
            "connection": self.connection,
            "native_id": self.native_id,
            "title": f"Deal {self.native_id}",
            "record_url": f"https://crm.example/{self.native_id}",
            "pipeline_key": f"{self.connection}:deal:{self.pipeline_id}",
            "stage_key": f"{self.connection}:deal:{self.pipeline_id}:{self.stage_id}",
            "owner_key": self.owner_id and f"{self.connection}:employee:{self.owner_id}",
            "amount": None if self.amount is None else str(self.amount),
            "currency": self.currency,
            "created_at": self.created_at,
        }


def write_marts(database: duckdb.DuckDBPyConnection, deals: Iterable[Held]) -> None:
    """Make the marts that reconciliation reads."""
    rows = [deal.row() for deal in deals]
    texts = [(name, pa.string()) for name in Held("1").row() if name != "created_at"]
    database.register(
        "given", pa.Table.from_pylist(rows, pa.schema([*texts, ("created_at", pa.timestamp("us"))]))
    )
    database.execute(TABLES)
    database.unregister("given")


def publish_deals(places: Places, deals: Iterable[Held], moments: dict[str, datetime]) -> None:
    """Publish them, complete up to these moments."""
    places.next_database.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(places.next_database)) as database:
        write_marts(database, deals)
    publish(places, moments, None)
