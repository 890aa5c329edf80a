"""A server that answers a request it has seen before at once: what remains is the reader's own cost.

The first pass goes through to the simulated portal and is remembered; later passes cost a dictionary look-up.
"""

from __future__ import annotations

import socket
import sys
import threading
from typing import TYPE_CHECKING

import requests
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

PASSED_ON = {"authorization", "content-type"}


def application(upstream: str) -> Starlette:
    """Replay what `upstream` answered."""
    session = requests.Session()
    known: dict[tuple[str, str, bytes], tuple[int, bytes, str]] = {}
    asking = threading.Lock()

    def ask(method: str, address: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        with asking:
            reply = session.request(
                method, upstream + address, data=body or None, headers=headers, timeout=60
            )
        return reply.status_code, reply.content, reply.headers.get("Content-Type", "application/json")

    async def answer(request: Request) -> Response:
        body = await request.body()
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        key = (request.method, address, body)
        if key not in known:
            headers = {name: value for name, value in request.headers.items() if name in PASSED_ON}
            known[key] = await run_in_threadpool(ask, request.method, address, body, headers)
        status, content, media_type = known[key]
        return Response(content, status, media_type=media_type)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])


def main() -> None:
    """`python -m benchmarks.replay UPSTREAM` prints its own address and serves until it is ended."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        config = uvicorn.Config(
            application(sys.argv[1]), log_level="critical", access_log=False, lifespan="off"
        )
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
