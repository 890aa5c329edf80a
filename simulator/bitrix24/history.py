"""Entries into stages of deals and of leads, as crm.stagehistory.list writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from simulator.bitrix24.items import lead_stage_of
from simulator.bitrix24.records import SEMANTICS
from simulator.identifiers import bitrix24 as ids
from simulator.model import StageKind
from simulator.shown import HistoryRow, moves, stage_of

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.bitrix24.records import Renderer
    from simulator.model import Lead, LeadStage, World

CREATED, MOVED, CLOSED = 1, 2, 3


@dataclass(frozen=True, slots=True)
class LeadHistoryRow:
    """A row of the history of leads."""

    number: int
    lead: Lead
    type: int
    at: datetime
    stage: LeadStage


def lead_history(world: World) -> list[LeadHistoryRow]:
    """Every row ever written, numbered over all leads in order of time; those of deals count apart."""
    entries = [
        (move.at, lead.number, order, move, lead)
        for lead in world.leads
        for order, move in enumerate(moves(lead))
    ]
    entries.sort(key=lambda entry: entry[:3])
    rows = []
    for number, (at, _, order, move, lead) in enumerate(entries, start=1):
        stage = lead_stage_of(world, cast("int", move.value))
        type_ = MOVED if stage.kind is StageKind.OPEN else CLOSED
        rows.append(LeadHistoryRow(number, lead, type_ if order else CREATED, at, stage))
    return rows


class HistoryWriter:
    """Writes rows of both histories."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer

    def deal(self, row: HistoryRow) -> dict[str, Any]:
        """An entry of a deal."""
        kind = stage_of(self.renderer.world, (row.pipeline, row.stage)).kind
        return {
            "ID": row.number,
            "TYPE_ID": row.type,
            "OWNER_ID": ids.deal_id(row.deal.number),
            "CREATED_TIME": self.renderer.instant(row.at),
            "CATEGORY_ID": ids.pipeline_id(row.pipeline),
            "STAGE_SEMANTIC_ID": SEMANTICS[kind],
            "STAGE_ID": ids.stage_id(row.pipeline, row.stage),
        }

    def lead(self, row: LeadHistoryRow) -> dict[str, Any]:
        """An entry of a lead, whose stages are called statuses."""
        return {
            "ID": row.number,
            "TYPE_ID": row.type,
            "OWNER_ID": ids.lead_id(row.lead.number),
            "CREATED_TIME": self.renderer.instant(row.at),
            "STATUS_SEMANTIC_ID": SEMANTICS[row.stage.kind],
            "STATUS_ID": ids.lead_stage_id(row.stage.number),
        }
