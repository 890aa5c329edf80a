"""Bitrix24: leads and deals with their history, clients, addresses, activities, tasks and dictionaries."""

from extract.core.source import Entity, Kind, Source
from extract.sources.bitrix24.activities import ACTIVITIES, BINDINGS, OWNERS, TASKS
from extract.sources.bitrix24.addresses import ADDRESSES
from extract.sources.bitrix24.api import BitrixPortal
from extract.sources.bitrix24.census import CENSUSES
from extract.sources.bitrix24.dictionaries import DICTIONARIES, LEAD_FIELDS, OPTIONAL_DICTIONARIES
from extract.sources.bitrix24.history import DEAL_HISTORY, LEAD_HISTORY
from extract.sources.bitrix24.items import COMPANIES, CONTACTS, DEALS, LEADS
from extract.sources.bitrix24.leads import AboutLeads
from extract.sources.bitrix24.privacy import PRIVACY
from extract.sources.bitrix24.probe import probe
from extract.sources.bitrix24.records import Records

SOURCE = Source(
    crm="bitrix24",
    entities=(
        Entity("deals", Kind.RECORD),
        Entity("deal_stage_history", Kind.EVENT),
        Entity("leads", Kind.RECORD),
        Entity("lead_stage_history", Kind.EVENT),
        Entity("contacts", Kind.RECORD),
        Entity("companies", Kind.RECORD),
        Entity(ADDRESSES.name, Kind.OWNED_SET, is_optional=True),
        Entity("activities", Kind.RECORD),
        Entity(BINDINGS, Kind.OWNED_SET, is_optional=True),
        Entity("tasks", Kind.RECORD, is_optional=True),
        *(
            Entity(one.name, Kind.DICTIONARY, is_optional=one.name in OPTIONAL_DICTIONARIES)
            for one in (*DICTIONARIES, LEAD_FIELDS)
        ),
    ),
    # All at once: streams of one method keep room for each other, and short ones hide behind long ones.
    streams=(
        *DICTIONARIES,
        AboutLeads(LEAD_FIELDS),
        DEAL_HISTORY,
        AboutLeads(LEAD_HISTORY),
        # No record may be older than its history.
        Records(DEALS, after=DEAL_HISTORY.entities),
        AboutLeads(Records(LEADS, after=LEAD_HISTORY.entities)),
        Records(CONTACTS),
        Records(COMPANIES),
        ADDRESSES,
        Records(ACTIVITIES, after=tuple(OWNERS)),
        Records(TASKS),
    ),
    open=BitrixPortal,
    probe=probe,
    censuses=CENSUSES,
    privacy=PRIVACY,
)
