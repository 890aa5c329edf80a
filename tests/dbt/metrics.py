"""Writes docs/metrics.md: what every report asks, and what each of its numbers means.

It reads what `marts.report_catalog` is made from, `meta.report` of the reports, and the columns of facts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from orchestration.reports.catalogue import Member, Report
from orchestration.reports.defaults import Ratio, ratios_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "metrics.md"
MARTS = PROJECT / "models" / "marts"
AREAS = {"leads": "Leads", "sales": "Sales", "activity": "Activity", "order": "Order in the CRM"}
HEAD = """# Metrics

Every report, its dimensions and its measures, by area; [all measures](#all-measures) stand at the end.
Written by `python -m tests.dbt.metrics` from `meta.report` of the models. `marts.report_catalog` is made from
it as well: a BI tool reads the same words there.

A report groups one fact or lists its rows. A measure is the sum of one column of that fact over
the rows that have the report's date and meet its condition; every rule is in that column. Any other column of
the fact can be a dimension too: `dealhouse report NAME --by COLUMN`.

| adds up | means |
|---|---|
| always | Sum it over whatever you like. |
| not across *x* | Sum it for one *x* at a time, or keep *x*: a record counts under several of them. |
| level at *x* | A stock: take the last *x* of a period (the first, where told) and sum over all else. |

Formats: count is a whole number; money is in the reporting currency (`reporting` in connections.yml); seconds
are a length of time. Ratios are worked out on read from sums of the rows asked for: they do not add up.
"""


@dataclass(frozen=True)
class Column:
    """A column of a model as its YAML describes it."""

    data_type: str
    description: str


@dataclass(frozen=True)
class Described:
    """A report with what its YAML says around it."""

    area: str
    grain: str
    date: str | None
    report: Report
    columns: dict[str, Column]
    fact_columns: dict[str, Column]


def models() -> dict[str, tuple[Path, dict[str, Any]]]:
    """Every model of the marts with the file that describes it."""
    found: dict[str, tuple[Path, dict[str, Any]]] = {}
    for path in sorted(MARTS.rglob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        found |= {model["name"]: (path, model) for model in content.get("models", ())}
    return found


def exposed() -> list[str]:
    """The reports that exposures stand for."""
    found = []
    for path in sorted(MARTS.rglob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for exposure in content.get("exposures", ()):
            found += [name.removeprefix("ref('").removesuffix("')") for name in exposure["depends_on"]]
    return found


def described() -> list[Described]:
    """Every report, area by area in the order of their files."""
    known = models()
    reports = [
        _described(model, path.relative_to(MARTS).parts[0], known[about["fact"]][1])
        for path, model in known.values()
        if (about := _about(model))
    ]
    return sorted(reports, key=lambda entry: list(AREAS).index(entry.area))


def _about(model: dict[str, Any]) -> dict[str, Any]:
    about: dict[str, Any] = model.get("config", {}).get("meta", {}).get("report", {})
    return about


def _described(model: dict[str, Any], area: str, fact: dict[str, Any]) -> Described:
    about = _about(model)
    columns, fact_columns = _columns(model), _columns(fact)
    measures = [_member(member, columns) for member in about["measures"]]
    named = {member.name for member in measures}
    dimensions = [
        replace(member, format="date") if member.name == about["date"] else member
        for member in (_member(entry, columns) for entry in about.get("dimensions") or about["columns"])
    ]
    members = [*dimensions, *measures]
    date = next((member.column for member in members if member.name == about.get("date")), None)
    report = Report(
        model["name"],
        about["title"],
        about["question"],
        about["fact"],
        date,
        tuple(member for member in dimensions if member.name not in named),
        tuple(measures),
        {name: column.data_type for name, column in fact_columns.items()},
        about.get("grain") == "record",
        about.get("filter"),
        about.get("day_filter"),
        tuple(dict.fromkeys(member.name for member in members)),
    )
    return Described(area, model["description"], about.get("date"), report, columns, fact_columns)


def _columns(model: dict[str, Any]) -> dict[str, Column]:
    return {entry["name"]: Column(entry["data_type"], entry["description"]) for entry in model["columns"]}


def _member(member: str | dict[str, Any], columns: dict[str, Column]) -> Member:
    about = {"name": member} if isinstance(member, str) else member
    name = about["name"]
    return Member(
        name,
        about.get("column", name),
        about.get("additivity", ""),
        columns[name].description,
        about.get("format", "text"),
    )


def page() -> str:
    """The whole page."""
    reports = described()
    lines = [HEAD]
    for area, title in AREAS.items():
        lines += [f"## {title}", ""]
        for entry in reports:
            if entry.area == area:
                lines += _section(entry)
    lines += _all_measures(reports)
    return "\n".join(lines)


def _section(entry: Described) -> Iterator[str]:
    report = entry.report
    yield from (f"### {report.title}", "", f"`{report.name}`: {report.question}", "")
    yield f"- **Rows**: {_lowered(entry.grain)}"
    yield f"- **Fact**: `{report.fact}`{_condition(report)}"
    if entry.date:
        yield f"- **Date**: `{entry.date}`: {_lowered(entry.columns[entry.date].description)}"
    yield from ("", "| dimension | type | means |", "|---|---|---|")
    for member in report.dimensions:
        column = entry.columns[member.name]
        yield _row(f"`{member.name}`", column.data_type, column.description)
    yield from ("", "| measure | format | adds up | means | is the sum of |", "|---|---|---|---|---|")
    for member in report.measures:
        yield _measure(entry, member)
    yield from _ratios(report)
    yield ""


def _measure(entry: Described, member: Member) -> str:
    of_fact = entry.fact_columns[member.column].description
    source = f"`{member.column}`" + ("" if of_fact == member.description else f": {_lowered(of_fact)}")
    return _row(f"`{member.name}`", member.format, _adding_up(member), member.description, source)


def _adding_up(member: Member) -> str:
    if member.stock_date:
        return f"level at `{member.stock_date}`" + (" (first)" if member.is_first else "")
    if member.distinct_key:
        return f"different `{member.distinct_key}`"
    if member.not_across:
        return "not across " + ", ".join(f"`{name}`" for name in member.not_across)
    return "always"


def _ratios(report: Report) -> Iterator[str]:
    ratios = () if report.is_list else ratios_of(report)
    if ratios:
        yield from ("", "| ratio | format | means | is |", "|---|---|---|---|")
    for ratio in ratios:
        yield _row(f"`{ratio.name}`", ratio.format, ratio.meaning, _formula(ratio))


def _formula(ratio: Ratio) -> str:
    below = " + ".join(f"`{name}`" for name in ratio.denominators)
    where = f", where `stage_kind = '{ratio.stage_kind}'`" if ratio.stage_kind else ""
    return f"`{ratio.numerator}` / {f'({below})' if len(ratio.denominators) > 1 else below}{where}"


def _all_measures(reports: list[Described]) -> Iterator[str]:
    holders = defaultdict(list)
    for entry in reports:
        for member in entry.report.measures:
            holders[member.name].append(f"[{entry.report.title}](#{_anchor(entry.report.title)})")
    yield from ("## All measures", "", "| measure | reports |", "|---|---|")
    yield from (_row(f"`{name}`", ", ".join(holders[name])) for name in sorted(holders))
    yield ""


def _condition(report: Report) -> str:
    parts = [part for part in (report.filter, report.day_filter) if part]
    return f", only where `{' and '.join(parts)}`" if parts else ""


def _anchor(title: str) -> str:
    return "".join(letter for letter in title.lower().replace(" ", "-") if letter.isalnum() or letter == "-")


def _lowered(text: str) -> str:
    """A description as the rest of a sentence; what begins with an abbreviation stays as it is."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
