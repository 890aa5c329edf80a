"""What Bitrix24 shows: whole deals, but of stage history only the rows of the pipeline a deal is in now."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, cast
from zoneinfo import ZoneInfo

from simulator.bitrix24.returning import Returning
from simulator.identifiers import bitrix24 as native
from simulator.model import ActivityType, Company, StageKind
from simulator.visible_parts import (
    decimal_or_none,
    direction_of,
    kind_of,
    lead_stage_of,
    moves_until,
    name_at,
    numbers,
    person_name,
    place_at,
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
    VisibleStageRow,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.model import Activity, Binding, Contact, Deal, Lead, World

LEADS = "Leads"


class Bitrix24View:
    """A world through Bitrix24's REST methods."""

    record_paths: ClassVar[Mapping[str, str]] = {
        "deal": "/crm/deal/details/{id}/",
        "lead": "/crm/lead/details/{id}/",
    }
    tells_deletion_time = False
    recycle_bin = timedelta(0)  # there is one, but no method shows it
    has_templates = True

    def __init__(self, world: World) -> None:
        self.world = world
        # No sheet says when Bitrix24 marks who comes again: its own choice is taken over.
        self.returning = Returning(world)

    def pipelines(self, moment: datetime) -> tuple[VisiblePipeline, ...]:
        """Categories with the stages of their dictionaries."""
        return tuple(
            VisiblePipeline(
                native_id=str(native.pipeline_id(pipeline.number)),
                name=pipeline.name,
                stages=tuple(
                    VisibleStage(
                        native.stage_id(pipeline.number, stage.number),
                        name_at(stage, moment),
                        stage.sort,
                        stage.kind,
                        probability=None,
                    )
                    for stage in stages_at(pipeline, moment)
                ),
            )
            for pipeline in self.world.pipelines
        )

    def employees(self, moment: datetime) -> tuple[VisibleEmployee, ...]:
        """Users, dismissed ones included."""
        return tuple(
            VisibleEmployee(
                str(native.employee_id(person.number)),
                f"{person.first_name} {person.last_name}",
                str(native.department_id(person.department)),
                person.dismissed_at is None or person.dismissed_at > moment,
            )
            for person in self.world.employees
            if person.hired_at <= moment
        )

    def lead_pipelines(self) -> tuple[VisiblePipeline, ...]:
        """The one dictionary of statuses; leads have no pipelines."""
        stages = (
            VisibleStage(native.lead_stage_id(stage.number), stage.name, stage.sort, stage.kind, None)
            for stage in self.world.lead_stages
        )
        return (VisiblePipeline("main", LEADS, tuple(stages)),)

    def departments(self) -> tuple[VisibleDepartment, ...]:
        """The tree without its branches."""
        return tuple(
            VisibleDepartment(str(native.department_id(department.number)), department.name)
            for department in self.world.departments
        )

    def sources(self) -> tuple[VisibleSource, ...]:
        """The dictionary SOURCE."""
        return tuple(
            VisibleSource(native.origin_id(origin.number), origin.name) for origin in self.world.origins
        )

    def deal(self, deal: Deal, moment: datetime) -> VisibleDeal:
        """All fields; its one close date is what people plan or what the closing has set, by the day."""
        state = deal.state_at(moment)
        pipeline, stage = place_at(deal, moment)
        probability = decimal_or_none(state["probability"])
        return VisibleDeal(
            native_id=str(native.deal_id(deal.number)),
            title=cast("str | None", state["title"]),
            pipeline_id=str(native.pipeline_id(pipeline)),
            stage_id=native.stage_id(pipeline, stage),
            stage_kind=kind_of(self.world, (pipeline, stage)),
            owner_id=None if state["owner"] is None else str(native.employee_id(cast("int", state["owner"]))),
            amount=decimal_or_none(state["amount"]) or Decimal(0),
            currency=cast("str | None", state["currency"]),
            probability=None if probability is None else probability / 100,
            close_date=self._close_date(state["closed_at"] or state["expected_close_date"]),
            created_at=deal.created_at,
            modified_at=deal.modified_at(moment),
            moved_at=moves_until(deal, moment)[-1][1].at,
            is_template=deal.is_template,
            source_id=self._source(state),
            utm=utm_of(state),
            is_repeat_in_crm=self.returning.is_return_deal(deal) or self.returning.is_repeated_approach(deal),
            links=self._links(state),
            loss_reason=state.get("loss_reason") or None,
            competitor=state.get("competitor") or None,
            merged_ids=(),
        )

    def lead(self, lead: Lead, moment: datetime) -> VisibleLead:
        """All fields; it closes when its present run of closed statuses begins."""
        state = lead.state_at(moment)
        stage = lead_stage_of(self.world, cast("int", state["stage"]))
        moved_at = moves_until(lead, moment)[-1][1].at
        return VisibleLead(
            native_id=str(native.lead_id(lead.number)),
            title=cast("str | None", state["title"]),
            pipeline_id="main",
            stage_id=native.lead_stage_id(stage.number),
            stage_kind=stage.kind,
            owner_id=None if state["owner"] is None else str(native.employee_id(cast("int", state["owner"]))),
            amount=decimal_or_none(state["amount"]) or Decimal(0),
            currency=cast("str | None", state["currency"]),
            close_date=None if stage.kind is StageKind.OPEN else moved_at,
            created_at=lead.created_at,
            modified_at=lead.modified_at(moment),
            moved_at=moved_at,
            source_id=self._source(state),
            utm=utm_of(state),
            is_repeat_in_crm=self.returning.is_return_lead(lead),
            links=self._links(state),
            loss_note=cast("str | None", state.get("disqualification")) or None,
        )

    def client(self, record: Contact | Company, moment: datetime) -> VisibleClient | None:
        """A contact has a name in two parts; the own company is listed among the others."""
        state = record.state_at(moment)
        place = _place(record.number, state)
        if isinstance(record, Company):
            native_id = str(native.company_id(record.number))
            return VisibleClient(native_id, state["name"], None, record.is_own, place)
        native_id = str(native.contact_id(record.number))
        return VisibleClient(native_id, person_name(state), self._source(state), is_own=False, place=place)

    def activity(self, activity: Activity, moment: datetime) -> VisibleActivity | None:
        """An activity, with its task if it has one, or a task alone; notes are comments of the timeline."""
        has_activity = native.has_activity(activity)
        if not has_activity and not native.has_task(activity):
            return None
        state = activity.state_at(moment)
        number = native.activity_id(activity.number) if has_activity else native.task_id(activity.number)
        is_task = activity.type is ActivityType.TASK
        is_completed = bool(state["is_completed"])
        done_at = state.get("completed_at") if native.has_task(activity) else state.get("start_at")
        bindings = tuple(self._binding(binding) for binding in state.get("bindings") or ())
        return VisibleActivity(
            native_id=str(number),
            record_type="activity" if has_activity else "task",
            type=activity.type.value,
            subject=state["subject"],
            direction=direction_of(activity.is_inbound),
            employee_id=None if state["owner"] is None else str(native.employee_id(state["owner"])),
            modified_at=activity.modified_at(moment),
            deadline_at=state.get("deadline") if is_task else state.get("start_at"),
            is_completed=is_completed,
            done_at=done_at if is_completed and not native.is_todo(activity) else None,
            record_path=_page(bindings) if has_activity else _task_page(str(number), state),
            # The end of a call is an appointment's and says nothing of its length.
            duration_seconds=_length(state) if activity.type is ActivityType.MEETING else None,
            bindings=bindings,
            primary=bindings[0] if bindings else None,
            unreadable=(),
        )

    def _binding(self, binding: Binding) -> tuple[str, str]:
        return binding.type, str(getattr(native, f"{binding.type}_id")(binding.number))

    def _source(self, state: dict[str, Any]) -> str | None:
        origin = state.get("source")
        return None if origin is None else native.origin_id(origin)

    def _links(self, state: dict[str, Any]) -> Links:
        return Links(
            companies=tuple(str(native.company_id(number)) for number in numbers(state.get("company"))),
            contacts=tuple(str(native.contact_id(number)) for number in numbers(state.get("contacts"))),
            leads=tuple(str(native.lead_id(number)) for number in numbers(state.get("lead"))),
        )

    def keep(self, portal: VisiblePortal, alive: list[Deal], leads: list[Lead], moment: datetime) -> None:
        """Today's rates only, and the history rows of each deal's present pipeline and of leads."""
        newest = {rate.currency: rate.rate for rate in self.world.rates if rate.valid_from <= moment}
        portal.rates |= {VisibleRate(currency, moment, rate) for currency, rate in newest.items()}
        for deal in alive:
            if not deal.has_lost_history:
                portal.stage_rows |= self._rows(deal, moment)
        for lead in leads:
            portal.stage_rows |= self._lead_rows(lead, moment)

    def _lead_rows(self, lead: Lead, moment: datetime) -> set[VisibleStageRow]:
        return {
            VisibleStageRow(
                record_type="lead",
                record_id=str(native.lead_id(lead.number)),
                order=order,
                entered_at=change.at,
                pipeline_id="main",
                stage_id=native.lead_stage_id(change.value),
                stage_kind=lead_stage_of(self.world, change.value).kind,
            )
            for order, change in moves_until(lead, moment)
        }

    def _rows(self, deal: Deal, moment: datetime) -> set[VisibleStageRow]:
        present = place_at(deal, moment)[0]
        return {
            VisibleStageRow(
                record_type="deal",
                record_id=str(native.deal_id(deal.number)),
                order=order,
                entered_at=change.at,
                pipeline_id=str(native.pipeline_id(place[0])),
                stage_id=native.stage_id(*place),
                stage_kind=kind_of(self.world, place),
            )
            for order, change in moves_until(deal, moment)
            if (place := cast("tuple[int, int]", change.value))[0] == present
            and not (deal.history_ends_at and change.at >= deal.history_ends_at)
        }

    def _close_date(self, value: object) -> date | None:
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(self.world.timezone)).date()
        return cast("date | None", value)


def _place(number: int, state: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """That of its first address; without one that of the legal address, if there is one."""
    country, city = state.get("country"), state.get("city")
    if country or city:
        return country, native.province(city), city
    return native.LEGAL_PLACE if native.has_legal_address(number) else (None, None, None)


def _page(bindings: tuple[tuple[str, str], ...]) -> str | None:
    """An activity has no page of its own: that of its record."""
    return f"/crm/{bindings[0][0]}/details/{bindings[0][1]}/" if bindings else None


def _task_page(native_id: str, state: dict[str, Any]) -> str | None:
    owner = state["owner"]
    return None if owner is None else f"/company/personal/user/{owner}/tasks/task/view/{native_id}/"


def _length(state: dict[str, Any]) -> int | None:
    start, end = state.get("start_at"), state.get("end_at")
    return None if start is None or end is None else int((end - start).total_seconds())
