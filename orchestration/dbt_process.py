"""`python -m orchestration.dbt_process PARENT ARGUMENTS`: dbt, which ends when process PARENT does.

A killed run would otherwise leave dbt writing to the warehouse while the next run begins.
"""

from __future__ import annotations

import os
import sys
import threading
import time

CHECK_SECONDS = 0.2
FAILED, BROKEN = 1, 2


def main(parent: int, arguments: list[str]) -> int:
    """Run dbt with these arguments."""
    os.umask(0o077)
    end_with(parent)
    from dbt.cli.main import dbtRunner  # noqa: PLC0415  seconds, in which the parent may already end

    result = dbtRunner().invoke(arguments)
    if result.success:
        return 0
    return BROKEN if result.exception else FAILED


def end_with(parent: int) -> None:
    """End this process as soon as its parent has ended."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(CHECK_SECONDS)
    os._exit(BROKEN)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
