"""A SQLAlchemy dialect with which Great Expectations may read DuckDB."""

from __future__ import annotations

from typing import Any

import duckdb_engine
from sqlalchemy.dialects import registry

NAME = "duckdb.reader"


class ReaderDialect(duckdb_engine.Dialect):  # type: ignore[misc]
    """DuckDB for readers: no transaction is begun, committed or rolled back.

    Great Expectations rolls back after every query, which DuckDB calls an error when nothing was begun.
    """

    supports_statement_cache = False

    def do_begin(self, connection: Any) -> None:
        """Nothing to begin: readers change nothing."""

    def do_commit(self, connection: Any) -> None:
        """Nothing to commit."""

    def do_rollback(self, connection: Any) -> None:
        """Nothing to roll back."""


def register() -> None:
    """Let `duckdb+reader://` addresses find the dialect."""
    registry.register(NAME, __name__, ReaderDialect.__name__)
