"""`python -m benchmarks [PART...]`: quota, throughput, warehouse, rules; all of them if none is named."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import quota, rules, throughput, warehouse

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Run the parts named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--home", type=Path, help="warehouse, rules: build in this folder, and keep it")
    arguments = parser.parse_args()
    parts: dict[str, Callable[[], None]] = {
        "quota": quota.main,
        "throughput": throughput.main,
        "warehouse": partial(warehouse.main, arguments.home),
        "rules": partial(rules.main, arguments.home),
    }
    wanted = arguments.parts or list(parts)
    unknown = [part for part in wanted if part not in parts]
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}; there are: {', '.join(parts)}")
    for part in wanted:
        parts[part]()


if __name__ == "__main__":
    main()
