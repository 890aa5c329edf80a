"""What HubSpot shows: deals with the history of the properties asked for, and when a deal was archived."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, cast

from simulator.hubspot.facts import Facts
from simulator.identifiers import hubspot as native
from simulator.model import ActivityType, Company, StageKind
from simulator.visible_hubspot_history import (
    CurrentIds,
    deal_properties,
    history,
    lead_properties,
    modified_at,
)
from simulator.visible_parts import (
    decimal_or_none,
    kind_of,
    lead_stage_of,
    name_at,
    numbers,
    person_name,
    place_at,
    stage_of,
    stages_at,
    utm_of,
)
from simulator.visible_records import (
    Links,
    VisibleActivity,
    VisibleClient,
    VisibleDeal,
    VisibleDepartment,
    VisibleEmployee,
    VisibleLead,
    VisiblePipeline,
    VisiblePortal,
    VisibleRate,
    VisibleSource,
    VisibleStage,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.model import Activity, Binding, Contact, Deal, Lead, Pipeline, World

State = dict[str, Any]
SOURCE_LABELS = {"SOCIAL_MEDIA": "Organic Social", "OFFLINE": "Offline Sources"}
LEADS = "Lead pipeline"
# All that the fact sheet says of what the stages of leads mean; of others nobody tells it, so they are open.
LEAD_KINDS = {"qualified-stage-id": StageKind.WON, "unqualified-stage-id": StageKind.LOST}
TYPE_IDS = {"contact": "0-1", "company": "0-2", "deal": "0-3", "lead": "0-136"}
PAGE = "https://app-eu1.hubspot.com/contacts/1234567/record/{}/{}"


class HubspotView:
    """A world through HubSpot's CRM API."""

    record_paths: ClassVar[Mapping[str, str]] = {
        kind: PAGE.format(type_id, "{id}") for kind, type_id in TYPE_IDS.items()
    }
    tells_deletion_time = True
    recycle_bin = timedelta(days=90)
    has_templates = False  # recurring deals are a thing of Bitrix24

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids = CurrentIds(world)
        # No sheet says when HubSpot calls a deal existing business: its own choice is taken over.
        self.facts = Facts(world)
        # The account's own company is not among the companies: nothing hangs on it.
        self._own = {("company", company.number) for company in world.companies if company.is_own}

    def pipelines(self, moment: datetime) -> tuple[VisiblePipeline, ...]:
        """Pipelines with their stages."""
        return tuple(
            VisiblePipeline(
                native_id=native.pipeline_id(pipeline.number),
                name=pipeline.name,
                stages=self._stages(pipeline, moment),
            )
            for pipeline in self.world.pipelines
        )

    def _stages(self, pipeline: Pipeline, moment: datetime) -> tuple[VisibleStage, ...]:
        """In display order, which is a plain count."""
        ordered = sorted(stages_at(pipeline, moment), key=lambda stage: stage.sort)
        return tuple(
            VisibleStage(
                native.stage_id(pipeline.number, stage.number),
                name_at(stage, moment),
                order,
                stage.kind,
                stage.probability,
            )
            for order, stage in enumerate(ordered)
        )

    def employees(self, moment: datetime) -> tuple[VisibleEmployee, ...]:
        """Owners, archived ones included."""
        return tuple(
            VisibleEmployee(
                native.owner_id(person.number),
                f"{person.first_name} {person.last_name}",
                native.team_id(person.department),
                person.dismissed_at is None or person.dismissed_at > moment,
            )
            for person in self.world.employees
            if person.hired_at <= moment
        )

    def lead_pipelines(self) -> tuple[VisiblePipeline, ...]:
        """The one pipeline of leads."""
        ordered = sorted(self.world.lead_stages, key=lambda stage: stage.sort)
        stages = (
            VisibleStage(
                native.lead_stage_id(stage.number), stage.name, order, _lead_kind(stage.number), None
            )
            for order, stage in enumerate(ordered)
        )
        return (VisiblePipeline(native.LEAD_PIPELINE, LEADS, tuple(stages)),)

    def departments(self) -> tuple[VisibleDepartment, ...]:
        """Teams."""
        return tuple(
            VisibleDepartment(native.team_id(department.number), department.name)
            for department in self.world.departments
        )

    def sources(self) -> tuple[VisibleSource, ...]:
        """The options of the property; their labels are HubSpot's own."""
        return tuple(
            VisibleSource(code, SOURCE_LABELS.get(code) or code.replace("_", " ").title())
            for code in (native.analytics_source(origin.number) for origin in self.world.origins)
        )

    def deal(self, deal: Deal, moment: datetime) -> VisibleDeal:
        """All properties; the probability is that of its stage."""
        place = place_at(deal, moment)
        state = deal_properties(deal.state_at(moment))
        closedate = state["closedate"]
        return VisibleDeal(
            native_id=self.ids.of("deal", deal.number, moment),
            title=deal.state_at(moment)["title"],
            pipeline_id=native.pipeline_id(place[0]),
            stage_id=native.stage_id(*place),
            stage_kind=kind_of(self.world, place),
            owner_id=state["hubspot_owner_id"],
            amount=decimal_or_none(deal.state_at(moment)["amount"]),
            currency=state["deal_currency_code"],
            probability=stage_of(self.world, place).probability,
            close_date=None if closedate is None else datetime.fromisoformat(closedate),
            created_at=deal.created_at,
            modified_at=max([modified_at(deal, moment), *self.ids.merged_at("deal", deal.number, moment)]),
            moved_at=None,
            is_template=False,
            source_id=_source(deal.state_at(moment)),
            utm=utm_of(deal.state_at(moment)),
            is_repeat_in_crm=self.facts.is_existing_client(deal),
            links=self._links(deal.state_at(moment), moment),
            loss_reason=deal.state_at(moment).get("loss_reason") or None,
            competitor=deal.state_at(moment).get("competitor") or None,
            merged_ids=tuple(self.ids.earlier("deal", deal.number, moment)),
        )

    def lead(self, lead: Lead, moment: datetime) -> VisibleLead:
        """Leads have no money and no close date."""
        state = lead.state_at(moment)
        stage = lead_stage_of(self.world, cast("int", state["stage"]))
        return VisibleLead(
            native_id=str(native.lead_id(lead.number)),
            title=state["title"],
            pipeline_id=native.LEAD_PIPELINE,
            stage_id=native.lead_stage_id(stage.number),
            stage_kind=_lead_kind(stage.number),
            owner_id=None if state["owner"] is None else native.owner_id(state["owner"]),
            amount=None,
            currency=None,
            close_date=None,
            created_at=lead.created_at,
            modified_at=modified_at(lead, moment),
            moved_at=None,
            source_id=_source(state),
            utm=utm_of(state),
            is_repeat_in_crm=None,
            links=self._links(state, moment),
            loss_note=state.get("disqualification") or None,
        )

    def client(self, record: Contact | Company, moment: datetime) -> VisibleClient | None:
        """The account's own company is not among the companies."""
        state = record.state_at(moment)
        if isinstance(record, Company) and record.is_own:
            return None
        place = state.get("country"), None, state.get("city")
        if isinstance(record, Company):
            native_id = self.ids.of("company", record.number, moment)
            return VisibleClient(native_id, state["name"], None, is_own=False, place=place)
        native_id = self.ids.of("contact", record.number, moment)
        return VisibleClient(native_id, person_name(state), _source(state), is_own=False, place=place)

    def activity(self, activity: Activity, moment: datetime) -> VisibleActivity | None:
        """An object of its type; the moment it stands at is the due date of a task."""
        state = activity.state_at(moment)
        is_task = activity.type is ActivityType.TASK
        at = state.get("deadline") if is_task else state.get("start_at") or activity.created_at
        is_done = _is_done(activity, state, moment)
        known = (each for each in state.get("bindings") or () if (each.type, each.number) not in self._own)
        bindings = tuple(self._binding(each, moment) for each in known)
        primary = _primary(bindings)
        is_note = activity.type is ActivityType.NOTE
        return VisibleActivity(
            native_id=str(native.activity_id(activity.type, activity.number)),
            record_type=activity.type.value,
            type=activity.type.value,
            subject=None if is_note else state["subject"],
            direction=_direction(activity),
            employee_id=None if state["owner"] is None else native.owner_id(state["owner"]),
            modified_at=modified_at(activity, moment),
            deadline_at=None if is_note else at,
            record_path=None if primary is None else PAGE.format(TYPE_IDS[primary[0]], primary[1]),
            is_completed=is_done,
            done_at=(state.get("completed_at") if is_task else at) if is_done else None,
            duration_seconds=_length(activity, state),
            bindings=bindings,
            primary=primary,
            unreadable=_unreadable(activity),
        )

    def _binding(self, binding: Binding, moment: datetime) -> tuple[str, str]:
        return binding.type, self.ids.of(binding.type, binding.number, moment)

    def _links(self, state: State, moment: datetime) -> Links:
        return Links(
            companies=tuple(self.ids.of("company", n, moment) for n in numbers(state.get("company"))),
            contacts=tuple(self.ids.of("contact", n, moment) for n in numbers(state.get("contacts"))),
            leads=tuple(self.ids.of("lead", n, moment) for n in numbers(state.get("lead"))),
        )

    def keep(self, portal: VisiblePortal, alive: list[Deal], leads: list[Lead], moment: datetime) -> None:
        """Every rate since the beginning, and the complete history of the properties asked for."""
        portal.rates |= {
            VisibleRate(rate.currency, rate.valid_from, rate.rate)
            for rate in self.world.rates
            if rate.valid_from <= moment
        }
        for deal in alive:
            native_id = self.ids.of("deal", deal.number, moment)
            portal.property_rows |= set(history(("deal", native_id), deal, moment, deal_properties))
        for lead in leads:
            native_id = self.ids.of("lead", lead.number, moment)
            portal.property_rows |= set(history(("lead", native_id), lead, moment, lead_properties))


