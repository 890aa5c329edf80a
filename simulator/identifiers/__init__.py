"""How each CRM names the things of a world: its native ids and its own forms of instants and dates."""

from simulator.identifiers import bitrix24, hubspot

__all__ = ["bitrix24", "hubspot"]
