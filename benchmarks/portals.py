"""A simulated portal in processes of its own, so that its cost is not counted as ours."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from extract.core.settings import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replayed_portal(crm: str, size: float, *, payload_bytes: int | None) -> Iterator[Connection]:
    """Serve a world without quotas and latency, each answer from memory from its second request on."""
    command = ["simulator", "--crm", crm, "--seed", "7", "--size", str(size)]
    command += ["--quota-factor", "1000000", "--latency", "0"]
    command += ["--payload-bytes", str(payload_bytes)] if payload_bytes else []
    with _process(command) as line:
        settings = json.loads(line)
        parts = urlsplit(settings["url"])
        with _process(["benchmarks.replay", f"{parts.scheme}://{parts.netloc}"]) as address:
            settings["url"] = address.strip() + parts.path
            yield Connection(name=f"bench_{crm}", requests_per_second=10_000, **settings)


@contextmanager
def _process(module: list[str]) -> Iterator[str]:
    """Run a module and yield the line in which it says where it is."""
    with subprocess.Popen([sys.executable, "-m", *module], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline() if process.stdout else ""
        finally:
            process.terminate()
