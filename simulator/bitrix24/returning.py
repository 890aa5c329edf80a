"""Which clients come again: the marks that Bitrix24 puts on leads and deals when they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from simulator.model import WON_STAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from simulator.model import Deal, Lead, World
    from simulator.shown import State

Client = tuple[str, int]


class Returning:
    """What was known of every client when; the seller's own company is nobody's client."""

    def __init__(self, world: World) -> None:
        self._known_at: dict[Client, datetime] = {
            **{("company", company.number): company.created_at for company in world.companies},
            **{("contact", contact.number): contact.created_at for contact in world.contacts},
        }
        self._own = {company.number for company in world.companies if company.is_own}
        self._leads = {lead.number: lead for lead in world.leads}
        self._won_at: dict[Client, datetime] = {}
        for deal in world.deals:
            self._note_wins(deal)

    def is_return_lead(self, lead: Lead) -> bool:
        """Whether it was linked, at its birth, to a client who was in the books before it."""
        clients = self._clients(lead.state_at(lead.created_at))
        return any(self._known_at[client] < lead.created_at for client in clients)

    def is_return_deal(self, deal: Deal) -> bool:
        """Whether a deal with its client had been won before its birth."""
        won = (self._won_at.get(client) for client in self._clients(deal.state_at(deal.created_at)))
        return any(at is not None and at < deal.created_at for at in won)

    def is_repeated_approach(self, deal: Deal) -> bool:
        """Whether it was made from a repeat lead of a client who has bought nothing yet."""
        lead = self._leads.get(cast("int", deal.state_at(deal.created_at).get("lead")))
        return lead is not None and self.is_return_lead(lead) and not self.is_return_deal(deal)

    def _note_wins(self, deal: Deal) -> None:
        for change in deal.changes:
            if change.name == "stage" and change.value[1] == WON_STAGE and not deal.is_template:
                for client in self._clients(deal.state_at(change.at)):
                    self._won_at[client] = min(change.at, self._won_at.get(client, change.at))

    def _clients(self, state: State) -> Iterator[Client]:
        company = cast("int | None", state.get("company"))
        if company is not None and company not in self._own:
            yield "company", company
        for contact in cast("tuple[int, ...]", state.get("contacts") or ()):
            yield "contact", contact
