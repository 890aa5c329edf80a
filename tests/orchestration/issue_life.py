"""The life of issues day by day: the compiled models over hand-made tables, the real lake around them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from extract.core.settings import Connection, Mappings, Reporting, Settings
from orchestration.issues.mutes import Mute, land_mute
from orchestration.issues.transitions import land_transitions
from orchestration.places import PROJECT, Places
from quality.landing import land_rules
from quality.rules import Rule, Rules

ODD_RULE = "deal_odd"
FIRST_DAY = datetime(2026, 6, 1, 10)  # noqa: DTZ001  a Monday
# In their order; what they read besides is made by hand.
MODELS = (
    "stg_dealhouse__dq_rules",
    "stg_dealhouse__dq_transitions",
    "stg_dealhouse__dq_mutes",
    "int_rules",
    "int_complete_cycles",
    "int_data_as_of",
    "int_record_type_reads",
    "int_enabled_rules",
    "int_issue_states",
    "int_rule_states",
    "int_vanished_issues",
    "dq_new_transitions",
    "int_transitions",
    "int_issue_lives",
    "dq_issues",
    "int_issue_periods",
    "int_record_weeks",
    "int_score_weeks",
    "int_score_changes",
    "dq_scorecards",
    "fct_record_cleanliness",
    "rpt_crm_cleanliness",
    "dq_rules",
)
SCHEMAS = ("staging", "conformed", "data_quality", "dealhouse", "seeds")
INPUTS = """
    create or replace table conformed.int_reporting as
        select 'EUR' as currency, 'UTC' as time_zone, 'monday' as week_start, 1 as fiscal_year_start;
    create or replace table seeds.entity_record_types
        as from read_csv('{project}/seeds/entity_record_types.csv');
    create or replace table staging.stg_dealhouse__extraction_runs (
        run_id varchar, connection varchar, crm varchar, entity varchar, is_complete boolean,
        is_required boolean, is_full_cycle boolean, started_at timestamp
    );
    create or replace table data_quality.dq_findings (
        rule_id varchar, record_type varchar, record_key varchar, connection varchar, owner_key varchar,
        detected_value varchar, money_at_risk decimal(28, 6)
    );
    create or replace table data_quality.int_withdrawn_issues (rule_id varchar, record_key varchar);
    create or replace table data_quality.int_issue_records (
        record_key varchar, record_url varchar, record_name varchar, is_deleted boolean,
        merged_into_key varchar
    );
    create or replace table data_quality.int_scored_records (
        record_key varchar, connection varchar, record_type varchar, owner_key varchar, source_key varchar,
        created_date date
    );
    create schema if not exists serving.marts;
    create or replace table serving.marts.dim_sources (source_key varchar, source_name varchar);
    create or replace table serving.marts.dim_employees as
        select 'c:employee:1' as employee_key, 'Anna' as employee_name, 'Sales' as department;
