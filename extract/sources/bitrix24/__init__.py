"""Bitrix24: deals with their stage history and dictionaries, through an incoming webhook."""

from extract.core.source import Entity, Kind, Source
from extract.sources.bitrix24.api import BitrixPortal
from extract.sources.bitrix24.census import CENSUS
from extract.sources.bitrix24.deals import Deals
from extract.sources.bitrix24.dictionaries import DICTIONARIES
from extract.sources.bitrix24.history import StageHistory
from extract.sources.bitrix24.probe import probe

SOURCE = Source(
    crm="bitrix24",
    entities=(
        Entity("deals", Kind.RECORD),
        Entity("deal_stage_history", Kind.EVENT),
        *(Entity(dictionary.name, Kind.DICTIONARY) for dictionary in DICTIONARIES),
    ),
    streams=(*DICTIONARIES, StageHistory(), Deals()),
    open=BitrixPortal,
    probe=probe,
    census=CENSUS,
)
