"""Published versions as folders, and the one symlink that says which of them is current."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from extract.core.files import private_folder

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.places import Places

KEPT_VERSIONS = 3
DATABASE = "dealhouse.duckdb"
PARQUET = "parquet"
PART = ".part"


def current_version(places: Places) -> Path | None:
    """The folder of the published version; None before the first publication."""
    return places.current.resolve() if places.current.exists() else None


def staging_folder(places: Places, run_id: str) -> Path:
    """A folder in which the version `run_id` may be put together unseen."""
    return private_folder(private_folder(places.versions) / f"{run_id}{PART}")


def make_current(places: Places, staged: Path) -> Path:
    """Turn the staged folder into a version and swap `current` onto it: then readers change over."""
    version = staged.with_name(staged.name.removesuffix(PART))
    staged.rename(version)
    _point(places.current, f"{places.versions.name}/{version.name}")
    _point(places.served_database, f"{places.current.name}/{DATABASE}")
    _point(places.served_parquet, f"{places.current.name}/{PARQUET}")
    return version


def remove_leftovers(places: Places) -> None:
    """Remove what a killed publication left behind."""
    for leftover in (*places.versions.glob(f"*{PART}"), *places.serving.glob(f"*{PART}")):
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover)
        else:
            leftover.unlink(missing_ok=True)


def remove_old_versions(places: Places) -> None:
    """Keep the newest versions and, whatever its age, the current one."""
    current = current_version(places)
    folders = sorted((folder for folder in places.versions.iterdir() if folder.suffix != PART), reverse=True)
    for folder in folders[KEPT_VERSIONS:]:
        if folder.resolve() != current:
            remove_version(folder)


def remove_version(folder: Path) -> None:
    """Remove a version that is not the current one."""
    # Renamed first: a half-deleted folder must not look like a version.
    doomed = folder.rename(folder.with_name(f"{folder.name}{PART}"))
    shutil.rmtree(doomed)


def _point(link: Path, target: str) -> None:
    """Make `link` lead to `target` in one step, whether it existed or not."""
    if link.is_symlink() and str(link.readlink()) == target:
        return
    beside = link.with_name(f"{link.name}{PART}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(link)
