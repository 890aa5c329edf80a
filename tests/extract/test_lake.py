"""Files of the lake: whole, private, and seen only once committed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extract.core.clock import ServerClock
from extract.core.errors import UnlikelyLossError
from extract.core.files import AtomicLocalFileSystem, private_folder
from extract.core.http import parsed_json, retry_after
from extract.core.lake import Captures, Lake
from extract.core.losses import refuse_unlikely_loss
from extract.core.source import make_page

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def write(lake: Lake, load_id: str, page: pa.Table, *, is_committed: bool = True) -> None:
    folder = private_folder(lake.root / "bitrix24" / "deals")
    table = page.append_column("_dlt_load_id", pa.array([load_id] * page.num_rows))
    pq.write_table(table, folder / f"p.{load_id}.abc.parquet")
    if is_committed:
        loads = private_folder(lake.root / "bitrix24" / "_dlt_loads")
        (loads / f"p__{load_id}.jsonl").write_text("{}")


def page(texts: dict[str, str], hours: int = 0, *, is_deleted: bool = False) -> pa.Table:
    moment = NOW + timedelta(hours=hours)
    rows = [{"t": text} for text in texts.values()]
    return make_page("p", list(texts), [moment] * len(texts), rows, moment, is_deleted=is_deleted)


def test_only_committed_files_are_seen(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    write(lake, "100.5", page({"1": "a"}))
    write(lake, "99.5", page({"2": "a"}))
    write(lake, "101.5", page({"3": "a"}), is_committed=False)
    assert sorted(file.load_id for file in lake.committed_files("bitrix24", "deals")) == ["100.5", "99.5"]
    assert lake.newest_loads() == {("bitrix24", "deals"): "100.5"}


def test_a_page_loses_what_is_landed_already(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    captures = Captures(lake, "bitrix24", "p", "deals")
    assert captures.changed(page({"1": "a"})).num_rows == 1
    write(lake, "1.0", page({"1": "a", "2": "a", "3": "a"}))
    write(lake, "2.0", page({"2": "b"}, hours=1))
    write(lake, "3.0", page({"3": ""}, hours=2, is_deleted=True))
    changed = captures.changed(page({"1": "a", "2": "a", "3": "a", "4": "a"}, hours=3))
    assert changed["id"].to_pylist() == ["2", "3", "4"]
    assert sorted(captures.alive()["id"].to_pylist()) == ["1", "2"]
    assert captures.deleted_since(NOW)["id"].to_pylist() == ["3"]
    assert captures.changed(page({"3": ""}, hours=4, is_deleted=True)).num_rows == 0


def test_the_last_of_rows_that_share_an_id_is_kept(tmp_path: Path) -> None:
    captures = Captures(Lake(tmp_path), "bitrix24", "p", "deals")
    twice = pa.concat_tables([page({"1": "a", "2": "a"}), page({"1": "b"})])
    assert captures.changed(twice)["payload"].to_pylist() == ['{"t":"a"}', '{"t":"b"}']


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, final = tmp_path / "source", tmp_path / "final"
    source.write_text("new")
    final.write_text("old")
    files = AtomicLocalFileSystem()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", die)
        with pytest.raises(KeyboardInterrupt):
            files.put_file(str(source), str(final))
    assert final.read_text() == "old"
    files.put_file(str(source), str(final))
    files.write_text(f"file://{tmp_path}/text", "x")
    assert final.read_text() == "new"
    assert (tmp_path / "text").read_text() == "x"


def test_connections_of_one_crm_may_land_first_at_the_same_moment(tmp_path: Path) -> None:
    files, folder = AtomicLocalFileSystem(), tmp_path / "bitrix24"

    def begin(number: int) -> None:
        files.makedirs(str(folder))
        files.write_text(str(folder / "init"), str(number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(begin, range(200)))
    assert [path.name for path in folder.iterdir()] == ["init"]


@pytest.mark.parametrize(
    ("gone", "alive", "is_refused"), [(20, 50, False), (21, 200, False), (21, 100, True)]
)
def test_an_unlikely_loss_is_refused(gone: int, alive: int, is_refused: bool) -> None:
    if not is_refused:
        return refuse_unlikely_loss(gone, alive, "deals", "here")
    with pytest.raises(UnlikelyLossError, match="lost permissions"):
        refuse_unlikely_loss(gone, alive, "deals", "here")
    return None


def test_a_clock_never_goes_back(tmp_path: Path) -> None:
    clock = ServerClock(NOW, floor=NOW + timedelta(hours=1))
    assert clock.started_at > NOW + timedelta(hours=1)
    assert clock.server_started_at == NOW
    assert ServerClock(NOW, floor=NOW - timedelta(hours=1)).started_at == NOW


def test_retry_after_comes_in_two_forms() -> None:
    assert retry_after({"Retry-After": "7"}) == 7
    assert retry_after({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
    assert retry_after({"Retry-After": "soon"}) is None
    assert retry_after({}) is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"TITLE": "\\ud83d half", "ID": 7}', {"TITLE": "\ufffd half", "ID": 7}),
        (b'{"TITLE": "caf\xe9"}', {"TITLE": "caf\ufffd"}),
        (b'{"AMOUNT": NaN}', None),
        (b'{"ID": 7', None),
        (b"<html>", None),
    ],
)
def test_a_body_with_half_an_emoji_is_read_and_a_broken_one_is_not(body: bytes, expected: object) -> None:
    assert parsed_json(body) == expected


def test_a_run_that_reached_no_portal_comes_after_the_one_before(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    shared = {"connection": "p", "crm": "bitrix24", "entity": "deals", "is_complete": True}
    portal_is_ahead = {"run_id": "p-20260501T100000000000", "started_at": NOW.replace(tzinfo=None)}
    failed = {"run_id": "p-20260501T110000000000", "started_at": datetime(2026, 4, 30)}  # noqa: DTZ001
    for run in (failed, portal_is_ahead):
        lake.land_runs([shared | run])
    assert [row["run_id"] for row in lake.extraction_runs()] == [portal_is_ahead["run_id"], failed["run_id"]]
