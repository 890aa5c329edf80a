"""Deals, leads, contacts and companies as items of crm.item.list, under their original names."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from simulator.bitrix24.records import SEMANTICS, Renderer, flag, number, user_id
from simulator.identifiers import bitrix24 as ids
from simulator.model import StageKind
from simulator.shown import State, close_date, moves, place, stage_of

if TYPE_CHECKING:
    from simulator.bitrix24.returning import Returning
    from simulator.model import Company, Contact, Deal, Lead, LeadStage, Record, World

UTM = {
    f"utm{name.capitalize()}": f"utm_{name}" for name in ("source", "medium", "campaign", "content", "term")
}
FOREIGN: dict[str, Any] = {"originatorId": None, "originId": None, "observers": []}
DEAL, LEAD, CONTACT, COMPANY = 2, 1, 3, 4
MULTI_FIELDS = {"phones": "PHONE", "emails": "EMAIL"}


class ItemWriter:
    """Writes records of one version of the world."""

    def __init__(self, renderer: Renderer, returning: Returning) -> None:
        self.renderer = renderer
        self.returning = returning

    def deal(self, deal: Deal, state: State) -> dict[str, Any]:
        """A deal."""
        item: dict[str, Any] = {"id": ids.deal_id(deal.number), "title": state["title"]}
        item |= self._standing(deal, state) | _money(state) | {"leadId": _lead(state), **_clients(state)}
        item |= {"probability": _percent(state), "quoteId": None, "taxValue": 0, "additionalInfo": None}
        item |= self._dates(deal, state) | self._people_and_moments(deal, state) | self._moved(deal)
        item |= _traces(state) | FOREIGN
        for field in self.renderer.world.custom_fields:
            item[ids.field_name(field.number)] = self.renderer.custom(
                field, state.get(f"custom:{field.number}")
            )
        item |= {ids.LOSS_REASON_FIELD: _loss_reason(state), ids.COMPETITOR_FIELD: state.get("competitor")}
        item |= self.renderer.files(deal.number)
        self.renderer.pad(item)
        return item

    def lead(self, lead: Lead, state: State) -> dict[str, Any]:
        """A lead; it has no pipeline."""
        stage = lead_stage_of(self.renderer.world, cast("int", state["stage"]))
        item: dict[str, Any] = {"id": ids.lead_id(lead.number), "title": state["title"]}
        item |= {"name": None, "secondName": None, "lastName": None, "companyTitle": None}
        item |= {
            "stageId": ids.lead_stage_id(stage.number),
            "stageSemanticId": SEMANTICS[stage.kind],
            "statusDescription": state.get("disqualification"),
            "isReturnCustomer": flag(self.returning.is_return_lead(lead)),
            "dateClosed": None if stage.kind is StageKind.OPEN else self.renderer.instant(moves(lead)[-1].at),
            "opened": "Y",
            "webformId": None,
        }
        item |= _money(state) | _clients(state) | self._people_and_moments(lead, state) | self._moved(lead)
        return item | _traces(state) | FOREIGN | _multi_fields(LEAD, lead, state)

    def contact(self, contact: Contact, state: State) -> dict[str, Any]:
        """A contact."""
        companies = [ids.company_id(one) for one in cast("tuple[int, ...]", state.get("companies") or ())]
        item: dict[str, Any] = {
            "id": ids.contact_id(contact.number),
            "name": state.get("first_name"),
            "secondName": None,
            "lastName": state.get("last_name"),
            "typeId": "CLIENT",
            "post": state.get("job_title"),
            "comments": state.get("comments"),
            "companyId": companies[0] if companies else 0,
            "companyIds": companies,
            "leadId": None,
            "birthdate": None,
            "export": "Y",
            "opened": "Y",
            "categoryId": 0,
        }
        item |= self._people_and_moments(contact, state) | _traces(state) | FOREIGN
        return item | _multi_fields(CONTACT, contact, state) | {ids.CITY_FIELD: state.get("city")}

    def company(self, company: Company, state: State) -> dict[str, Any]:
        """A company; the portal's own ones are listed too."""
        item: dict[str, Any] = {
            "id": ids.company_id(company.number),
            "title": state.get("name"),
            "typeId": "CUSTOMER",
            "industry": state.get("industry"),
            "employees": None,
            "revenue": 0,
            "currencyId": self.renderer.world.base_currency,
            "leadId": None,
            "isMyCompany": flag(company.is_own),
            "opened": "Y",
            "categoryId": 0,
        }
        item |= self._people_and_moments(company, state) | _traces(state) | FOREIGN
        return item | _multi_fields(COMPANY, company, state) | {ids.CITY_FIELD: state.get("city")}

    def _standing(self, deal: Deal, state: State) -> dict[str, Any]:
        where = place(state)
        kind = stage_of(self.renderer.world, where).kind
        return {
            "typeId": "SALE" if deal.number % 3 else "1",
            "categoryId": ids.pipeline_id(where[0]),
            "stageId": ids.stage_id(*where),
            "stageSemanticId": SEMANTICS[kind],
            "isNew": flag(where[1] == 1),
            "isRecurring": flag(deal.is_template),
            "isReturnCustomer": flag(self.returning.is_return_deal(deal)),
            "isRepeatedApproach": flag(self.returning.is_repeated_approach(deal)),
            "closed": flag(kind is not StageKind.OPEN),
            "opened": "Y",
        }

    def _dates(self, deal: Deal, state: State) -> dict[str, Any]:
        day = self.renderer.day
        return {"begindate": day(deal.created_at), "closedate": day(close_date(state))}

    def _people_and_moments(self, record: Record, state: State) -> dict[str, Any]:
        last, instant = record.changes[-1], self.renderer.instant
        return {
            "assignedById": user_id(cast("int | None", state.get("owner"))),
            "createdBy": ids.employee_id(record.created_by),
            "updatedBy": ids.employee_id(last.by),
            "createdTime": instant(record.created_at),
            "updatedTime": instant(last.at),
            "lastActivityTime": instant(last.at),
            "lastActivityBy": ids.employee_id(last.by),
        }

    def _moved(self, record: Record) -> dict[str, Any]:
        moved = moves(record)[-1]
        return {"movedBy": ids.employee_id(moved.by), "movedTime": self.renderer.instant(moved.at)}


