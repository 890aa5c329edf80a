"""`dealhouse issues` and the pages, from a hand-made published version."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
from datetime import datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from extract.core.files import atomic_write_parquet
from extract.core.lake import Lake
from orchestration import build_record, cli, cycle, inputs
from orchestration.build import plan_of
from orchestration.issues import pages
from orchestration.issues.mutes import Mute, land_mute
from orchestration.publication import publish
from tests.orchestration.conftest import Dealhouse, make_marts

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.places import Places

SEEN = datetime(2026, 6, 1, 10)  # noqa: DTZ001
TABLES = """
    create schema data_quality;
    create or replace table marts.dim_employees as
        select 'moscow:employee:1' as employee_key, 'Anna' as employee_name;
    create table data_quality.dq_rules (
        rule_id varchar, connection varchar, record_type varchar, severity varchar, title_en varchar,
        title_ru varchar, why varchar, fix varchar, parameters varchar, threshold double, is_enabled boolean,
        rule_version varchar, record_count bigint, flagged_count bigint
    );
    insert into data_quality.dq_rules values
        ('deal_odd', 'moscow', 'deal', 'error', 'Odd deal', 'Странная сделка', 'It is odd.', 'Make it even.',
            '{"days": 3}', null, true, 'v1', 9, 3),
        ('deal_odd', 'us', 'deal', 'error', 'Odd deal', 'Странная сделка', 'It is odd.', 'Let it go.',
            '{"days": 3}', null, true, 'v1', 9, 1),
        ('lead_clean', 'us', 'lead', 'info', 'Clean', 'Чистый', 'Why.', 'How.', '{}', null, true, 'v1', 9, 0);
    create table data_quality.dq_issues (
        issue_key varchar, rule_id varchar, severity varchar, record_type varchar, record_key varchar,
        record_url varchar, record_name varchar, owner_key varchar, owner_name varchar, department varchar,
        connection varchar, detected_value varchar, money_at_risk decimal(28, 6), status varchar,
        first_seen_at timestamp, last_seen_at timestamp, resolved_at timestamp, resolution varchar,
        reopened_count bigint, is_baseline boolean, muted_until date, muted_by varchar, mute_reason varchar,
        run_id varchar
    );
    create table data_quality.dim_contact_clusters (contact_key varchar, cluster_key varchar);
"""
NEW_TRANSITIONS = """
    create schema data_quality;
    create table data_quality.dq_new_transitions as
    select
        timestamp '2026-06-01 10:00:00' as transition_at, 'moscow-1' as run_id, 'moscow' as connection,
        'deal_odd' as rule_id, 'v1' as rule_version, 'deal' as record_type, 'moscow:deal:1' as record_key,
        null::varchar as owner_key, 'appeared' as transition, false as is_baseline,
        null::varchar as resolution, 'odd' as detected_value, 7::decimal(28, 6) as money_at_risk,
        1::bigint as transition_number
