"""The stream of a type of objects."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.sources.hubspot.errors import absent_if_refused
from extract.sources.hubspot.reader import Reader
from extract.sources.hubspot.types import LEADS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.source import Reading, Step
    from extract.sources.hubspot.types import ObjectType

WORKERS = 16  # of all types together, more or less: some begin with a long list, others end with one
WORKERS_OF_SMALL_TYPES = 4


@dataclass(frozen=True)
class Records:
    """The stream of one type of objects; their property history comes along."""

    type: ObjectType
    workers: int = WORKERS_OF_SMALL_TYPES
    after: tuple[str, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        """What it lands."""
        return self.type.entities

    def read(self, reading: Reading) -> Iterator[Step]:
        """A walk where none was completed, else the changes since; then the archive feed."""
        if not self.type.is_read_from(reading.connection):
            return
        name = f"{reading.connection.name}-{self.type.name}"
        workers = ThreadPoolExecutor(self.workers, thread_name_prefix=name)
        try:
            with absent_if_refused(is_meant=self.type is LEADS and "watermark" not in reading.state):
                yield from Reader(reading, self.type, workers).steps()
        finally:
            workers.shutdown(cancel_futures=True)
