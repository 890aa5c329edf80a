"""How much room the parts of a home take."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

UNITS = ("B", "kB", "MB", "GB", "TB")


def readable(size: float) -> str:
    """Bytes as people read them: 1.4 GB."""
    for unit in UNITS[:-1]:
        if size < 999.5:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 9.95 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} {UNITS[-1]}"


def bytes_below(folder: Path) -> int:
    """Bytes of all files below a folder; a file with several names counts once."""
    sizes: dict[tuple[int, int], int] = {}
    for path in (folder, *folder.rglob("*")):
        try:
            about = path.lstat()
        except FileNotFoundError:  # removed while we looked
            continue
        if path.is_file() and not path.is_symlink():
            sizes[about.st_dev, about.st_ino] = about.st_size
    return sum(sizes.values())