def lead_stage_of(world: World, number: int) -> LeadStage:
    """The status of leads with this number."""
    return next(stage for stage in world.lead_stages if stage.number == number)


def _money(state: State) -> dict[str, Any]:
    amount = cast("Decimal | None", state.get("amount"))
    return {
        "opportunity": number(amount or Decimal(0)),
        "isManualOpportunity": "Y",
        "currencyId": state.get("currency"),
    }


def _percent(state: State) -> int | None:
    probability = cast("Decimal | None", state["probability"])
    return None if probability is None else int(probability)


def _lead(state: State) -> int | None:
    lead = cast("int | None", state.get("lead"))
    return None if lead is None else ids.lead_id(lead)


def _clients(state: State) -> dict[str, Any]:
    """The links to clients; an empty one is 0."""
    company = cast("int | None", state.get("company"))
    contacts = [ids.contact_id(one) for one in cast("tuple[int, ...]", state.get("contacts") or ())]
    return {
        "companyId": 0 if company is None else ids.company_id(company),
        "contactId": contacts[0] if contacts else 0,
        "contactIds": contacts,
    }


def _traces(state: State) -> dict[str, Any]:
    source = cast("int | None", state.get("source"))
    found: dict[str, Any] = {"sourceId": None if source is None else ids.origin_id(source)}
    found["sourceDescription"] = None
    return found | {shown: state.get(name) for shown, name in UTM.items()}


def _loss_reason(state: State) -> str | None:
    reason = cast("str | None", state.get("loss_reason"))
    return None if reason is None else str(ids.loss_reason_option_id(reason))


def _multi_fields(entity_type: int, record: Record, state: State) -> dict[str, Any]:
    """Telephone numbers and addresses in `fm`; an empty one is an empty list."""
    values = [
        (type_, kind, value)
        for name, type_ in MULTI_FIELDS.items()
        for kind, value in cast("tuple[tuple[str, str], ...]", state.get(name) or ())
    ]
    first = 100 * (10 * record.number + entity_type)
    types = {type_ for type_, _, _ in values}
    return {
        "hasPhone": flag("PHONE" in types),
        "hasEmail": flag("EMAIL" in types),
        "hasImol": "N",
        "fm": [
            {"id": first + position, "typeId": type_, "valueType": kind.upper(), "value": value}
            for position, (type_, kind, value) in enumerate(values)
        ],
    }
