from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from orchestration import cli

if TYPE_CHECKING:
    from pathlib import Path

    from tests.orchestration.conftest import Dealhouse


def test_the_version_is_printed(dealhouse: Dealhouse) -> None:
    assert dealhouse("--version")[:2] == (0, "dealhouse 0.1.0\n")


@pytest.mark.parametrize(
    "command",
    [(), *((name,) for name in ("demo", "run", "extract", "connect", "report", "reconcile", "status"))],
)
def test_help_fits_eighty_columns(command: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(cli.app, [*command, "--help"], env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
    assert shown.exit_code == 0
    assert max(len(line) for line in shown.output.splitlines()) <= 80


@pytest.mark.parametrize("command", ["run", "extract", "connect", "reconcile"])
def test_missing_settings_are_told_with_what_to_do(dealhouse: Dealhouse, command: str) -> None:
    code, _, error = dealhouse(command)
    assert code == 1
    assert "connections.yml" in error
    assert "Copy connections.example.yml" in error


@pytest.mark.parametrize("command", [("report", "rpt_deal_funnel"), ("report", "--list")])
def test_without_a_publication_a_report_says_what_to_run(
    dealhouse: Dealhouse, command: tuple[str, str]
) -> None:
    code, _, error = dealhouse(*command)
    assert (code, "dealhouse run" in error) == (1, True)


def test_status_works_before_anything_ran(dealhouse: Dealhouse) -> None:
    code, text, _ = dealhouse("status")
    assert (code, "Nothing was extracted yet" in text) == (0, True)


SETTINGS = """
reporting: {currency: EUR, timezone: Europe/Berlin}
connections:
  - {name: us, crm: hubspot, url: "http://127.0.0.1:9", token: "${NO_SUCH_VARIABLE}"}
"""


def test_a_missing_variable_is_named(dealhouse: Dealhouse, tmp_path: Path) -> None:
    (tmp_path / "connections.yml").write_text(SETTINGS)
    code, _, error = dealhouse("run")
    assert (code, "NO_SUCH_VARIABLE" in error) == (1, True)


def test_an_unknown_connection_is_wrong_usage(
    dealhouse: Dealhouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_SUCH_VARIABLE", "secret-token")
    (tmp_path / "connections.yml").write_text(SETTINGS)
    code, _, error = dealhouse("run", "--connection", "use")
    assert (code, "Did you mean us?" in error) == (2, True)
    assert "secret-token" not in error


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "rpt_deal_funel"), "Did you mean rpt_deal_funnel"),
        (("report", "rpt_deal_funnel", "--by", "owner_name"), "may not be summed over stage_key"),
        (("report", "rpt_sales_trend", "--where", "won_count = (select 1)"), "Values are"),
        (("report", "rpt_sales_trend", "--where", "nobody = 1"), "no field 'nobody'"),
        (("report", "rpt_sales_trend", "--as-of", "2026-01-01"), "does not support --as-of"),
        (("report",), "Name a report"),
        (("report", "rpt_sales_trend", "--format", "pdf"), "pdf"),
        (("nonsense",), "nonsense"),
        (("extract", "--since", "2199-01-01"), "yet to come"),
        (("extract", "--since", "2026-01-01", "--from-scratch"), "one place only"),
    ],
)
def test_wrong_usage_exits_2_and_says_why(
    home_with_reports: Dealhouse, arguments: tuple[str, ...], said: str
) -> None:
    code, _, error = home_with_reports(*arguments)
    assert code == 2
    assert said in " ".join(error.split())


def test_reports_are_printed_in_every_format(home_with_reports: Dealhouse) -> None:
    assert "closed month" in home_with_reports("report", "rpt_sales_trend")[1]
    csv = home_with_reports("report", "sales_trend", "--by", "status", "--format", "csv")[1]
    assert csv.splitlines()[:2] == [
        "status,won_count,won_amount,lost_count,win_rate,average_won_amount",
        "lost,0,0,1,0.0,",
    ]
    assert '"won_count": 1' in home_with_reports("report", "rpt_sales_trend", "--format", "json")[1]
    assert "Deal funnel" not in home_with_reports("report", "--list")[1]


def test_secrets_in_another_encoding_are_an_error_that_names_the_file(
    dealhouse: Dealhouse, tmp_path: Path
) -> None:
    (tmp_path / "connections.yml").write_text(SETTINGS)
    (tmp_path / ".env").write_bytes(b"NO_SUCH_VARIABLE=\xff")
    code, _, error = dealhouse("connect")
    assert (code, ".env" in error, "UTF-8" in error) == (1, True, True)


def test_a_port_that_is_none_is_no_web_address(dealhouse: Dealhouse, tmp_path: Path) -> None:
    (tmp_path / "connections.yml").write_text(SETTINGS.replace(":9", ":99999"))
    (tmp_path / ".env").write_text("NO_SUCH_VARIABLE=x")
    code, _, error = dealhouse("connect")
    assert (code, "must be a web address" in error) == (1, True)


def test_a_home_that_is_a_file_is_named(
    dealhouse: Dealhouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "connections.yml").write_text(SETTINGS)
    (tmp_path / ".env").write_text("NO_SUCH_VARIABLE=x")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DEALHOUSE_HOME", str(tmp_path / "file"))
    code, _, error = dealhouse("extract")
    assert (code, "The operating system refuses" in error, str(tmp_path / "file") in error) == (1, True, True)


def test_a_damaged_file_of_the_home_is_told_with_what_to_restore(
    dealhouse: Dealhouse, tmp_path: Path
) -> None:
    folder = tmp_path / "home" / "lake" / "dealhouse" / "extraction_runs"
    folder.mkdir(parents=True)
    (folder / "moscow.1.0.parquet").write_bytes(b"PAR1")
    code, _, error = dealhouse("status")
    assert (code, "cannot be read" in error, "Restore lake/" in error) == (1, True, True)


def test_what_nobody_foresaw_is_told_and_its_trace_kept(
    dealhouse: Dealhouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_name: str) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(cli, "_module", break_down)
    code, _, error = dealhouse("status")
    assert (code, "ZeroDivisionError: by nothing" in error) == (1, True)
    assert "break_down" in (tmp_path / "home" / "logs" / "error.log").read_text(encoding="utf-8")


def test_who_interrupts_a_command_hears_that_nothing_is_half_done(
    dealhouse: Dealhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_module", interrupt)
    code, _, error = dealhouse("status")
    assert (code, "Nothing half-done is published" in error) == (130, True)
