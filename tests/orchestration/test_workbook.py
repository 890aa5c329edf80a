"""Workbooks as Excel would read them back."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import openpyxl
import pytest

from orchestration.console import UsageError
from orchestration.reports import workbook
from orchestration.reports.answer import Answer, ask
from orchestration.reports.catalogue import Report
from orchestration.reports.composition import Question
from orchestration.reports.meanings import Column
from orchestration.reports.version import Version
from orchestration.reports.workbook import write_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.workbook import Workbook

FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(A1)", '=HYPERLINK("https://evil","x")', "\t=1+1"]


def answer_of(*columns: Column, rows: list[tuple[object, ...]], title: str = "Sales", **asked: Any) -> Answer:
    report = Report("rpt_sales", title, "How much?", "fct_deals", None, (), (), {})
    return Answer(report, columns, rows, (), Question(("title",), **asked), False, Version("v1", {}))  # noqa: FBT003


def read(answer: Answer, folder: Path, **how: Any) -> Workbook:
    write_workbook(answer, folder / "answer.xlsx")
    return openpyxl.load_workbook(folder / "answer.xlsx", **how)


def first_sheet(answer: Answer, folder: Path, **how: Any) -> Any:
    return read(answer, folder, **how).worksheets[0]


def one_cell(value: object, folder: Path, name: str = "name", kind: str = "") -> Any:
    return first_sheet(answer_of(Column(name, kind), rows=[(value,)]), folder)["A2"]


def texts(sheet: Any) -> list[list[Any]]:
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def test_the_first_row_is_a_header_that_stays_in_sight_and_filters(marts: Path, tmp_path: Path) -> None:
    sheet = first_sheet(ask(marts, "rpt_sales_trend", Question(by=("closed_month", "status"))), tmp_path)
    assert [cell.value for cell in sheet[1]] == [
        "closed month",
        "status",
        "won count",
        "won amount",
        "lost count",
        "win rate",
        "average won amount",
    ]
    assert {(cell.font.b, cell.alignment.wrap_text) for cell in sheet[1]} == {(True, True)}
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.title) == ("A2", "A1:G3", "Sales trend")


def test_a_print_is_landscape_one_page_wide_with_the_header_on_every_page(
    marts: Path, tmp_path: Path
) -> None:
    sheet = first_sheet(ask(marts, "rpt_sales_trend", Question()), tmp_path)
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")
    assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_rows_keep_their_types_and_are_shown_as_people_write_them(marts: Path, tmp_path: Path) -> None:
    sheet = first_sheet(ask(marts, "rpt_sales_trend", Question(by=("closed_month", "status"))), tmp_path)
    assert [cell.value for cell in sheet[3]] == [datetime(2026, 3, 1), "won", 1, 100.5, 0, 1, 100.5]  # noqa: DTZ001
    assert [cell.number_format for cell in sheet[3]] == [
        "yyyy-mm",
        "General",
        "#,##0",
        "#,##0.00",
        "#,##0",
        "0.0%",
        "#,##0.00",
    ]
    assert [cell.value for cell in sheet[2]] == [datetime(2026, 3, 1), "lost", 0, 0, 1, 0, None]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "column", "read_back", "shown"),
    [
        (date(2026, 1, 31), Column("closed_date", ""), datetime(2026, 1, 31), "yyyy-mm-dd"),  # noqa: DTZ001
        (date(2026, 1, 1), Column("closed_year", "year"), datetime(2026, 1, 1), "yyyy"),  # noqa: DTZ001
        (datetime(2026, 1, 31, 9, 5), Column("at", ""), datetime(2026, 1, 31, 9, 5), "yyyy-mm-dd hh:mm"),  # noqa: DTZ001
        (
            datetime(2026, 1, 31, 12, 5, tzinfo=timezone(timedelta(hours=3))),
            Column("at", ""),
            datetime(2026, 1, 31, 9, 5),  # noqa: DTZ001
            "yyyy-mm-dd hh:mm",
        ),
        (True, Column("is_won", ""), True, "General"),
        (False, Column("is_won", ""), False, "General"),
        (1234567, Column("won_count", "count"), 1234567, "#,##0"),
        (Decimal("123456789012.345"), Column("value", "money"), 123456789012.345, "#,##0.00"),
        (Decimal("51371497644.0982"), Column("won_amount", ""), 51371497644.0982, "#,##0.00"),
        (0.4567, Column("win_rate", "percent"), 0.4567, "0.0%"),
        (
            90_061,
            Column("age", "seconds"),
            timedelta(days=1, hours=1, minutes=1, seconds=1),
            "[h]:mm:ss",
        ),
        (7, Column("stage_position", ""), 7, "General"),
        (float("inf"), Column("rate", ""), "inf", "General"),
        (date(202, 1, 1), Column("closed_date", ""), "0202-01-01", "General"),
        (datetime(1, 1, 1), Column("at", ""), "0001-01-01 00:00:00", "General"),  # noqa: DTZ001
        ("0012", Column("code", "count"), "0012", "General"),
        ("", Column("name", ""), None, "General"),
        (None, Column("won_count", "count"), None, "General"),
    ],
)
def test_values_become_what_excel_has_for_them(
    value: object, column: Column, read_back: object, shown: str, tmp_path: Path
) -> None:
    cell = first_sheet(answer_of(column, rows=[(value,)]), tmp_path)["A2"]
    assert (cell.value, type(cell.value), cell.number_format) == (read_back, type(read_back), shown)


def test_records_link_to_the_crm_under_their_titles(marts: Path, tmp_path: Path) -> None:
    sheet = first_sheet(ask(marts, "rpt_sales_trend", Question(), is_records=True), tmp_path)
    position = [cell.value for cell in sheet[1]].index("record url")
    links = [row[position] for row in sheet.iter_rows(min_row=2, max_row=3)]
    assert [(cell.value, cell.hyperlink.target) for cell in links] == [
        ("One", "https://m/1"),
        ('Two\'s "best"', "https://m/2"),
    ]


def test_a_link_without_a_title_reads_as_its_address(tmp_path: Path) -> None:
    cell = one_cell("https://m/1?a=b&c=d#e", tmp_path, "record_url")
    assert (cell.value, cell.hyperlink.target, cell.hyperlink.location) == (
        "https://m/1?a=b&c=d#e",
        "https://m/1?a=b&c=d",
        "e",
    )


@pytest.mark.parametrize(
    ("address", "is_linked"),
    [
        ("HTTP://M/1", True),
        ("https://компания.рф/crm/deal/1/", True),
        ("https://m/" + "a" * 2069, True),
        ("https://m/" + "a" * 2070, False),
        ("https://m/" + "Ж" * 400, False),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("internal:About!A1", False),
        ("https://m/1\nx", False),
    ],
)
def test_only_addresses_that_excel_and_browsers_take_are_links(
    address: str, is_linked: bool, tmp_path: Path
) -> None:
    cell = one_cell(address, tmp_path, "record_url")
    assert (cell.value, cell.hyperlink is not None) == (address, is_linked)


def test_links_beyond_those_that_excel_takes_are_plain_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workbook.MOST_LINKS == 65_530
    monkeypatch.setattr(workbook, "MOST_LINKS", 1)
    columns = Column("title", ""), Column("record_url", "")
    sheet = first_sheet(answer_of(*columns, rows=[("One", "https://m/1"), ("Two", "https://m/2")]), tmp_path)
    assert [(row[1].value, bool(row[1].hyperlink)) for row in sheet.iter_rows(min_row=2)] == [
        ("One", True),
        ("https://m/2", False),
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_texts_that_look_like_formulas_stay_texts_even_when_edited(text: str, tmp_path: Path) -> None:
    columns = Column(text, ""), Column("title", ""), Column("record_url", "")
    book = read(answer_of(*columns, rows=[(text, text, "https://m/1")], where=text), tmp_path)
    sheet, about = book.worksheets
    cells = [sheet["A1"], *sheet[2], *(cell for cell in about["B"] if cell.value == text)]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [(text, "s", True)] * 5
    assert not any(cell.data_type == "f" for page in book for row in page.iter_rows() for cell in row)


def test_plain_texts_show_no_quote(tmp_path: Path) -> None:
    assert not one_cell("plain = text", tmp_path).quotePrefix


@pytest.mark.parametrize("text", ["a<b>&\"c'", "two\nlines", "Юля شرکت 李 😀", " spaces "])
def test_texts_come_back_as_they_were(text: str, tmp_path: Path) -> None:
    assert one_cell(text, tmp_path).value == text


def test_a_name_made_of_digits_is_not_marked_as_a_mistake(tmp_path: Path) -> None:
    one_cell("200000006", tmp_path)
    with ZipFile(tmp_path / "answer.xlsx") as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    assert b'<ignoredError sqref="A1:A2" numberStoredAsText="1"/>' in sheet


def test_a_text_that_no_cell_holds_ends_in_an_ellipsis(tmp_path: Path) -> None:
    assert one_cell("x" * 32_767, tmp_path).value == "x" * 32_767
    assert one_cell("x" * 32_768, tmp_path).value == "x" * 32_766 + "…"


def test_columns_are_as_wide_as_what_they_hold_up_to_a_limit(tmp_path: Path) -> None:
    columns = Column("a", ""), Column("b", "money"), Column("c", "seconds"), Column("abcdefghijklm no", "")
    rows: list[tuple[object, ...]] = [("x" * 300, Decimal("51371497644.1"), 523_913_603, 1)]
    sheet = first_sheet(answer_of(*columns, rows=rows), tmp_path)
    widths = [sheet.column_dimensions[letter].width for letter in "ABCD"]
    assert 60 <= widths[0] <= 61
    for width, shown in zip(widths[1:], ["51,371,497,644.10", "145531:33:23", "abcdefghijklm"], strict=True):
        assert len(shown) < width < len(shown) + 8


def test_only_what_may_be_added_up_has_a_total(marts: Path, tmp_path: Path) -> None:
    answer = ask(marts, "rpt_deal_funnel", Question(by=("pipeline_name", "stage_name")))
    sheet = first_sheet(answer, tmp_path)
    # Three stages in rows 2 to 4, an empty row, the totals; reached and passed on overlap over stages.
    assert [cell.value for cell in sheet[5]] == [None] * 6
    assert [cell.value for cell in sheet[6]] == ["Total", None, None, None, "=SUBTOTAL(109,E2:E4)", None]
    assert (sheet["E6"].font.b, sheet["E6"].number_format) == (True, "#,##0.00")
    assert sheet.auto_filter.ref == "A1:F4"
    assert first_sheet(answer, tmp_path, data_only=True)["E6"].value == 75_000


@pytest.mark.parametrize(
    "question", [Question(by=("status",), limit=2), Question(by=("Region",)), Question(by=("closed_month",))]
)
def test_rows_cut_off_counted_twice_or_alone_have_no_total(
    marts: Path, tmp_path: Path, question: Question
) -> None:
    answer = ask(marts, "rpt_sales_trend", question)
    sheet = first_sheet(answer, tmp_path)
    assert sheet.max_row == 1 + len(answer.rows)


def test_an_empty_answer_is_a_header(marts: Path, tmp_path: Path) -> None:
    sheet = first_sheet(ask(marts, "rpt_sales_trend", Question(where="status = 'none'")), tmp_path)
    assert (sheet.max_row, sheet["A1"].value) == (1, "closed month")


def test_the_second_sheet_says_what_was_asked_of_which_data(marts: Path, tmp_path: Path) -> None:
    question = Question(by=("closed_month", "UF_CRM_1"), where="status <> 'open'", limit=7)
    book = read(ask(marts, "rpt_sales_trend", question), tmp_path)
    assert book.sheetnames == ["Sales trend", "About"]
    said = texts(book["About"])
    for line in (
        ["Report", "Sales trend", "rpt_sales_trend"],
        ["Question", "Sales over time"],
        ["Rows", "one per closed_month, UF_CRM_1"],
        ["Only where", "status <> 'open'"],
        ["Data as of (UTC)", "2026-03-31 23:15", "m"],
        ["Data as of (UTC)", "2026-03-31 22:45", "u"],
        ["Version", "20260401T000000000000Z"],
        ["UF CRM 1", "A custom field of the CRM.", "UF_CRM_1"],
        ["win rate", "Share of closed deals that are won.", "win_rate"],
        ["Note", "UF_CRM_1 may hold several values: a record counts once under each of them."],
    ):
        assert line in said
    assert ["Data as of (UTC)", "2025-12-31 23:00", "m"] not in said
    assert any(line[:1] == ["At most"] and line[1].startswith("7 rows") for line in said)


def test_columns_mean_what_the_catalogue_says(tmp_path: Path) -> None:
    column = Column("won_amount", "money", "Their value.")
    assert ["won amount", "Their value.", "won_amount"] in texts(
        read(answer_of(column, rows=[]), tmp_path)["About"]
    )


def test_a_title_that_excel_forbids_for_a_sheet_is_made_to_fit(tmp_path: Path) -> None:
    column = Column("a", "")
    for title, name in [("Won/lost: [all]?", "Won lost   all"), ("about", "Answer"), ("x" * 40, "x" * 31)]:
        assert read(answer_of(column, rows=[], title=title), tmp_path).sheetnames[0] == name


def test_more_rows_than_a_sheet_holds_are_refused_with_a_way_out(tmp_path: Path) -> None:
    row: tuple[object, ...] = (1,)
    answer = answer_of(Column("a", ""), rows=[row] * 1_048_576)
    with pytest.raises(UsageError, match="1,048,575 rows") as refused:
        write_workbook(answer, tmp_path / "x.xlsx")
    assert "--where" in str(refused.value.next_step)
    assert "csv" in str(refused.value.next_step)
    assert not list(tmp_path.iterdir())
