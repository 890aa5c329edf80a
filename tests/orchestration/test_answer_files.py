"""Answers in files: there whole, or not at all."""

from __future__ import annotations

import resource
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest

from extract.core.errors import DealhouseError
from orchestration.places import PROJECT
from orchestration.reports.answer import ask
from orchestration.reports.composition import Question
from orchestration.reports.output import replaceable, whole_file
from orchestration.reports.workbook import write_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.orchestration.conftest import Dealhouse


def test_a_workbook_lands_in_this_folder_under_the_name_of_its_report(
    home_with_reports: Dealhouse, tmp_path: Path
) -> None:
    code, text, error = home_with_reports("report", "sales_trend", "--format", "xlsx")
    assert (code, str(tmp_path / "rpt_sales_trend.xlsx") in text, error) == (0, True, "")
    assert openpyxl.load_workbook(tmp_path / "rpt_sales_trend.xlsx").worksheets[0]["A1"].value


@pytest.mark.parametrize(
    ("form", "begins"), [("csv", b"closed_month,"), ("json", b"[\n"), ("xlsx", b"PK\x03\x04")]
)
def test_an_answer_in_a_file_leaves_standard_output_empty(
    home_with_reports: Dealhouse, tmp_path: Path, form: str, begins: bytes
) -> None:
    file = tmp_path / "answer"
    file.write_text("an older answer")
    before = set(tmp_path.iterdir())
    with file.open() as reader:
        code, text, error = home_with_reports("report", "sales_trend", "--format", form, "-o", str(file))
        assert reader.read() == "an older answer"
    assert (code, text, str(file) in error) == (0, "", True)
    assert file.read_bytes().startswith(begins)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "xlsx", "-o", "missing/x.xlsx"), "There is no such folder"),
        (("--format", "csv", "-o", "missing/x.csv"), "There is no such folder"),
        (("--format", "xlsx", "-o", "."), "no file that could be replaced"),
        (("--format", "xlsx", "-o", "file/x.xlsx"), "There is no such folder"),
        (("--format", "xlsx", "-o", "/dev/null"), "no file that could be replaced"),
        (("--format", "xlsx", "-o", "x" * 300), "File name too long"),
        (("-o", "x.txt"), "A table is for the terminal"),
        (("--format", "xlsx", "-o", "x.csv"), "The name says csv, the format xlsx"),
        (("--format", "xlsx", "-o", "-"), "A workbook is no text"),
    ],
)
def test_a_bad_place_for_an_answer_is_wrong_usage(
    home_with_reports: Dealhouse, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "file").write_text("here before")
    before = set(tmp_path.iterdir())
    code, text, error = home_with_reports("report", "rpt_sales_trend", *arguments)
    assert (code, text, said in " ".join(error.split())) == (2, "", True)
    assert set(tmp_path.iterdir()) == before


def test_the_name_of_a_file_tells_its_format(home_with_reports: Dealhouse, tmp_path: Path) -> None:
    code, _, error = home_with_reports("report", "rpt_sales_trend", "-o", "Sales.CSV")
    assert (code, "rows are in" in error) == (0, True)
    assert (tmp_path / "Sales.CSV").read_text(encoding="utf-8").startswith("closed_month,")


def test_a_dash_is_standard_output(home_with_reports: Dealhouse, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    asked = ("report", "rpt_sales_trend", "--format", "json")
    assert home_with_reports(*asked, "-o", "-") == home_with_reports(*asked)
    assert set(tmp_path.iterdir()) == before


def test_a_folder_that_may_not_be_written_to_is_wrong_usage(home_with_reports: Dealhouse) -> None:
    # Where not even root may write.
    code, _, error = home_with_reports("report", "sales_trend", "--format", "xlsx", "-o", "/sys/x.xlsx")
    assert (code, "It cannot be written" in error) == (2, True)


def test_a_full_disk_leaves_the_former_file_and_nothing_else(marts: Path, tmp_path: Path) -> None:
    answer = ask(marts, "rpt_sales_trend", Question())
    file = tmp_path / "x.xlsx"
    file.write_text("the former answer")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(DealhouseError, match="could not be written"), whole_file(file) as part:
            write_workbook(answer, part)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.xlsx"]
    assert file.read_text() == "the former answer"


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        with whole_file(tmp_path / "x.csv") as part:
            part.write_text("half")
            assert not (tmp_path / "x.csv").exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not list(tmp_path.iterdir())


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "kept" / "file.csv")
    with whole_file(replaceable(tmp_path / "link.csv")) as part:
        part.write_text("whole")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "kept" / "file.csv").read_text() == "whole"


def test_the_same_answer_is_the_same_file(marts: Path, tmp_path: Path) -> None:
    files = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]
    for file in files:
        write_workbook(ask(marts, "rpt_sales_trend", Question(), is_records=True), file)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert openpyxl.load_workbook(files[0]).properties.created == datetime(1980, 1, 1)  # noqa: DTZ001


def test_what_writes_workbooks_is_loaded_only_for_them() -> None:
    code = "import sys, orchestration.commands.report; sys.exit('xlsxwriter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0
