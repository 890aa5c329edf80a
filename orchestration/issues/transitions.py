"""Transitions: what a build found to have changed, landed before its readers and its alerts know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from extract.core.files import private_folder
from extract.core.lake import Lake
from orchestration.places import PRIVATE_FILE

if TYPE_CHECKING:
    from orchestration.places import Places

TABLE = "dq_transitions"
_COLUMNS = (
    "transition_at, run_id, connection, rule_id, rule_version, record_type, record_key, owner_key,"
    " transition, is_baseline, resolution, detected_value, money_at_risk, transition_number"
)
_NEW = f"select {_COLUMNS} from data_quality.dq_new_transitions"  # noqa: S608
_LANDED = f"select {_COLUMNS} from read_parquet($landed)"  # noqa: S608


def land_transitions(places: Places, build_id: str) -> int:
    """Land what the finished build found to have changed, as one file; how many rows it has.

    A run that is cut short after this lands nothing again: what the lake knows is left out.
    """
    target = private_folder(places.own_lake / TABLE) / f"{build_id}.parquet"
    landed = [str(file) for file in Lake(places.home).own_files(TABLE)]
    query = f"{_NEW} except {_LANDED}" if landed else _NEW
    with duckdb.connect(str(places.warehouse)) as connection:
        new = connection.sql(query, params={"landed": landed} if landed else None).to_arrow_table()
        if not new.num_rows:
            return 0
        part = target.with_name(f"{target.name}.part")
        connection.from_arrow(new).write_parquet(str(part), compression="zstd")
    part.chmod(PRIVATE_FILE)
    part.replace(target)
    return int(new.num_rows)
