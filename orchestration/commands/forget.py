"""`dealhouse forget RECORD`: a person erased, and the proof."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from extract.core.settings import dealhouse_home
from orchestration.console import FAILURE, SUCCESS, cells, err, out, plain_table
from orchestration.forgetting.forget import forget as erase
from orchestration.forgetting.forget import rebuild_from_lake
from orchestration.lake_care.sizes import readable
from orchestration.places import Places
from orchestration.progress import watching

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orchestration.forgetting.forget import Proof

_SHOWN = 10
_REMINDER = (
    "Delete the record in the CRM too: Dealhouse will not land it again, but cannot delete it there."
    " Files that left this home (exported workbooks, BI extracts, backups, sent messages) were not searched."
)


def forget(keys: Sequence[str]) -> int:
    """Erase the persons of these records, and print the proof; the exit code."""
    places = Places(dealhouse_home().resolve())
    with watching("Looking up the record") as watcher:
        proof = erase(places, keys, watcher, rebuild_from_lake)
    if proof.is_repeated:
        out.print("This was forgotten before: there is nothing of it to erase or to look for any more.")
        return SUCCESS
    _print_proof(proof)
    out.print(f"\n{_REMINDER}", soft_wrap=True)
    return SUCCESS if proof.is_clean else FAILURE


def _print_proof(proof: Proof) -> None:
    out.print(f"Forgotten. Searched {proof.found.files:,} files, {readable(proof.found.size)}, afterwards:\n")
    table = plain_table("value", "kind", ">found", "where")
    for number, value in enumerate(proof.values):
        counts = proof.found.places.get(number, Counter[str]())
        where = ", ".join(f"{place} {count:,}" for place, count in sorted(counts.items()))
        table.add_row(*cells(value.shown, value.kind, sum(counts.values()), where or "nowhere"))
    out.print(table)
    if not proof.values:
        out.print("The record held no phone, e-mail or name to look for.")
    if any(not value.is_sure and number in proof.found.places for number, value in enumerate(proof.values)):
        out.print("\nParts of a name are found where others bear them; none of them beside this record.")
    same = sorted({record for records in proof.elsewhere.values() for record in records})
    _print_list(
        same, "Records of their own hold the same values or names; forget them too if they are this person:"
    )
    _print_list(
        sorted(proof.rewritten),
        "Other records named the person, which was erased there; edit them in the CRM:",
    )
    if proof.found.beside_keys:
        err.print(f"[bold red]Left:[/] values beside the record's key in {proof.found.beside_keys:,} rows")
    for number in proof.left:
        value = proof.values[number]
        err.print(f"[bold red]Left:[/] {cells(f'{value.kind} {value.shown}')[0]}", soft_wrap=True)


def _print_list(records: Iterable[str], heading: str) -> None:
    listed = list(records)
    if listed:
        more = f", and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
        out.print(f"\n{heading}\n  {cells(', '.join(listed[:_SHOWN]) + more)[0]}", soft_wrap=True)
