"""Faults, latency, clocks and counters of a served portal."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from urllib.parse import urlsplit

import pytest
import requests

from simulator.faults import Fault
from simulator.limits import LeakyBucket, OperatingTime, RollingWindow
from simulator.server import serve
from simulator.world import make_world
from tests.simulator.callers import Caller, portal

DETAILS = "/account-info/v3/details"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("429", 429, "OPERATION_TIME_LIMIT"),
        ("503", 503, "QUERY_LIMIT_EXCEEDED"),
        ("500", 500, "INTERNAL_SERVER_ERROR"),
    ],
)
def test_injected_refusals_look_like_the_portals_own(fault: str, status: int, code: str) -> None:
    with portal("bitrix24", size=0.005) as running:
        running.faults.add(fault, path=r"crm\.item\.list", count=2, skip=1)
        caller = Caller(running)
        answers = [caller.bitrix("crm.item.list", entityTypeId=2) for _ in range(4)]
        assert [a.status_code for a in answers] == [200, status, status, 200]
        assert answers[1].json()["error"] == code
        assert caller.bitrix("profile").status_code == 200


def test_a_hubspot_refusal_may_say_when_to_come_back() -> None:
    with portal("hubspot", size=0.005) as running:
        running.faults.add(Fault.TOO_MANY_REQUESTS, retry_after=7)
        answer = Caller(running).hubspot(DETAILS)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


def test_a_client_that_dies_in_the_middle_of_its_question_is_no_mistake_of_ours() -> None:
    with portal("bitrix24", size=0.005) as running:
        address = urlsplit(running.url)
        with socket.create_connection((address.hostname or "", address.port or 0)) as client:
            client.sendall(f"POST {address.path}batch HTTP/1.1\r\nHost: x\r\n".encode())
            client.sendall(b"Content-Length: 100\r\n\r\nhalf")
        assert Caller(running).bitrix("profile").status_code == 200


def test_a_cut_body_breaks_the_connection() -> None:
    with portal("hubspot", size=0.005) as running:
        running.faults.add(Fault.CUT_BODY)
        caller = Caller(running)
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            caller.hubspot(DETAILS)
        assert caller.hubspot(DETAILS).status_code == 200


def test_html_may_come_with_any_status() -> None:
    with portal("hubspot", size=0.005) as running:
        running.faults.add(Fault.HTML_BODY)
        running.faults.add(Fault.HTML_BAD_GATEWAY)
        answers = [Caller(running).hubspot(DETAILS) for _ in range(2)]
        assert [a.status_code for a in answers] == [200, 502]
        assert all(a.text.startswith("<!DOCTYPE html>") for a in answers)


def test_a_time_out_keeps_silent_and_does_not_hold_up_the_end() -> None:
    began = monotonic()
    with portal("hubspot", size=0.005) as running:
        running.faults.add(Fault.TIME_OUT)
        with pytest.raises(requests.exceptions.ReadTimeout):
            requests.get(running.url + DETAILS, timeout=0.2)
    assert monotonic() - began < 5


def test_a_shifted_page_repeats_a_row_and_skips_another() -> None:
    with portal("bitrix24") as running:
        caller = Caller(running)
        pages = [caller.items(start=start, select=["id"]) for start in (0, 50)]
        running.faults.add(Fault.SHIFTED_PAGE)
        assert caller.items(select=["id"]) == pages[0]
        shifted = caller.items(start=50, select=["id"])
        assert shifted == [pages[0][-1], *pages[1][:-1]]
        assert running.faults.served == [(Fault.SHIFTED_PAGE, "/rest/1/simulated-key/crm.item.list")]


def test_searches_shift_by_offset_but_never_by_key() -> None:
    with portal("hubspot") as running:
        caller = Caller(running)
        running.faults.add(Fault.SHIFTED_PAGE)
        path = "/crm/v3/objects/deals/search"
        first = caller.hubspot_post(path, {"filterGroups": [], "limit": 20}).json()["results"]
        body = {"filterGroups": [], "limit": 20, "after": "20"}
        second = caller.hubspot_post(path, body).json()["results"]
        assert second[0] == first[-1]


def test_a_duplicated_page_is_the_previous_one_again() -> None:
    with portal("bitrix24") as running:
        caller = Caller(running)
        running.faults.add(Fault.DUPLICATED_PAGE)
        first = caller.items(select=["id"])
        assert caller.items(filter={">id": first[-1]["id"]}, select=["id"]) == first
        assert caller.items(filter={">id": first[-1]["id"]}, select=["id"]) != first


def test_one_command_of_a_batch_may_be_refused() -> None:
    with portal("bitrix24", size=0.005) as running:
        running.faults.add(Fault.COMMAND_REFUSED, path="server.time", skip=1)
        commands = {"a": "server.time", "b": "server.time", "c": "server.time"}
        result = Caller(running).bitrix("batch", cmd=commands).json()["result"]
        assert list(result["result"]) == ["a", "c"]
        assert result["result_error"]["b"]["error"] == "QUERY_LIMIT_EXCEEDED"


def test_latency_and_execution_time_are_slept_through() -> None:
    with serve(make_world(1, 0.005), "bitrix24", latency_seconds=0.1, quota_factor=1) as running:
        began = monotonic()
        Caller(running).bitrix("crm.item.list", entityTypeId=2, start=-1)
        assert 0.2 < monotonic() - began < 0.6
        assert running.counters.execution_seconds["crm.item.list"] > 0.1


def test_the_clock_starts_at_the_worlds_now_and_goes_on() -> None:
    with portal("hubspot", size=0.005) as running:
        caller = Caller(running)
        first = parsedate_to_datetime(caller.hubspot(DETAILS).headers["Date"])
        running.advance(2)
        second = parsedate_to_datetime(caller.hubspot(DETAILS).headers["Date"])
        assert datetime(2026, 11, 20, 9, 0, tzinfo=UTC) <= first
        assert 0 <= (second - first).total_seconds() - 2 * 86_400 < 10


def test_days_may_pass_while_several_threads_read() -> None:
    with portal("bitrix24") as running, ThreadPoolExecutor(4) as threads:
        reads = [threads.submit(Caller(running).walk, "crm.item.list", "id") for _ in range(4)]
        running.advance(3)
        for read in reads:
            found = [row["id"] for row in read.result()]
            assert found == sorted(set(found))


def test_counters_tell_requests_bytes_and_shares() -> None:
    with portal("bitrix24", size=0.005) as running:
        caller = Caller(running)
        caller.walk("crm.item.list", "id")
        counted = requests.get(running.url.split("/rest")[0] + "/simulator/counters", timeout=5).json()
        assert counted["requests"] == {"crm.item.list": 1}
        assert counted["bytes_sent"] > 10_000
        assert set(counted["quota_shares"]) == {"requests", "crm.item.list"}
        running.counters.reset()
        assert running.counters.total_requests == 0


def test_a_portal_can_be_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "simulator", "--crm", "hubspot", "--size", "0.005", "--latency", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        settings = json.loads(process.stdout.readline())
        headers = {"Authorization": f"Bearer {settings['token']}"}
        before = requests.get(settings["url"] + DETAILS, headers=headers, timeout=5)
        moved = requests.post(settings["url"] + "/simulator/advance", json={"days": 3}, timeout=5).json()
        process.terminate()
        assert before.status_code == 200
        assert moved["now"] == "2026-11-23T09:00:00+00:00"
        assert process.wait(5) == 0


def test_a_bucket_drains_and_windows_roll() -> None:
    bucket = LeakyBucket(drain_per_second=2, capacity=3)
    assert [bucket.admit(0) for _ in range(4)] == [True, True, True, False]
    assert bucket.admit(0.5)
    window = RollingWindow(limit=2, seconds=10)
    assert [window.admit(at) for at in (0, 1, 9, 10.5)] == [True, True, False, True]
    spent = OperatingTime(limit_seconds=10)
    spent.spend(30, 10)
    assert spent.is_blocked(599)
    assert spent.resets_at(599) == 600
    assert not spent.is_blocked(600)
