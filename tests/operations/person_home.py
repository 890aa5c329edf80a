"""A home in which one person stands everywhere, made by hand, and the act of forgetting, for `deaths`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from extract.core.files import atomic_write_parquet, private_folder
from extract.core.lake import Lake
from extract.core.settings import Reporting, Settings
from orchestration.forgetting.forget import Proof, forget
from orchestration.places import Places
from orchestration.publication import publish
from orchestration.watching import Watcher
from tests.operations.small_lake import TABLE_SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

KEY = "north:contact:7"
NAME = {"name": "Марфа", "lastName": "O'Hara-Тестова", "secondName": None}
EMAIL, PHONE, PLAIN_PHONE = "Marfa.Ohara@client.example", "8 (912) 645-84-89", "+79126458489"
WORDS = ("Марфа", "O'Hara-Тестова", "marfa.ohara", "645-84-89", "9126458489", "Secret street")
FM = [{"typeId": "PHONE", "value": PHONE}, {"typeId": "EMAIL", "value": EMAIL}]
CONTACT = {"id": 7, "createdTime": "2026-03-01T10:00:00+03:00", "sourceId": "WEB", "fm": FM, **NAME}
TITLE = f"Deal of Марфа O'Hara-Тестова, call {PLAIN_PHONE}"
CALL = {"ID": "70", "SUBJECT": "Her birthday", "CREATED": "2026-03-01T10:00:00+03:00"}
LANDED: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "contacts": [
        ("7", CONTACT | {"address": "Secret street 1"}),
        ("7", CONTACT | {"fm": FM[:1]}),
        ("8", {"id": 8, "name": "Марфа", "lastName": "Other", "fm": []}),
        ("9", {"id": 9, "name": "Wolfgang", "lastName": "Merged", "fm": []}),
    ],
    "addresses": [
        ("contact:7", {"ownerId": "7", "addresses": [{"TYPE_ID": "1", "ADDRESS_1": "Secret street 1"}]}),
        ("contact:8", {"ownerId": "8", "addresses": [{"TYPE_ID": "1", "ADDRESS_1": "Quiet street 8"}]}),
        ("company:7", {"ownerId": "7", "addresses": [{"TYPE_ID": "1", "ADDRESS_1": "Main street 7"}]}),
    ],
    "deals": [("1", {"id": 1, "title": TITLE, "contactId": 7}), ("2", {"id": 2, "title": "Other"})],
    "activities": [
        ("70", CALL),
        ("71", CALL | {"ID": "71", "SUBJECT": f"Call of {PHONE} with all"}),
    ],
}
_WAREHOUSE = """
    create schema conformed;
    create table conformed.int_contacts as
        select 'north:contact:9' as contact_key, 'north:contact:7' as merged_into_key;
    create table conformed.int_record_links as select 'north:deal:1' as from_key, 'north:contact:7' as to_key;
"""
_MARTS = """
    create schema marts;
    create table marts.bridge_activity_records (activity_key varchar, record_key varchar);
    insert into marts.bridge_activity_records values ('north:activity:70', 'north:contact:7'),
        ('north:activity:71', 'north:contact:7'), ('north:activity:71', 'north:deal:1');
    create table marts.dim_contacts as
        select 'north:contact:7' as contact_key, $name as contact_name, $phone as phone;
"""


def make_home(home: Path) -> Places:
    """The home, twice published."""
    places = Places(home)
    _land(places)
    rebuild(places, Watcher(), name="Марфа O'Hara-Тестова", phone=PHONE)
    publish(places, {}, None)
    package = private_folder(home / "dlt" / "north" / "load" / "loaded" / "1.0")
    (package / "contacts.json").write_text(EMAIL, encoding="utf-8")
    (private_folder(places.logs) / "run.log").write_text(f"odd phone {PHONE} of {EMAIL.lower()}\n")
    (private_folder(places.data_docs) / "index.html").write_text(
        "Марфа O&#x27;Hara-Тестова", encoding="utf-8"
    )
    (places.home / "odd.json").write_text(json.dumps({"who": "Марфа O'Hara-Тестова"}))
    with closing(sqlite3.connect(private_folder(home / "alerts") / "outbox.sqlite")) as database:
        database.execute("create table waiting (item text)")
        database.execute("insert into waiting values (?)", (f"new: {PHONE}",))
        database.commit()
    return places


def _land(places: Places) -> None:
    lake = Lake(places.home)
    lake.land_settings(
        Settings.model_validate(
            {
                "reporting": Reporting(currency="EUR", timezone="UTC"),
                "connections": [{"name": "north", "crm": "bitrix24", "url": "http://127.0.0.1:9/rest/1/x/"}],
            }
        )
    )
    for entity, records in LANDED.items():
        for number, (key, payload) in enumerate(records):
            moment = datetime(2026, 3, 1 + number)  # noqa: DTZ001
            row = {"connection": "north", "id": key, "modified_at": moment, "extracted_at": moment}
            row |= {
                "payload": json.dumps(payload, ensure_ascii=False),
                "is_deleted": False,
                "_dlt_load_id": "1.5",
            }
            table = pa.Table.from_pylist([row], TABLE_SCHEMA)
            atomic_write_parquet(table, lake.root / "bitrix24" / entity, "north.1.5")
    ledger = private_folder(lake.root / "bitrix24" / "_dlt_loads")
    line = {"load_id": "1.5", "schema_name": "north", "status": 0}
    (ledger / "north__1.5.jsonl").write_text(json.dumps(line), encoding="utf-8")
    transitions = pa.table({"record_key": [KEY, "north:contact:8"], "detected_value": [PHONE, "kept"]})
    atomic_write_parquet(transitions, lake.root / "dealhouse" / "dq_transitions", "build")


def rebuild(places: Places, _watcher: Watcher, name: str | None = None, phone: str | None = None) -> None:
    """What a build and a publication leave behind, much smaller."""
    private_folder(places.serving)
    places.warehouse.unlink(missing_ok=True)
    places.next_database.unlink(missing_ok=True)
    with duckdb.connect(str(places.warehouse)) as database:
        database.execute(_WAREHOUSE)
    with duckdb.connect(str(places.next_database)) as database:
        for statement in _MARTS.split(";"):
            given = {"name": name, "phone": phone} if "$name" in statement else None
            if statement.strip():
                database.execute(statement, given)
    publish(places, {}, None)


def act(home: Path) -> Proof:
    """Forget the person."""
    return forget(Places(home), [KEY], Watcher(), rebuild)
