"""From HTTP to lake without quotas: records and megabytes a second, the floor of the same run beside."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dlt
import orjson
import requests

from benchmarks.portals import replayed_portal
from benchmarks.table import print_table
from extract.core.cycle import extract_connection
from extract.sources import source_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.settings import Connection

PAYLOAD_SIZES = {1_000: 12.0, 10_000: 2.0, 40_000: 0.6}  # bytes a record: size of the world
DEFAULT_PATH_RECORDS = 1_500
BATCH = 50


@dataclass(frozen=True)
class Measurement:
    """One way to read the same deals."""

    records: int
    seconds: float
    payload_bytes: int

    @property
    def per_second(self) -> float:
        """Records a second."""
        return self.records / self.seconds

    @property
    def megabytes_per_second(self) -> float:
        """Megabytes of payload a second."""
        return self.per_second * self.payload_bytes / 1e6


def bare_pages(connection: Connection) -> Iterator[list[dict[str, Any]]]:
    """The floor: the same batches of keyset pages, parsed and dropped."""
    session = requests.Session()
    url = connection.url.get_secret_value().rstrip("/") + "/batch"
    last = 0
    while True:
        body = orjson.dumps({"halt": 1, "cmd": _chained_pages(last)})
        reply = orjson.loads(session.post(url, body, headers={"Content-Type": "application/json"}).content)
        answers = reply["result"]["result"]
        for name in sorted(answers, key=lambda name: int(name[1:])):
            items = answers[name]["items"]
            if items:
                yield items
                last = items[-1]["id"]
            if len(items) < BATCH:
                return


def _chained_pages(last: int) -> dict[str, str]:
    shared = "crm.item.list?entityTypeId=2&order[id]=ASC&start=-1&select[0]=*&select[1]=UF_*&filter[>id]="
    following = (f"$result[p{page - 1}][items][{BATCH - 1}][id]" for page in range(1, BATCH))
    return {f"p{page}": shared + str(after) for page, after in enumerate([last, *following])}


def measure_bare(connection: Connection, payload_bytes: int) -> Measurement:
    """Server and transport alone."""
    began = time.perf_counter()
    records = sum(len(page) for page in bare_pages(connection))
    return Measurement(records, time.perf_counter() - began, payload_bytes)


def measure_extraction(connection: Connection, payload_bytes: int) -> Measurement:
    """The product's own path: HTTP, comparison, Arrow, Parquet, commit."""
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        runs = extract_connection(connection, source_of(connection.crm), Path(home), entities=["deals"])
        return Measurement(runs[0].rows, time.perf_counter() - began, payload_bytes)


def measure_default_path(connection: Connection, payload_bytes: int) -> Measurement:
    """The same pages as dictionaries through dlt's default path."""

    def rows() -> Iterator[list[dict[str, Any]]]:
        seen = 0
        for page in bare_pages(connection):
            yield page
            seen += len(page)
            if seen >= DEFAULT_PATH_RECORDS:
                return

    with tempfile.TemporaryDirectory() as home:
        pipeline = dlt.pipeline(
            "default_path",
            pipelines_dir=f"{home}/dlt",
            destination=dlt.destinations.filesystem(bucket_url=f"file://{home}/lake"),
            dataset_name="raw",
        )
        began = time.perf_counter()
        pipeline.run(dlt.resource(rows, name="deals"), loader_file_format="parquet")
        return Measurement(DEFAULT_PATH_RECORDS, time.perf_counter() - began, payload_bytes)


def main() -> None:
    """Measure every record size and print one table."""
    rows = []
    for payload_bytes, size in PAYLOAD_SIZES.items():
        with replayed_portal("bitrix24", size, payload_bytes=payload_bytes) as connection:
            measure_bare(connection, payload_bytes)  # filled into the memory of the replay
            measure_extraction(connection, payload_bytes)
            bare = measure_bare(connection, payload_bytes)
            ours = measure_extraction(connection, payload_bytes)
            default = measure_default_path(connection, payload_bytes)
        rows.append(
            [
                f"{payload_bytes / 1000:.0f} kB",
                f"{bare.records:,}",
                f"{bare.per_second:,.0f}",
                f"{ours.per_second:,.0f}",
                f"{ours.megabytes_per_second:,.1f}",
                f"{default.per_second:,.0f}",
                f"{ours.seconds / bare.seconds:.2f}",
            ]
        )
    print_table(
        "HTTP to lake, Bitrix24, quotas off",
        ["record", "records", "floor rec/s", "ours rec/s", "ours MB/s", "dlt default rec/s", "time : floor"],
        rows,
    )
