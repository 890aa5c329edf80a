"""HubSpot: sales objects with property history and associations, and dictionaries, by a bearer token."""

from extract.core.source import Entity, Kind, Source
from extract.sources.hubspot.api import HubSpotPortal
from extract.sources.hubspot.associations import ASSOCIATIONS
from extract.sources.hubspot.census import CENSUSES
from extract.sources.hubspot.dictionaries import DICTIONARIES
from extract.sources.hubspot.privacy import PRIVACY
from extract.sources.hubspot.probe import probe
from extract.sources.hubspot.stream import WORKERS, Records
from extract.sources.hubspot.types import DEALS, OPTIONAL, TYPES

KINDS = {
    **{type_.name: Kind.RECORD for type_ in TYPES},
    **{type_.history_entity: Kind.EVENT for type_ in TYPES if type_.history},
    **{associations.name: Kind.OWNED_SET for associations in ASSOCIATIONS},
    **{dictionary.name: Kind.DICTIONARY for dictionary in DICTIONARIES},
}

SOURCE = Source(
    crm="hubspot",
    entities=tuple(Entity(name, kind, name in OPTIONAL) for name, kind in KINDS.items()),
    streams=(
        *DICTIONARIES,
        *(Records(type_, WORKERS) if type_ is DEALS else Records(type_) for type_ in TYPES),
        *ASSOCIATIONS,
    ),
    open=HubSpotPortal,
    probe=probe,
    censuses=CENSUSES,
    privacy=PRIVACY,
)
