"""Run a portal as a process of its own: prints its settings as one JSON line, serves until ended."""

from __future__ import annotations

import json
import signal
import sys
from argparse import ArgumentParser
from threading import Event

from simulator.options import Options
from simulator.server import PORTALS, serve
from simulator.world import make_world


def main() -> None:
    """Read the command line and serve."""
    parser = ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--crm", choices=sorted(PORTALS), required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=float, default=0.1, help="1 is 5,000 deals")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--days", type=int, default=0, help="days that have passed since the first load")
    parser.add_argument("--quota-factor", type=float, default=1.0, help="multiplies every quota")
    parser.add_argument("--latency", type=float, help="seconds; 0.2 to 0.3 at random if not given")
    parser.add_argument("--payload-bytes", type=int, help="pad each deal to about this size")
    given = parser.parse_args()
    world = make_world(given.seed, given.size)
    world.advance(given.days)
    ended = Event()
    for end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(end, lambda *_: ended.set())
    with serve(
        world,
        given.crm,
        quota_factor=given.quota_factor,
        latency_seconds=Options().latency_seconds if given.latency is None else given.latency,
        port=given.port,
        payload_bytes=given.payload_bytes,
    ) as running:
        sys.stdout.write(json.dumps(running.connection_settings) + "\n")
        sys.stdout.flush()
        ended.wait()


if __name__ == "__main__":
    main()
