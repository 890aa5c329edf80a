"""What is done about records from one day to the next, and what is planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from simulator import client_words as words
from simulator.changing import set_values
from simulator.model import WON_STAGE, Activity, ActivityType, Binding, Record, Value, World
from simulator.past_activities import Subject, activities_of_deal, activities_of_lead, enter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from random import Random

    from simulator.model import Deal, Lead


@dataclass
class ActivityDay:
    """One day of the activities, between `noon` and `evening`."""

    world: World
    random: Random
    noon: datetime
    evening: datetime

    def happen(self, new_deals: Sequence[Deal], new_leads: Sequence[Lead]) -> None:
        """Let the day pass."""
        busy = max(1, round(len(self.world.deals) * 0.002))
        living = [activity for activity in self.world.activities if not self._state(activity)["is_deleted"]]
        planned = [activity for activity in living if not self._state(activity)["is_completed"]]
        self._finish(planned)
        for change, records, often in (
            (self._put_off, planned, 2),
            (self._rename, living, 1),
            (self._bind, living, 1),
            (self._delete, living, 1),
        ):
            for _ in range(busy * often):
                self._once(change, records)
        deleted = [activity for activity in self.world.activities if self._state(activity)["is_deleted"]]
        self._once(self._restore, deleted)
        found = [one for deal in new_deals for one in activities_of_deal(self.world, deal, self.evening)]
        found += [one for lead in new_leads for one in activities_of_lead(self.world, lead, self.evening)]
        for _ in range(busy * 6):
            found += self._new()
        enter(self.world, found)

    def _state(self, activity: Activity) -> dict[str, Value]:
        return activity.state_at(activity.changes[-1].at)

    def _some_time(self) -> datetime:
        seconds = int((self.evening - self.noon).total_seconds())
        return self.noon + timedelta(seconds=self.random.randint(0, seconds))

    def _finish(self, planned: list[Activity]) -> None:
        """Most of what is due today gets done today or too late; a little of what is overdue, too."""
        for activity in planned:
            state = self._state(activity)
            due = state["end_at"] or state["deadline"] or self.evening + timedelta(days=1)
            chance = 0.75 if due > self.world.now else 0.06
            if activity.type is ActivityType.TASK and due > self.evening:
                due, chance = self.noon, 0.04
            at = max(due, activity.changes[-1].at, self.noon)
            at += timedelta(seconds=self.random.choice((0, 60, 1800, 7200)))
            if at <= self.evening and self.random.random() < chance:
                set_values(activity, at, activity.created_by, self._done(activity, at))

    def _done(self, activity: Activity, at: datetime) -> dict[str, Value]:
        done: dict[str, Value] = {"is_completed": True, "completed_at": at}
        if activity.type is ActivityType.MEETING:
            done["outcome"] = self.random.choice(words.MEETING_OUTCOMES)
        if activity.type is ActivityType.CALL:
            seconds = self.random.randint(5, 900)
            start = at - timedelta(seconds=seconds)
            done |= {"outcome": "connected", "duration_seconds": seconds, "start_at": start, "end_at": at}
            done["deadline"] = start
        return done

    def _once(self, change: Callable[[Activity, datetime], None], activities: Sequence[Activity]) -> None:
        """Something happens to one of the activities that was left alone since."""
        at = self._some_time()
        for _ in range(20 if activities else 0):
            activity = self.random.choice(activities)
            if activity.changes[-1].at <= at:
                change(activity, at)
                return

    def _put_off(self, activity: Activity, at: datetime) -> None:
        if self._state(activity)["is_completed"]:
            return
        moved = at + timedelta(seconds=self.random.randint(7200, 900_000))
        values: dict[str, Value] = {"deadline": moved}
        if activity.type is not ActivityType.TASK:
            values |= {"start_at": moved, "end_at": moved + timedelta(minutes=30)}
        set_values(activity, at, activity.created_by, values)

    def _rename(self, activity: Activity, at: datetime) -> None:
        subject = self.random.choice(words.SUBJECTS[activity.type])
        set_values(activity, at, activity.created_by, {"subject": f"{subject} *"})

    def _bind(self, activity: Activity, at: datetime) -> None:
        contact = self.random.choice(self.world.contacts)
        bindings = self._state(activity)["bindings"]
        added = Binding("contact", contact.number)
        if contact.exists_at(at) and added not in bindings:
            set_values(activity, at, activity.created_by, {"bindings": (*bindings, added)})

    def _delete(self, activity: Activity, at: datetime) -> None:
        set_values(activity, at, activity.created_by, {"is_deleted": True})

    def _restore(self, activity: Activity, at: datetime) -> None:
        """Out of the recycle bin, if all it hangs on is there."""
        bindings = self._state(activity)["bindings"]
        if all(self._records(one.type)[one.number - 1].exists_at(at) for one in bindings):
            set_values(activity, at, activity.created_by, {"is_deleted": False})

    def _new(self) -> list[Activity]:
        kind = self.random.choices(("deal", "lead", "contact", "company"), (60, 25, 10, 5))[0]
        at = self._some_time()
        for _ in range(200):
            record = self.random.choice(self._records(kind))
            state = record.state_at(at)
            is_closed = kind == "deal" and state and state["stage"][1] >= WON_STAGE
            if record.exists_at(at) and not is_closed and not getattr(record, "is_template", False):
                return [Subject(self.world, kind, record, self.evening).plan(self.random, at).activity(at)]
        return []

    def _records(self, kind: str) -> Sequence[Record]:
        kinds: dict[str, Sequence[Record]] = {
            "deal": self.world.deals,
            "lead": self.world.leads,
            "contact": self.world.contacts,
            "company": self.world.companies,
        }
        return kinds[kind]
