"""Files that answers are written to: there whole, or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from extract.core.errors import DealhouseError
from orchestration.console import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADVICE = "Give --output a file in a folder that you may write to."


def replaceable(asked: Path) -> Path:
    """Where `asked` leads to; refused when no file can be made there, and that before a long question."""
    try:
        path = asked.resolve()
        if path.exists() and not path.is_file():
            raise UsageError("This is no file that could be replaced.", str(asked), _ADVICE)
        if not path.parent.is_dir():
            raise UsageError("There is no such folder.", str(path.parent), _ADVICE)
        with _folder_beside(path):
            return path
    except OSError as error:
        raise UsageError(f"It cannot be written: {error.strerror}.", str(asked), _ADVICE) from error


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place to write to, in a private folder beside `path`; it becomes `path` only when all went well."""
    try:
        with _folder_beside(path) as folder:
            part = Path(folder) / "part"
            yield part
            part.replace(path)
    except OSError as error:
        raise DealhouseError(
            f"The file could not be written: {error.strerror or error}.",
            str(path),
            "What was there before is still there.",
        ) from error


def _folder_beside(path: Path) -> TemporaryDirectory[str]:
    """Private, and on the same disk, so that what is written in it can be renamed."""
    return TemporaryDirectory(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
