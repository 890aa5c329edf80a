"""Where everything lies under DEALHOUSE_HOME."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from extract.core import locks

PROJECT = Path(__file__).resolve().parent.parent
PRIVATE_FILE = 0o600


@dataclass(frozen=True)
class Places:
    """The folders and files of one home; nothing is created by naming them."""

    home: Path

    @property
    def lake(self) -> Path:
        """Captured versions of every record, append-only."""
        return self.home / "lake"

    @property
    def own_lake(self) -> Path:
        """The lake tables that Dealhouse itself writes."""
        return self.lake / "dealhouse"

    @property
    def warehouse(self) -> Path:
        """The working database."""
        return self.home / "warehouse.duckdb"

    @property
    def build_record(self) -> Path:
        """What the working database was last built from."""
        return self.home / "warehouse.json"

    @property
    def shapes(self) -> Path:
        """The keys and types of the payloads that the last builds were made from."""
        return self.home / "shapes.json"

    @property
    def serving(self) -> Path:
        """What readers open."""
        return self.home / "serving"

    @property
    def next_database(self) -> Path:
        """The marts being built; no reader opens it."""
        return self.serving / "next.duckdb"

    @property
    def versions(self) -> Path:
        """One folder per published version."""
        return self.serving / "versions"

    @property
    def current(self) -> Path:
        """The symlink that is swapped once per publication."""
        return self.serving / "current"

    @property
    def served_database(self) -> Path:
        """The path BI tools connect to."""
        return self.serving / "dealhouse.duckdb"

    @property
    def served_parquet(self) -> Path:
        """The same tables as Parquet files."""
        return self.serving / "parquet"

    @property
    def data_docs(self) -> Path:
        """Great Expectations' pages."""
        return self.home / "data_docs"

    @property
    def dagster(self) -> Path:
        """Dagster's instance: its runs and events."""
        return self.home / "dagster"

    @property
    def dbt(self) -> Path:
        """What dbt knows of the project: its manifest and parsed files."""
        return self.home / "dbt"

    @property
    def logs(self) -> Path:
        """What dbt and the checks had to say."""
        return self.home / "logs"

    @property
    def locks(self) -> Path:
        """One lock per connection and one for the warehouse."""
        return self.home / locks.FOLDER