def _lead_kind(number: int) -> StageKind:
    return LEAD_KINDS.get(native.lead_stage_id(number), StageKind.OPEN)


def _is_done(activity: Activity, state: State, moment: datetime) -> bool:
    """Tasks and told outcomes speak for themselves; what else was to begin before now has happened."""
    if activity.type in (ActivityType.EMAIL, ActivityType.NOTE):
        return True
    if activity.type is ActivityType.TASK:
        return bool(state["is_completed"])
    outcome = state.get("outcome")
    if activity.type is ActivityType.MEETING:
        if outcome is None and not state["is_completed"]:
            return False  # shown as scheduled
        if outcome is not None:
            return bool(outcome != "rescheduled")
    elif state["is_completed"]:
        return True
    begun_at: datetime = state.get("start_at") or activity.created_at
    return begun_at <= moment


def _unreadable(activity: Activity) -> tuple[str, ...]:
    written = activity.written_deadline
    return () if written is None else (f"hs_timestamp={written}",)


def _direction(activity: Activity) -> str | None:
    """Calls and e-mails go one way or the other."""
    if activity.type not in (ActivityType.CALL, ActivityType.EMAIL):
        return None
    return "inbound" if activity.is_inbound else "outbound"


def _length(activity: Activity, state: State) -> int | None:
    start, end = state.get("start_at"), state.get("end_at")
    if activity.type is ActivityType.MEETING and start is not None and end is not None:
        return int((end - start).total_seconds())
    return state.get("duration_seconds") if activity.type is ActivityType.CALL else None


def _primary(bindings: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
    order = ("deal", "lead", "company", "contact")
    ranked = sorted(bindings, key=lambda binding: (order.index(binding[0]), int(binding[1])))
    return ranked[0] if ranked else None


def _source(state: State) -> str | None:
    origin = state.get("source")
    return None if origin is None else native.analytics_source(cast("int", origin))
