"""`python -m orchestration.service.process PARENT MODULE ...`: a part of Dagster; it ends when PARENT does.

What a killed `dealhouse up` left behind would otherwise go on starting runs.
"""

from __future__ import annotations

import os
import runpy
import sys

from orchestration.dbt_process import end_with

PRIVATE = 0o077


def main(parent: int, module: str, arguments: list[str]) -> None:
    """Run the module as a program."""
    os.umask(PRIVATE)
    end_with(parent)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
