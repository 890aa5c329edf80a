"""The REST dialect of HubSpot."""

from simulator.hubspot.portal import HubSpotPortal

__all__ = ["HubSpotPortal"]
