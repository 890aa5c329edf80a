"""`dealhouse demo`: three simulated portals on loopback, from HTTP to printed reports."""

from __future__ import annotations

import shutil
import socket
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from extract.core.errors import DealhouseError
from extract.core.files import private_folder
from extract.core.lake import Lake
from extract.core.settings import dealhouse_home
from extract.sources.bitrix24.api import REQUESTS_PER_SECOND
from orchestration.commands.demo_reports import print_issues_of_one, print_reports, save_workbook
from orchestration.console import out
from orchestration.cycle import Cycle
from orchestration.places import Places
from orchestration.progress import watching
from orchestration.running import run_cycle
from simulator.server import RunningPortal, serve
from simulator.world import make_world

QUOTA_FACTOR = 20
SIZE = 0.12
DAYS_BETWEEN_RUNS = 3
SETTINGS_FILE = "demo_connections.yml"
PORTALS = (("moscow", "bitrix24", 1), ("spb", "bitrix24", 2), ("us", "hubspot", 3))
REGIONS = {"moscow": "RU", "spb": "RU", "us": "US"}
REPORTING = {"currency": "RUB", "timezone": "Europe/Moscow", "week_start": "monday", "fiscal_year_start": 1}


class DemoHomeError(DealhouseError):
    """The folder for the demo holds somebody's real data."""


def demo(home: Path | None) -> int:
    """Run the demo in that folder; the exit code."""
    folder = _home(home)
    settings_file = folder / SETTINGS_FILE
    with ExitStack() as portals:
        running = _start_portals(portals, folder, settings_file)
        _write_settings(settings_file, running)
        _introduce(running)
        cycle = Cycle(folder, settings_file=settings_file, is_one_process=True)
        with watching("Reading the CRMs") as watcher:
            cycle.watcher = watcher
            code = run_cycle(cycle)
    _show(folder)
    return code


def _home(asked: Path | None) -> Path:
    configured = dealhouse_home()
    folder = asked or (configured / "demo" if configured == Path("data") else configured)
    if Places(folder).own_lake.exists() and not (folder / SETTINGS_FILE).exists():
        raise DemoHomeError(
            "This folder holds data that the demo did not make.",
            str(folder),
            "Name another: dealhouse demo --home FOLDER",
        )
    return private_folder(folder).resolve()


def _start_portals(portals: ExitStack, folder: Path, settings_file: Path) -> dict[str, RunningPortal]:
    ports = _ports_of(settings_file)
    cycles = {(row["connection"], row["run_id"]) for row in Lake(folder).extraction_runs()}
    running = {}
    for name, crm, seed in PORTALS:
        world = make_world(seed, SIZE)
        earlier = sum(connection == name for connection, _ in cycles)
        if earlier:
            world.advance(DAYS_BETWEEN_RUNS * earlier)
        running[name] = portals.enter_context(
            serve(world, crm, quota_factor=QUOTA_FACTOR, port=_free(ports.get(name, 0)))
        )
    return running


def _ports_of(settings_file: Path) -> dict[str, int]:
    """The ports of the last demo: a portal that keeps its address needs no rebuild."""
    if not settings_file.exists():
        return {}
    content: dict[str, Any] = yaml.safe_load(settings_file.read_text(encoding="utf-8"))
    return {item["name"]: urlsplit(item["url"]).port or 0 for item in content["connections"]}


def _free(port: int) -> int:
    """The port if nobody listens there, else 0 for any."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def _write_settings(settings_file: Path, running: dict[str, RunningPortal]) -> None:
    connections = [_connection(name, portal) for name, portal in running.items()]
    content = yaml.safe_dump({"reporting": REPORTING, "connections": connections}, sort_keys=False)
    settings_file.write_text(content, encoding="utf-8")
    settings_file.chmod(0o600)


def _connection(name: str, portal: RunningPortal) -> dict[str, Any]:
    settings = portal.connection_settings
    # HubSpot tells its rate with every reply; Bitrix24 does not.
    rate = {"requests_per_second": REQUESTS_PER_SECOND * QUOTA_FACTOR} if portal.crm == "bitrix24" else {}
    # Numbers without a country code are dialled from there.
    mappings = settings["mappings"] | {"phone_region": REGIONS[name]}
    return {"name": name} | settings | rate | {"mappings": mappings}


def _introduce(running: dict[str, RunningPortal]) -> None:
    out.print("Simulated CRMs, on this machine only:")
    for name, portal in running.items():
        address = urlsplit(portal.url)
        leads, deals = len(portal.world.leads), len(portal.world.deals)
        held = f"{leads:,} leads, {deals:,} deals"
        out.print(f"  {name:<7} {portal.crm:<9} http://{address.netloc}  {held}", soft_wrap=True)
    out.print(f"Their quotas are {QUOTA_FACTOR} times the documented ones, so that this ends soon.\n")


def _command() -> str:
    """What to type: the name where the shell knows it, else the way to this installation."""
    return "dealhouse" if shutil.which("dealhouse") else _short(Path(sys.executable).with_name("dealhouse"))


def _show(folder: Path) -> None:
    places = Places(folder)
    print_reports(places)
    print_issues_of_one(places)
    shown = f"DEALHOUSE_HOME={_short(folder)} {_command()}"
    out.print("[bold]Where everything is[/]")
    for label, place in (
        ("database", places.served_database),
        ("Parquet", places.served_parquet),
        ("raw records", places.lake),
        ("workbook", save_workbook(places)),
        ("issue pages", places.data_docs / "issues" / "index.html"),
        ("checks", places.data_docs),
        ("logs", places.logs),
    ):
        out.print(f"  {label:<12}{_short(place)}", soft_wrap=True)
    out.print(f"  {'UI':<12}http://127.0.0.1:3000 once this runs: {shown} up", soft_wrap=True, markup=False)
    out.print("[bold]Ask more[/]")
    for command in (
        "report --list",
        "report rpt_deal_funnel --by connection,pipeline_name,stage_name",
        "report rpt_stage_distribution --as-of 2026-06-30",
        "report rpt_sales_trend --by employee_name --where \"closed_date >= '2026-01-01'\"",
        "report rpt_deal_funnel --where \"stage_name = 'New'\" --records --limit 5",
        'issues --owner "Maria O\'Brien" --severity error',
        "status",
    ):
        out.print(f"  {shown} {command}", soft_wrap=True, markup=False)


def _short(place: Path) -> str:
    """Relative to the current folder where it lies inside."""
    here = Path.cwd()
    return str(place.relative_to(here)) if place.is_relative_to(here) else str(place)
