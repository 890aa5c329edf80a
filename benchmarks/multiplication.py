"""Copies a table of the lake: every copy is a closed company, whose ids begin with the number of the copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.copied_tables import TABLES, WIDTHS
from extract.core.lake import Lake

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from benchmarks.copied_tables import Copied

COPIES_A_FILE = 10
# Characters that JSON text never holds: they stand where the number of a copy goes.
OTHER, OWN = "\x01", "\x02"
# Of a row: '18840000012', 'calls:61000000039:deals', '18840000027:closedate:2025-...'.
ROW_ID = "^((?:[a-z]+:)?)([1-9][0-9]*)"
# In a list: [9,10], ["CO_6","D_63"], "7755000022;7755000330", "41050000085:1766584541000".
LISTED_ID = r'([\[,;"_])([1-9][0-9]*)'


def multiply(database: duckdb.DuckDBPyConnection, home: Path, crm: str, entity: str, copies: int) -> None:
    """Write copies 1 up to `copies` beside what was extracted, which is copy 0."""
    table = TABLES[crm, entity]
    files = Lake(home).committed_files(crm, entity)
    load_id = max((file.load_id for file in files), key=float)
    database.execute(_template(crm, table), {"base": [str(file.path) for file in files]})
    for first in range(0, copies, COPIES_A_FILE):
        target = home / "lake" / crm / entity / f"{files[0].connection}.{load_id}.copy{first}.parquet"
        last = min(first + COPIES_A_FILE, copies)
        database.execute(f"copy ({_copies(table, first, last)}) to '{target}' (row_group_size 100000)")
    database.execute("drop table template")


def _template(crm: str, table: Copied) -> str:
    """The extracted rows, a mark before each id that moves; worked out once for all copies."""
    payload = "payload"
    for path in table.own_lists:
        payload = _marked_list(payload, path, OWN)
    for path in table.lists:
        payload = _marked_list(payload, path, OTHER)
    payload = _marked(payload, _keys(table.own), OWN)
    if table.others:
        payload = _marked(payload, _keys(table.others), OTHER)
    return f"""
        create or replace temp table template as
        select connection, {_filled_up(_marked("id", ROW_ID, OWN), crm)} as id, modified_at,
            {_filled_up(payload, crm)} as payload, extracted_at, is_deleted, _dlt_load_id
        from read_parquet($base)
    """


def _keys(keys: tuple[str, ...]) -> str:
    return f'("(?:{"|".join(keys)})":"?)([1-9][0-9]*)'


def _marked(text: str, pattern: str, mark: str) -> str:
    zeros = "0" * max(WIDTHS.values())
    return rf"regexp_replace({text}, '{pattern}', '\1{mark}{zeros}\2', 'g')"


def _marked_list(text: str, path: str, mark: str) -> str:
    piece = f"""'"{path.rpartition(".")[2]}":' || (payload::json -> '{path}')::varchar"""
    return f"coalesce(replace({text}, {piece}, {_marked(piece, LISTED_ID, mark)}), {text})"


def _filled_up(text: str, crm: str) -> str:
    return rf"regexp_replace({text}, '([{OTHER}{OWN}])0*([0-9]{{{WIDTHS[crm]}}})\b', '\1\2', 'g')"


def _copies(table: Copied, first: int, last: int) -> str:
    """The template once per copy and twin; twin 0 of copy 0 is what was extracted."""
    numbers = f"""
        select company::varchar as company, (company * {table.twins} + twin)::varchar as own
        from range({first}, {last}) as companies(company), range({table.twins}) as twins(twin)
        where company + twin > 0
    """
    return f"""
        select connection, replace(id, '{OWN}', own) as id, modified_at,
            {_numbered("payload")} as payload, extracted_at, is_deleted, _dlt_load_id
        from template, ({numbers})
    """


def _numbered(text: str) -> str:
    others = f"""case company
        when '0' then regexp_replace({text}, '{OTHER}0*', '', 'g') else replace({text}, '{OTHER}', company)
    end"""
    return f"replace({others}, '{OWN}', own)"
