"""Errors that no step explains itself: disks, rights, damaged files, and what nobody foresaw."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from extract.core.errors import DealhouseError
from extract.core.files import private_folder
from extract.core.settings import dealhouse_home
from orchestration.places import Places

if TYPE_CHECKING:
    from pathlib import Path

# Libraries that read the files of the data home; named, since importing them takes a second.
_READERS = {"duckdb", "_duckdb", "pyarrow"}
_MENDING = (
    "Restore lake/ from its backup if the file lies there; all else is made again by"
    " `dealhouse run --full-refresh`."
)


def explained(error: Exception) -> DealhouseError:
    """What went wrong, where and what to do next, for an error that came up to the command line."""
    if isinstance(error, OSError):
        return DealhouseError(
            f"The operating system refuses: {error.strerror or error}.",
            str(error.filename or ""),
            "Make room, or give this user the right to read and write there; nothing was half-written.",
        )
    home = dealhouse_home().resolve()
    if type(error).__module__.split(".")[0] in _READERS:
        return DealhouseError(f"A file of the data home cannot be read: {error}", str(home), _MENDING)
    return DealhouseError(
        f"Nobody foresaw this: {type(error).__name__}: {error}",
        _logged(Places(home)),
        "Please report it with the log, from which you took what is personal.",
    )


def _logged(places: Places) -> str:
    """Where the whole story stands; empty where it could not be written."""
    try:
        log: Path = private_folder(places.logs) / "error.log"
        log.write_text(traceback.format_exc(), encoding="utf-8")
    except OSError:
        return ""
    return str(log)
