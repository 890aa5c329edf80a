"""HubSpot: deals with their property history and dictionaries, by a bearer token."""

from extract.core.source import Entity, Kind, Source
from extract.sources.hubspot.api import HubSpotPortal
from extract.sources.hubspot.census import CENSUS
from extract.sources.hubspot.deals import Deals
from extract.sources.hubspot.dictionaries import DICTIONARIES
from extract.sources.hubspot.probe import probe

SOURCE = Source(
    crm="hubspot",
    entities=(
        Entity("deals", Kind.RECORD),
        Entity("deal_property_history", Kind.EVENT),
        *(Entity(dictionary.name, Kind.DICTIONARY) for dictionary in DICTIONARIES),
    ),
    streams=(*DICTIONARIES, Deals()),
    open=HubSpotPortal,
    probe=probe,
    census=CENSUS,
)
