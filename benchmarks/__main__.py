"""`python -m benchmarks [PART...]`: quota, throughput, warehouse; all of them if none is named."""

from __future__ import annotations

import sys

from benchmarks import quota, throughput, warehouse

PARTS = {"quota": quota.main, "throughput": throughput.main, "warehouse": warehouse.main}


def main() -> int:
    """Run the parts named on the command line."""
    wanted = sys.argv[1:] or list(PARTS)
    unknown = [part for part in wanted if part not in PARTS]
    if unknown:
        sys.stderr.write(f"There is no part {unknown[0]!r}; there are: {', '.join(PARTS)}.\n")
        return 2
    for part in wanted:
        PARTS[part]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
