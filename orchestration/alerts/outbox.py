"""What was told and what waits to be told, in one small SQLite file that a kill cannot tear.

News wait until they are claimed for one message; the claim is on disk before the message leaves, its outcome
after. A claim whose process died may have left or not: it counts as told, and the operators learn of it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from extract.core.files import private_folder
from orchestration.places import PRIVATE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

FILE = "outbox.sqlite"
_TABLES = """
create table if not exists recipients (route text, recipient text, primary key (route, recipient));
create table if not exists waiting (
    route text, recipient text, news_key text, item text, primary key (route, recipient, news_key)
);
create table if not exists deliveries (
    delivery_id text primary key, route text, recipient text, label text, state text, news_count integer,
    claimed_at text, finished_at text
);
create table if not exists considered (route text, connection text, news_key text, moment text,
    primary key (route, connection, news_key));
create table if not exists problems (problem_key text primary key, kind text, subject text, told text);
"""
ISSUE_KINDS = frozenset({"appeared", "gone", "came", "left"})
CLAIMED, SENT, FAILED, UNKNOWN = "claimed", "sent", "failed", "unknown"


@dataclass(frozen=True)
class Item:
    """One piece of news for one recipient.

    Attributes:
        key: The same for the same news, however often it is read.
        kind: `start` (the first summary), `baseline` (a rule looks at a connection for the first time),
            `appeared`, `gone`, `came` and `left` (with its record, to or from the recipient's people), or,
            for operators, `problem` and `solved`.
        subject: The issue's key; of a baseline the rule; of a problem its kind.
        connection: Where; of a problem what it is about.
        text: What a problem says.
    """

    key: str
    kind: str
    subject: str = ""
    connection: str = ""
    text: str = ""


@dataclass(frozen=True)
class Claim:
    """A message that may leave now."""

    delivery_id: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Lost:
    """A message that a killed process was sending."""

    delivery_id: str
    route: str
    label: str
    news_count: int


class Outbox:
    """The file; one process at a time holds the lock of alerts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._database = connection
        self._database.executescript(_TABLES)

    def copy(self) -> Outbox:
        """The same content in memory, to look at what would happen."""
        memory = sqlite3.connect(":memory:", isolation_level=None)
        self._database.backup(memory)
        return Outbox(memory)

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Changes that a kill leaves out together."""
        self._database.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._database.execute("rollback")
            raise
        self._database.execute("commit")

    def abandoned(self) -> list[Lost]:
        """What killed processes were sending; from now on it counts as told."""
        rows = self._database.execute(
            "update deliveries set state = ?, finished_at = ? where state = ?"
            " returning delivery_id, route, label, news_count",
            (UNKNOWN, _now(), CLAIMED),
        ).fetchall()
        return [Lost(*row) for row in sorted(rows)]

    def considered(self, route: str) -> dict[str, tuple[str, set[str]]]:
        """Per connection, the moment up to which transitions were looked at, and the news of that moment."""
        found: dict[str, tuple[str, set[str]]] = {}
        for connection, key, moment in self._database.execute(
            "select connection, news_key, moment from considered where route = ?", (route,)
        ):
            found.setdefault(connection, (moment, set()))[1].add(key)
        return found

    def consider(self, route: str, connection: str, moment: str, keys: Iterable[str]) -> None:
        """Note that everything up to that moment was looked at, of that very moment the news `keys`."""
        whose = (route, connection)
        self._database.execute(
            "delete from considered where route = ? and connection = ? and moment <> ?", (*whose, moment)
        )
        self._database.executemany(
            "insert or ignore into considered values (?, ?, ?, ?)",
            [(*whose, key, moment) for key in {"", *keys}],
        )

    def is_known(self, route: str, recipient: str) -> bool:
        """Whether the recipient was ever told anything by that route."""
        query = "select 1 from recipients where route = ? and recipient = ?"
        return self._database.execute(query, (route, recipient)).fetchone() is not None

    def knows_route(self, route: str) -> bool:
        """Whether the route was ever used."""
        query = "select 1 from considered where route = ?"
        return self._database.execute(query, (route,)).fetchone() is not None

    def add(self, route: str, recipient: str, items: Sequence[Item]) -> None:
        """Let news wait for their recipient."""
        self._database.execute("insert or ignore into recipients values (?, ?)", (route, recipient))
        self._database.executemany(
            "insert or ignore into waiting values (?, ?, ?, ?)",
            [(route, recipient, item.key, json.dumps(asdict(item))) for item in items],
        )

    def waiting(self, route: str, recipient: str) -> list[Item]:
        """What waits for a recipient, in the order in which it came."""
        query = "select item from waiting where route = ? and recipient = ? order by rowid"
        return [_item(text) for (text,) in self._database.execute(query, (route, recipient))]

    def waiting_subjects(self, route: str) -> set[str]:
        """The issues of which something waits."""
        rows = self._database.execute("select item from waiting where route = ?", (route,))
        items = [_item(text) for (text,) in rows]
        return {item.subject for item in items if item.kind in ISSUE_KINDS}

    def forget(self, route: str, recipient: str, items: Sequence[Item]) -> None:
        """Drop news that turned out to be none."""
        self._database.executemany(
            "delete from waiting where route = ? and recipient = ? and news_key = ?",
            [(route, recipient, item.key) for item in items],
        )

    def claim(self, route: str, recipient: str, label: str, items: Sequence[Item]) -> Claim | None:
        """Take waiting news for one message; None when that very message has left before."""
        keys = sorted(item.key for item in items)
        delivery_id = hashlib.sha256("\n".join([route, recipient, *keys]).encode()).hexdigest()[:24]
        row = (delivery_id, route, recipient, label, CLAIMED, len(items), _now())
        with self.all_or_nothing():
            self.forget(route, recipient, items)
            claimed = self._database.execute(
                "insert into deliveries"
                " (delivery_id, route, recipient, label, state, news_count, claimed_at)"
                " values (?, ?, ?, ?, ?, ?, ?) on conflict (delivery_id) do update"
                " set state = excluded.state, claimed_at = excluded.claimed_at where state = ?",
                (*row, FAILED),
            )
            is_new = claimed.rowcount == 1
        return Claim(delivery_id, tuple(items)) if is_new else None

    def finish(self, claim: Claim, route: str, recipient: str, state: str) -> None:
        """Note what became of a message; what was not sent waits again."""
        with self.all_or_nothing():
            self._database.execute(
                "update deliveries set state = ?, finished_at = ? where delivery_id = ?",
                (state, _now(), claim.delivery_id),
            )
            if state == FAILED:
                self.add(route, recipient, claim.items)

    def problems(self) -> dict[str, tuple[str, str, str]]:
        """What operators were told and is not solved: kind, subject, text."""
        rows = self._database.execute("select problem_key, kind, subject, told from problems")
        return {key: (kind, subject, told) for key, kind, subject, told in rows}

    def open_problem(self, key: str, kind: str, subject: str, told: str) -> None:
        """Note a problem."""
        self._database.execute(
            "insert or replace into problems values (?, ?, ?, ?)", (key, kind, subject, told)
        )

    def solve_problem(self, key: str) -> None:
        """Note that a problem is no more."""
        self._database.execute("delete from problems where problem_key = ?", (key,))


@contextmanager
def opened(folder: Path) -> Iterator[Outbox]:
    """The outbox in that folder."""
    file = private_folder(folder) / FILE
    file.touch(mode=PRIVATE_FILE)
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        yield Outbox(connection)
    finally:
        connection.close()


def _item(text: str) -> Item:
    content: dict[str, Any] = json.loads(text)
    return Item(**content)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
