"""One page per rule with links to the records it flags: `data_docs/issues/`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from extract.core.files import private_folder
from extract.core.lake import Lake
from orchestration.issues.published import ORDER, Row, published, rows_of, summary
from orchestration.places import PRIVATE_FILE
from orchestration.reports.version import read_version

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from orchestration.places import Places

FOLDER = "issues"
INDEX = "index"
LARGEST_PAGE = 5_000
# What needs somebody first, and after it at once the others that seem to be the same person.
_ISSUES = f"""
    with placed as (
        select issues.*, coalesce(clusters.cluster_key, issues.issue_key) as neighbours,
            row_number() over (order by {ORDER}) as place
        from data_quality.dq_issues as issues
        left join data_quality.dim_contact_clusters as clusters on issues.record_key = clusters.contact_key
        where issues.rule_id = $rule_id and issues.status <> 'resolved'
    )
    select * exclude (neighbours, place) from placed
    order by min(place) over (partition by neighbours), place limit {{most}}
"""  # noqa: S608


def write_pages(places: Places) -> None:
    """Write every page anew from the published version; each is whole at any moment."""
    templates = _templates()
    folder = private_folder(places.data_docs / FOLDER)
    currency = Lake(places.home).reporting_currency()
    with published(places) as connection:
        rules = _rules(connection)
        version = read_version(connection)
        _write(
            folder / f"{INDEX}.html",
            templates.get_template("index.html").render(
                title="Issues",
                rules=rules,
                version=version.run_id,
                data_as_of=version.data_as_of,
                currency=currency,
            ),
        )
        page = templates.get_template("rule.html")
        for rule in rules:
            issues = _issues(connection, rule["rule_id"])
            shown = rule["open_count"] + rule["muted_count"]
            content = page.render(
                title=rule["title_en"],
                rule=rule,
                fixes=_fixes(connection, rule["rule_id"]),
                issues=issues,
                rest=shown - len(issues),
                currency=currency,
            )
            _write(folder / f"{rule['rule_id']}.html", content)
    _remove_others(folder, {INDEX, *(rule["rule_id"] for rule in rules)})


def _rules(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Rules that are on somewhere, or that have issues to show, with their counts."""
    described = {
        row["rule_id"]: row
        for row in rows_of(
            connection,
            "select rule_id, min(severity) as severity, min(title_en) as title_en, min(why) as why,"
            " bool_or(is_enabled) as is_enabled from data_quality.dq_rules group by rule_id order by rule_id",
        )
    }
    counted = {row["rule_id"]: row for row in summary(connection)}
    nothing = dict.fromkeys(("open_count", "new_count", "muted_count", "resolved_count", "money_at_risk"), 0)
    silent = [rule_id for rule_id, row in described.items() if row["is_enabled"] and rule_id not in counted]
    texts = {"title_en": "", "why": "This rule is no longer declared."}
    return [
        {"rule_id": rule_id} | texts | {"title_en": rule_id} | nothing | described.get(rule_id, {}) | row
        for rule_id, row in [*counted.items(), *((rule_id, dict[str, Any]()) for rule_id in silent)]
    ]


def _fixes(connection: duckdb.DuckDBPyConnection, rule_id: str) -> list[Row]:
    return rows_of(
        connection,
        "select fix as text, string_agg(connection, ', ' order by connection) as connections"
        " from data_quality.dq_rules where rule_id = $rule_id group by fix order by connections",
        {"rule_id": rule_id},
    )


def _issues(connection: duckdb.DuckDBPyConnection, rule_id: str) -> list[Row]:
    return rows_of(connection, _ISSUES.format(most=LARGEST_PAGE), {"rule_id": rule_id})


def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"moment": _moment, "number": _number}
    return environment


def _moment(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M}"


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _write(target: Path, content: str) -> None:
    part = target.with_name(f"{target.name}.part")
    part.write_text(content, encoding="utf-8")
    part.chmod(PRIVATE_FILE)
    part.replace(target)


def _remove_others(folder: Path, names: set[str]) -> None:
    for file in folder.iterdir():
        if file.stem not in names:
            file.unlink()
