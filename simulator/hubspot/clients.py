"""Leads, contacts and companies as HubSpot objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from simulator.hubspot.records import ObjectRow, Properties
from simulator.hubspot.timeline import Entries, State, Timeline, Version, common_entries, timeline
from simulator.identifiers import hubspot as ids

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.hubspot.facts import Facts
    from simulator.hubspot.types import ObjectType
    from simulator.model import Change, Company, Record

LEAD_TEXTS = {"title": "hs_lead_name", "disqualification": "hs_lead_disqualification_reason"}
CONTACT_TEXTS = {
    "first_name": "firstname",
    "last_name": "lastname",
    "job_title": "jobtitle",
    "comments": "message",
    "country": "country",
    "city": "city",
}
COMPANY_TEXTS = {"name": "name", "industry": "industry", "country": "country", "city": "city"}
MOBILE = "mobile"


class LeadRow(ObjectRow):
    """A lead as it is now."""

    def _timeline(self) -> Timeline:
        return timeline(self.record.changes, _lead_entries)

    def _computed(self) -> Properties:
        is_closed = cast("int", self.state["stage"]) >= 900
        return {"hs_lead_is_open": "false" if is_closed else "true"}


def _lead_entries(change: Change, _state: State, previous: Any) -> Entries:
    if change.name != "stage":
        return common_entries(change, LEAD_TEXTS)
    entries: Entries = [("hs_pipeline_stage", ids.lead_stage_id(cast("int", change.value)))]
    return entries if previous is not None else [*entries, ("hs_pipeline", ids.LEAD_PIPELINE)]


class ContactRow(ObjectRow):
    """A contact as it is now; its statuses are those of its leads."""

    @classmethod
    def signature_of(cls, record: Record, facts: Facts, type_: ObjectType) -> tuple[int, ...]:
        """What tells that a row is out of date."""
        return *super().signature_of(record, facts, type_), len(facts.statuses(record.number))

    def _other_changes(self) -> list[datetime]:
        statuses = self.facts.statuses(self.record.number)
        return [*super()._other_changes(), *(change.at for change in statuses[-1:])]

    def _timeline(self) -> Timeline:
        kept = timeline(self.record.changes, _contact_entries)
        statuses = self.facts.statuses(self.record.number)
        if statuses:
            kept["hs_lead_status"] = [Version(s.at, ids.lead_status(s.stage), s.by) for s in statuses]
            kept["lifecyclestage"] = [Version(s.at, ids.lifecycle_stage(s.stage), s.by) for s in statuses]
        return kept


def _contact_entries(change: Change, _state: State, _previous: Any) -> Entries:
    if change.name == "phones":
        mobile = [value for kind, value in change.value or () if kind == MOBILE]
        fixed = [value for kind, value in change.value or () if kind != MOBILE]
        return [("phone", _first(fixed)), ("mobilephone", _first(mobile))]
    if change.name == "emails":
        values = [value for _, value in change.value or ()]
        return [("email", _first(values)), ("hs_additional_emails", ";".join(values[1:]) or None)]
    return common_entries(change, CONTACT_TEXTS)


class CompanyRow(ObjectRow):
    """A company as it is now; HubSpot does not list the account's own company."""

    @property
    def is_shown(self) -> bool:
        """Whether HubSpot has it at all."""
        return not self.is_merged and not cast("Company", self.record).is_own

    def _timeline(self) -> Timeline:
        return timeline(self.record.changes, _company_entries)


def _company_entries(change: Change, _state: State, _previous: Any) -> Entries:
    if change.name == "phones":
        return [("phone", _first([value for _, value in change.value or ()]))]
    return common_entries(change, COMPANY_TEXTS)


def _first(values: list[str]) -> str | None:
    return values[0] if values else None
