"""`dealhouse compact`: the lake in few files."""

from __future__ import annotations

from extract.core.settings import dealhouse_home
from orchestration.console import SUCCESS, out
from orchestration.lake_care.care import compact as take_care
from orchestration.lake_care.sizes import readable
from orchestration.places import Places
from orchestration.progress import watching


def compact() -> int:
    """Compact the home and tell what came of it; the exit code."""
    places = Places(dealhouse_home().resolve())
    if not places.lake.exists():
        out.print(f"Nothing was extracted yet in {places.home}: there is nothing to compact.", soft_wrap=True)
        return SUCCESS
    with watching("Looking at the lake") as watcher:
        care = take_care(places, watcher)
    done = care.compacted
    if done.files_before:
        out.print(
            f"Compacted {done.files_before:,} files of closed days into {done.files_after:,}:"
            f" {readable(done.bytes_before)} became {readable(done.bytes_after)}.",
            soft_wrap=True,
        )
    else:
        out.print("The lake's closed days are in few files already.")
    out.print(f"Removed {readable(care.freed)} of finished packages, old runs and logs.")
    out.print(f"Took {care.seconds:.1f} s. No record and no version of one was touched.")
    return SUCCESS