"""


@dataclass(frozen=True)
class Model:
    """A model as dbt compiled it."""

    relation: str
    code: str


@dataclass(frozen=True)
class Compiled:
    """What one compilation gives every test."""

    models: tuple[Model, ...]
    sources: dict[str, dict[str, str]]


def compile_models(folder: Path) -> Compiled:
    """Compile the models once."""
    (folder / "serving").mkdir(parents=True)
    places = [
        "--project-dir",
        str(PROJECT),
        "--profiles-dir",
        str(PROJECT),
        "--target-path",
        str(folder / "target"),
    ]
    done = subprocess.run(
        [
            Path(sys.executable).parent / "dbt",
            "compile",
            "--select",
            *MODELS,
            *places,
            "--log-path",
            str(folder),
        ],
        env=os.environ | {"DEALHOUSE_HOME": str(folder)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    nodes = {node["name"]: node for node in manifest["nodes"].values()}
    return Compiled(
        tuple(Model(nodes[name]["relation_name"], nodes[name]["compiled_code"]) for name in MODELS),
        {
            source["name"]: {name: column["data_type"] for name, column in source["columns"].items()}
            for source in manifest["sources"].values()
            if source["source_name"] == "dealhouse"
        },
    )


@dataclass(frozen=True)
class Record:
    """A record and what its rules say of it."""

    number: int
    value: str = "wrong"
    money: int = 0
    owner: str = "c:employee:1"
    rule: str = ODD_RULE
    record_type: str = "deal"

    @property
    def key(self) -> str:
        """Its key."""
        return f"c:{self.record_type}:{self.number}"


@dataclass
class Life:
    """One home whose only connection `c` is read day after day."""

    places: Places
    compiled: Compiled
    rules: tuple[Rule, ...]
    owners: dict[int, str] = field(default_factory=dict)
    runs: list[tuple[Any, ...]] = field(default_factory=list)
    builds: int = 0

    def day(
        self,
        number: int,
        *flagged: Record,
        incomplete: tuple[str, ...] = (),
        unread: tuple[str, ...] = (),
        deleted: tuple[int, ...] = (),
        merged: tuple[int, ...] = (),
        withdrawn: tuple[int, ...] = (),
    ) -> Life:
        """Read, build and publish on that day; what is flagged then is all that is wrong."""
        self.read(number, incomplete, unread)
        self.build(*flagged, deleted=deleted, merged=merged, withdrawn=withdrawn)
        self.land()
        return self

    def read(self, number: int, incomplete: tuple[str, ...] = (), unread: tuple[str, ...] = ()) -> None:
        """A cycle of extraction that does not ask for what is unread."""
        moment = FIRST_DAY + timedelta(days=number - 1)
        run_id = f"c-{moment:%Y%m%dT%H%M%S%f}"
        self.runs += [
            (run_id, "c", "bitrix24", entity, entity not in incomplete, True, True, moment)
            for entity in ("deals", "deal_stage_history", "contacts", "activities")
            if entity not in unread
        ]

    def build(
        self,
        *flagged: Record,
        deleted: tuple[int, ...] = (),
        merged: tuple[int, ...] = (),
        withdrawn: tuple[int, ...] = (),
    ) -> None:
        """What a build makes of it, landed nowhere yet."""
        connection = Connection.model_construct(name="c", crm="bitrix24", mappings=Mappings())
        settings = Settings.model_construct(
            reporting=Reporting(currency="EUR", timezone="UTC"), connections=(connection,)
        )
        land_rules(self.places.home, Rules(rules=self.rules).effective(settings))
        self.builds += 1
        with self._warehouse() as database:
            for schema in SCHEMAS:
                database.execute(f"create schema if not exists {schema}")
            database.execute("create schema if not exists serving.data_quality")
            database.execute(INPUTS.format(project=PROJECT))
            self._fill(database, flagged, deleted, merged)
            for number in withdrawn:
                row = [ODD_RULE, f"c:deal:{number}"]
                database.execute("insert into data_quality.int_withdrawn_issues values (?, ?)", row)
            for model in self.compiled.models:
                database.execute(f"create or replace table {model.relation} as {model.code}")

    def land(self) -> int:
        """What publication does first."""
        return land_transitions(self.places, f"build{self.builds}")

    def lose_warehouse(self) -> None:
        """Nothing but the lake is left."""
        self.places.warehouse.unlink()
        self.places.next_database.unlink()

    def mute(self, record: Record, until: date | None) -> None:
        """Mute its issue."""
        land_mute(self.places, Mute(f"{record.rule}:{record.key}", until, "known", "me"))

    def issues(self, *columns: str) -> list[tuple[Any, ...]]:
        """These columns of every issue, by its key."""
        return self.rows(
            f"select {', '.join(columns) or '*'} from serving.data_quality.dq_issues order by issue_key"
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer to a query."""
        with self._warehouse() as database:
            return database.execute(query).fetchall()

    def _warehouse(self) -> duckdb.DuckDBPyConnection:
        self.places.serving.mkdir(parents=True, exist_ok=True)
        database = duckdb.connect(str(self.places.warehouse))
        database.execute(f"attach '{self.places.next_database}' as serving")
        return database

    def _fill(
        self,
        database: duckdb.DuckDBPyConnection,
        flagged: tuple[Record, ...],
        deleted: tuple[int, ...],
        merged: tuple[int, ...],
    ) -> None:
        database.executemany(
            "insert into staging.stg_dealhouse__extraction_runs values (?, ?, ?, ?, ?, ?, ?, ?)", self.runs
        )
        on = {rule.id for rule in self.rules if rule.enabled}
        for record in flagged:
            database.execute(
                "insert into data_quality.dq_findings values (?, ?, ?, 'c', ?, ?, ?)",
                [
                    record.rule,
                    record.record_type,
                    record.key,
                    record.owner,
                    record.value,
                    Decimal(record.money),
                ],
            )
        database.execute(
            "delete from data_quality.dq_findings where not list_contains($on, rule_id)", {"on": list(on)}
        )
        for number in range(1, 10):
            key, into = f"c:deal:{number}", "c:deal:99" if number in merged else None
            is_gone = number in deleted or number in merged
            row = [key, f"https://crm/{number}", f"Deal {number}", is_gone, into]
            database.execute("insert into data_quality.int_issue_records values (?, ?, ?, ?, ?)", row)
            if not is_gone:
                owner = self.owners.get(number, "c:employee:1")
                scored = [key, "c", "deal", owner, None, FIRST_DAY.date()]
                database.execute(
                    "insert into data_quality.int_scored_records values (?, ?, ?, ?, ?, ?)", scored
                )
        for name, columns in self.compiled.sources.items():
            files = list((self.places.own_lake / name).glob("*.parquet"))
            listed = ", ".join(
                f"{column if files else 'null'}::{kind} as {column}" for column, kind in columns.items()
            )
            data = f"from read_parquet({[str(file) for file in files]})" if files else "where false"
            database.execute(f"create or replace table dealhouse.{name} as select {listed} {data}")
