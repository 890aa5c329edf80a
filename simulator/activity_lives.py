"""What people do with records: calls, meetings, e-mails, tasks and notes, planned and done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from simulator import client_words as words
from simulator.changing import bear, later, set_values
from simulator.model import Activity, ActivityType, Binding, Value, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

TYPES = (ActivityType.CALL, ActivityType.EMAIL, ActivityType.TASK, ActivityType.MEETING, ActivityType.NOTE)
WEIGHTS = (34, 26, 20, 12, 8)
NEVER = datetime(2199, 12, 31, 9, 0, tzinfo=UTC)  # what some people type as a deadline


@dataclass
class Plan:
    """What an activity is about, and until when its life is known."""

    world: World
    random: Random
    bindings: tuple[Binding, ...]
    owner: int
    horizon: datetime

    def activity(
        self, at: datetime, type_: ActivityType | None = None, *, is_planned: bool | None = None
    ) -> Activity:
        """One activity entered at `at`; its number is given later."""
        random = self.random
        kind = type_ or random.choices(TYPES, WEIGHTS)[0]
        is_inbound = None
        if kind in (ActivityType.CALL, ActivityType.EMAIL):
            is_inbound = random.random() < 0.4
        has_card = kind is not ActivityType.TASK or random.random() < 0.8
        activity = Activity(0, at, self.owner, type=kind, is_inbound=is_inbound, has_task_card=has_card)
        if is_planned is None:
            is_planned = random.random() < (0.8 if kind is ActivityType.MEETING else 0.25)
        ways: dict[ActivityType, Callable[[Activity], None]] = {
            ActivityType.CALL: self._plan_call if is_planned else self._log_call,
            ActivityType.MEETING: self._plan_meeting if is_planned else self._log_meeting,
            ActivityType.TASK: self._set_task,
        }
        ways.get(kind, self._log)(activity)
        self._throw_away(activity)
        return activity

    def _throw_away(self, activity: Activity) -> None:
        """A few are deleted, some of them by mistake."""
        if self.random.random() < 0.03:
            at = later(self.random, activity.changes[-1].at, 0.1, 300)
            self._then(activity, at, is_deleted=True)
            if self.random.random() < 0.3:
                self._then(activity, later(self.random, at, 0.1, 100), is_deleted=False)

    def _bear(self, activity: Activity, **values: Value) -> None:
        at = activity.created_at
        first: dict[str, Value] = {
            "subject": self.random.choice(words.SUBJECTS[activity.type]),
            "owner": self.owner,
            "bindings": self.bindings,
            "is_completed": False,
            "completed_at": None,
            "start_at": at,
            "end_at": None,
            "deadline": None,
            "outcome": None,
            "duration_seconds": None,
        }
        bear(activity, first | values)

    def _then(self, activity: Activity, at: datetime, **values: Value) -> None:
        if at <= self.horizon:
            set_values(activity, at, self.owner, values)

    def _log(self, activity: Activity) -> None:
        """An e-mail or a note: done as soon as it is there."""
        at = activity.created_at
        self._bear(activity, is_completed=True, completed_at=at, end_at=at)

    def _log_call(self, activity: Activity) -> None:
        at, (outcome, seconds) = activity.created_at, self._talk()
        self._bear(
            activity,
            is_completed=True,
            completed_at=at,
            start_at=at - timedelta(seconds=seconds or 0),
            end_at=at,
            outcome=outcome,
            duration_seconds=seconds,
        )

    def _log_meeting(self, activity: Activity) -> None:
        """A meeting entered only after it took place."""
        at = activity.created_at
        start = at - timedelta(minutes=self.random.randint(60, 4000))
        outcome = self.random.choice(words.MEETING_OUTCOMES)
        end = start + timedelta(hours=1)
        self._bear(activity, is_completed=True, completed_at=at, start_at=start, end_at=end, outcome=outcome)

    def _talk(self) -> tuple[str | None, int | None]:
        outcome = self.random.choice(words.CALL_OUTCOMES)
        if outcome == "connected":
            return outcome, self.random.randint(5, 2400)
        return outcome, self.random.choice((None, 0, 0, 12))

    def _plan_call(self, activity: Activity) -> None:
        activity.is_inbound = False
        due = later(self.random, activity.created_at, 2, 200)
        self._bear(activity, start_at=due, end_at=due + timedelta(minutes=15), deadline=due)
        due = self._put_off(activity, due)
        if self.random.random() < 0.8:
            done_at = self._done_at(activity, due)
            outcome, seconds = self._talk()
            start = done_at - timedelta(seconds=seconds or 0)
            self._then(
                activity,
                done_at,
                is_completed=True,
                completed_at=done_at,
                start_at=start,
                end_at=done_at,
                deadline=start,
                outcome=outcome,
                duration_seconds=seconds,
            )

    def _plan_meeting(self, activity: Activity) -> None:
        length = timedelta(minutes=self.random.choice((30, 60, 60, 120)))
        due = later(self.random, activity.created_at, 2, 500)
        self._bear(activity, start_at=due, end_at=due + length, deadline=due)
        due = self._put_off(activity, due)
        if self.random.random() < 0.85:
            done_at = due + length + timedelta(minutes=self.random.choice((0, 5, 90, 2000)))
            outcome = self.random.choice(words.MEETING_OUTCOMES)
            self._then(activity, done_at, is_completed=True, completed_at=done_at, outcome=outcome)

    def _set_task(self, activity: Activity) -> None:
        random = self.random
        chance = random.random()
        due = later(random, activity.created_at, 2, 400)
        deadline = None if chance < 0.1 else NEVER if chance < 0.13 else due
        self._bear(activity, deadline=deadline)
        if deadline == due:
            due = self._put_off(activity, due)
        if random.random() < 0.8:
            done_at = self._done_at(activity, due)
            self._then(activity, done_at, is_completed=True, completed_at=done_at)
            if random.random() < 0.06:
                self._then(activity, later(random, done_at, 1, 60), is_completed=False, completed_at=None)

    def _done_at(self, activity: Activity, due: datetime) -> datetime:
        """Before it is due, or late."""
        born = activity.changes[-1].at
        if self.random.random() < 0.6:
            return max(born, due - timedelta(seconds=self.random.randint(0, 7200)))
        return max(born, later(self.random, due, 0.2, 150))

    def _put_off(self, activity: Activity, due: datetime) -> datetime:
        """Some are rescheduled, once or several times, before they are due or after."""
        random = self.random
        while random.random() < 0.25:
            at = max(activity.changes[-1].at, due - timedelta(hours=random.randint(-40, 20)))
            if at > self.horizon:
                return due
            moved = later(random, at, 3, 200)
            state = activity.state_at(at)
            values: dict[str, Value] = {"deadline": moved}
            if activity.type is not ActivityType.TASK:
                values |= {"start_at": moved, "end_at": moved + (state["end_at"] - state["start_at"])}
            self._then(activity, at, **values)
            due = moved
        return due
