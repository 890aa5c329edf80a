"""`python -m tests.operations.deaths WHAT HOME COPIES EVERY`: WHAT on copies of a home, each killed later.

Each copy is worked on by a process of its own that kills itself just before its nth change of a file; the
last copy survives. A fork costs a hundredth of a new interpreter.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

CHANGES = ("replace", "rename", "unlink", "rmdir", "write_bytes", "write_text", "symlink_to")


def count_down(nth: int) -> None:
    """Die before the nth change of a file that goes through pathlib or removes a folder."""
    left = [nth]

    def dying(original: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **kwargs)

        return counted

    for name in CHANGES:
        setattr(Path, name, dying(getattr(Path, name)))
    setattr(shutil, "rmtree", dying(shutil.rmtree))  # noqa: B010  a function of its own kind to mypy


def main(what: str, home: Path, copies: Path, every: int) -> None:
    """Kill at step 1, 1 + every, ... until a copy survives."""
    module = import_module(what)
    nth, survived = 1, False
    while not survived:
        copy = copies / f"{nth:04d}"
        shutil.copytree(home, copy, symlinks=True)
        process = os.fork()
        if process == 0:
            count_down(nth)
            module.act(copy)
            os._exit(0)
        status = os.waitpid(process, 0)[1]
        survived = status == 0
        if not survived and not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
            sys.exit(f"copy {nth} failed: {status}")
        nth += every


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