"""
# Number, name, owner, value, money, status, address.
ISSUES = [
    (1, "Насос, Acme", "Anna", "odd", 1000, "open", "https://crm/1"),
    (2, "<script>alert(1)</script>", "Anna", "<b>odd</b>", 20, "new", "javascript:alert(1)"),
    (3, "Boiler", "Пётр", "odd [/] even", 0, "muted", "https://crm/3"),
    (4, None, None, None, 0, "resolved", None),
]


@pytest.fixture
def home(places: Places, monkeypatch: pytest.MonkeyPatch, dealhouse: Dealhouse) -> Places:
    del dealhouse  # sets the environment that is changed here
    make_marts(places.next_database)
    with duckdb.connect(str(places.next_database)) as database:
        database.execute(TABLES)
        for issue in ISSUES:
            insert(database, *issue)
    publish(places, {"moscow": SEEN}, None)
    monkeypatch.setenv("DEALHOUSE_HOME", str(places.home))
    return places


def insert(database: duckdb.DuckDBPyConnection, number: int, name: Any, owner: Any, *rest: Any) -> None:
    value, money, status, url = rest
    key, is_resolved, is_muted = f"moscow:deal:{number}", status == "resolved", status == "muted"
    row = [
        f"deal_odd:{key}",
        "deal_odd",
        "error",
        "deal",
        key,
        url,
        name,
        "moscow:employee:1",
        owner,
        "Sales",
    ]
    row += ["moscow", value, money, status, SEEN, SEEN, SEEN if is_resolved else None]
    row += ["fixed" if is_resolved else None, 0, False, "2026-07-01" if is_muted else None]
    row += ["me" if is_muted else None, "known" if is_muted else None, "moscow-1"]
    marks = ", ".join("?" * len(row))
    database.execute(f"insert into data_quality.dq_issues values ({marks})", row)


def page(home: Places, name: str) -> str:
    return (home.data_docs / "issues" / f"{name}.html").read_text(encoding="utf-8")


def keys(text: str) -> list[str]:
    return [row["record_key"] for row in csv.DictReader(io.StringIO(text))]


def test_the_list_counts_per_rule_and_shows_what_needs_somebody_first(
    home: Places, dealhouse: Dealhouse
) -> None:
    code, text, _ = dealhouse("issues")
    lines = text.splitlines()
    assert code == 0
    assert lines[1].split() == ["deal_odd", "error", "2", "1", "1,020"]
    assert text.index("Насос, Acme | odd | Anna | 1,000 ") < text.index("moscow:deal:2")
    assert "Boiler" not in text


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), ["moscow:deal:1", "moscow:deal:2"]),
        (("--status", "new"), ["moscow:deal:2"]),
        (("--status", "muted", "--status", "resolved"), ["moscow:deal:3", "moscow:deal:4"]),
        (("--owner", "Пётр", "--status", "muted"), ["moscow:deal:3"]),
        (("--owner", "moscow:employee:1", "--limit", "1"), ["moscow:deal:1"]),
        (("--severity", "info"), []),
        (("--rule", "deal_odd", "--connection", "moscow"), ["moscow:deal:1", "moscow:deal:2"]),
        (("--rule", "lead_clean"), []),
        (("--owner", "anna"), ["moscow:deal:1", "moscow:deal:2"]),
    ],
)
def test_filters_leave_what_was_asked_for(
    home: Places, dealhouse: Dealhouse, arguments: tuple[str, ...], expected: list[str]
) -> None:
    code, text, _ = dealhouse("issues", *arguments, "--format", "csv")
    assert (code, keys(text)) == (0, expected)


def test_json_holds_every_column(home: Places, dealhouse: Dealhouse) -> None:
    rows = json.loads(dealhouse("issues", "--status", "muted", "--format", "json")[1])
    assert len(rows) == 1
    assert {"record_url": "https://crm/3", "muted_until": "2026-07-01", "money_at_risk": 0}.items() <= rows[
        0
    ].items()


def test_a_misspelt_rule_and_key_are_no_clean_answer(home: Places, dealhouse: Dealhouse) -> None:
    code, _, error = dealhouse("issues", "--rule", "deal_od")
    assert (code, "Known: deal_odd, lead_clean" in error) == (2, True)
    code, _, error = dealhouse("issues", "--owner", "x' or 1=1 --")
    assert (code, "There is no owner" in error) == (2, True)
    code, _, error = dealhouse("issues", "--owner", "Ana")
    assert (code, "Did you mean Anna" in error) == (2, True)
    code, _, error = dealhouse("issues", "mute", "nope", "--until", "2026-08-01", "--reason", "x")
    assert (code, "There is no issue 'nope'" in error) == (2, True)


def test_an_issue_is_explained_with_values_and_rule(home: Places, dealhouse: Dealhouse) -> None:
    code, text, _ = dealhouse("issues", "explain", "deal_odd:moscow:deal:3")
    assert code == 0
    for part in ("Odd deal", "odd [/] even", "It is odd.", "Make it even.", "known", '{"days": 3}', "Пётр"):
        assert part in text


def test_a_mute_that_would_never_hold_is_refused(home: Places, dealhouse: Dealhouse) -> None:
    for key, until, told in (
        ("deal_odd:moscow:deal:1", "2020-01-01", "would hold for no day"),
        ("deal_odd:moscow:deal:1", "2026-06-01", "would hold for no day"),
        ("deal_odd:moscow:deal:4", "2026-08-01", "is resolved: fixed"),
    ):
        code, _, error = dealhouse("issues", "mute", key, "--until", until, "--reason", "x")
        assert (code, told in " ".join(error.split())) == (2, True)
    assert Lake(home.home).own_rows("dq_mutes") == []


def test_a_list_of_nothing_still_has_its_head_and_one_of_something_its_keys(
    home: Places, dealhouse: Dealhouse
) -> None:
    assert dealhouse("issues", "--rule", "lead_clean", "--format", "csv")[1].startswith("issue_key,rule_id,")
    assert "deal_odd:moscow:deal:1 https://crm/1" in dealhouse("issues")[1]
    assert "What is wrong: odd" in dealhouse("issues", "explain", "deal_odd:moscow:deal:1")[1]


def test_a_mute_and_its_end_land_for_the_next_run(home: Places, dealhouse: Dealhouse) -> None:
    key = "deal_odd:moscow:deal:1"
    assert dealhouse("issues", "mute", key, "--until", "2026-08-01", "--reason", "known")[0] == 0
    assert dealhouse("issues", "unmute", key)[0] == 0
    rows = sorted(Lake(home.home).own_rows("dq_mutes"), key=lambda row: row["muted_at"])
    assert [(row["issue_key"], str(row["muted_until"]), row["reason"]) for row in rows] == [
        (key, "2026-08-01", "known"),
        (key, "None", None),
    ]


def test_without_a_publication_the_list_says_what_to_run(dealhouse: Dealhouse) -> None:
    code, _, error = dealhouse("issues")
    assert (code, "dealhouse run" in error) == (1, True)


def test_a_page_per_rule_links_to_its_records(home: Places) -> None:
    pages.write_pages(home)
    text = page(home, "deal_odd")
    assert '<a href="https://crm/1" rel="noopener noreferrer">Насос, Acme</a>' in text
    assert "How to mend it in moscow" in text
    assert "Let it go." in text
    assert "muted until 2026-07-01" in text
    assert "2 open, 1 of them new; 1 muted;" in text
    index = page(home, "index")
    assert '<a href="deal_odd.html">Odd deal</a>' in index
    assert '<a href="lead_clean.html">Clean</a>' in index


def test_who_seem_to_be_one_person_stand_together_on_a_page(home: Places) -> None:
    issues = [
        (number, f"Person {number}", "Anna", "odd", money, "open", None)
        for number, money in ((5, 900), (6, 700), (7, 30), (8, 5))
    ]
    with duckdb.connect(str(home.served_database)) as database:
        for issue in issues:
            insert(database, *issue)
        database.execute(
            "insert into data_quality.dim_contact_clusters values ('moscow:deal:7', 'moscow:deal:5'),"
            " ('moscow:deal:5', 'moscow:deal:5'), ('moscow:deal:8', 'moscow:deal:6'),"
            " ('moscow:deal:6', 'moscow:deal:6')"
        )
    pages.write_pages(home)
    assert re.findall(r"Person (\d)", page(home, "deal_odd")) == ["5", "7", "6", "8"]


def test_what_people_typed_is_text_on_a_page(home: Places) -> None:
    pages.write_pages(home)
    text = page(home, "deal_odd")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "&lt;b&gt;odd&lt;/b&gt;" in text
    assert "javascript:" not in text


def test_a_long_page_ends_with_how_many_more_there_are(home: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LARGEST_PAGE", 2)
    pages.write_pages(home)
    assert "And 1 more" in page(home, "deal_odd")
    assert "Boiler" not in page(home, "deal_odd")


def test_pages_are_private_whole_and_those_of_former_rules_are_gone(home: Places) -> None:
    folder = home.data_docs / "issues"
    folder.mkdir(parents=True)
    for name in ("deal_former.html", "deal_odd.html.part"):
        (folder / name).write_text("half")
    pages.write_pages(home)
    assert {file.name for file in folder.iterdir()} == {"index.html", "deal_odd.html", "lead_clean.html"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("command", [(), ("explain",), ("mute",), ("unmute",)])
def test_help_fits_eighty_columns(command: tuple[str, ...]) -> None:
    width = {"COLUMNS": "80", "TERMINAL_WIDTH": "80"}
    shown = CliRunner().invoke(cli.app, ["issues", *command, "--help"], env=width)
    assert shown.exit_code == 0
    assert max(len(line) for line in shown.output.splitlines()) <= 80


def test_a_kill_between_landing_and_the_swap_doubles_nothing(
    home: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_record.record_success(home, build_record.Build("b1", build_record.Inputs({}, "", "")), None)
    with duckdb.connect(str(home.warehouse)) as database:
        database.execute(NEW_TRANSITIONS)
    before = home.current.resolve()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(cycle, "publish", die)
        with pytest.raises(KeyboardInterrupt):
            cycle.Cycle(home.home).publish()
    assert home.current.resolve() == before
    assert build_record.read_record(home).awaits_publication
    cycle.Cycle(home.home).publish()
    assert home.current.resolve() != before
    assert not build_record.read_record(home).awaits_publication
    assert [file.name for file in (home.own_lake / "dq_transitions").iterdir()] == ["b1.parquet"]
    assert [row["record_key"] for row in Lake(home.home).own_rows("dq_transitions")] == ["moscow:deal:1"]
    assert (home.data_docs / "issues" / "deal_odd.html").exists()


def test_mutes_and_rules_cause_a_build_of_what_reads_them_and_transitions_cause_none(home: Places) -> None:
    before = inputs.read_inputs(home)
    build_record.record_success(home, build_record.Build("b1", before), ())
    home.warehouse.touch()
    land_mute(home, Mute("deal_odd:moscow:deal:1", None, None, "me"))
    atomic_write_parquet(pa.table({"issue": ["x"]}), home.own_lake / "dq_transitions", "b1")
    plan = plan_of(home, is_full_refresh=False)
    assert (plan.tables, plan.is_everything) == (("dealhouse.dq_mutes",), False)


def test_issues_are_served_as_parquet_too(home: Places) -> None:
    file: Path = home.served_parquet / "data_quality" / "dq_issues.parquet"
    assert pq.read_table(file).num_rows == len(ISSUES)
