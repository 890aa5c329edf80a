"""The REST dialect of Bitrix24."""

from simulator.bitrix24.portal import Bitrix24Portal

__all__ = ["Bitrix24Portal"]
