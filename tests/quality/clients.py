"""What is wrong with the contacts of a simulated world, worked out from the world itself and not from SQL."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import phonenumbers

from simulator import dirt
from simulator.identifiers import bitrix24
from simulator.visible_hubspot_history import CurrentIds

if TYPE_CHECKING:
    from simulator.model import Value, World

MOBILE = "mobile"
LARGEST_GROUP = 10
WRITTEN_WRONGLY = tuple(
    re.compile(re.escape(pattern).replace(r"\{n\}", r"\d+") + r"\Z", re.IGNORECASE)
    for pattern in dirt.MALFORMED_EMAILS
)


@dataclass(frozen=True)
class Person:
    """A contact that its CRM shows now."""

    key: str
    first: str | None
    last: str | None
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    company: int | None
    job_title: str | None

    @property
    def right_emails(self) -> set[str]:
        """The addresses that were not planted as malformed."""
        return {one.lower() for one in self.emails if not is_malformed(one)}

    @property
    def faults(self) -> set[str]:
        """The rules of names and addresses that flag the person."""
        names = [name for name in (self.first, self.last) if name]
        found = {rule for name in names for rule in dirt.DIRTY_NAMES.get(name, ())}
        is_alone = len(names) == 1 and names[0] in dirt.DIRTY_ALONE
        if is_alone or (self.first, self.last) in dirt.DIRTY_PAIRS:
            found.add(dirt.PLACEHOLDER)
        if any(is_malformed(email) for email in self.emails):
            found.add("contact_email_malformed")
        if not self.last:
            found.add("contact_last_name_missing")
        if not (self.job_title and self.emails):
            found.add("contact_required_fields")
        return found

    def marks(self) -> set[tuple[str, str]]:
        """By what the person could be known again."""
        found = {("e-mail", email) for email in self.right_emails}
        found |= {("phone", number) for number in map(_e164, self.phones) if number}
        is_named = not any(
            dirt.PLACEHOLDER in dirt.DIRTY_NAMES.get(n or "", ()) for n in (self.first, self.last)
        )
        if self.first and self.last and self.company is not None and is_named:
            names = sorted(one.lower().replace("ё", "е") for one in (self.first, self.last))
            found.add(("name and company", f"{self.company} {' '.join(names)}"))
        return found


def is_malformed(email: str) -> bool:
    """Whether it is one of the addresses planted as malformed."""
    return any(pattern.match(email) for pattern in WRITTEN_WRONGLY)


def people(world: World, crm: str, connection: str) -> list[Person]:
    """The contacts that a CRM shows at the end of a world."""
    ids = CurrentIds(world)
    found = []
    for contact in world.contacts:
        state = contact.state_at(world.now)
        if state["is_deleted"]:
            continue
        native: object = bitrix24.contact_id(contact.number)
        if crm == "hubspot":
            native = ids.of("contact", contact.number, world.now)
        found.append(_person(f"{connection}:contact:{native}", state, is_hubspot=crm == "hubspot"))
    return found


def _person(key: str, state: dict[str, Value], *, is_hubspot: bool) -> Person:
    phones = [phone for _, phone in state["phones"]]
    if is_hubspot:  # one number of each kind has a place there
        fixed = [phone for kind, phone in state["phones"] if kind != MOBILE]
        mobile = [phone for kind, phone in state["phones"] if kind == MOBILE]
        phones = fixed[:1] + mobile[:1]
    return Person(
        key,
        state["first_name"],
        state["last_name"],
        tuple(phones),
        tuple(address for _, address in state["emails"]),
        state["companies"][0] if state["companies"] else None,
        state["job_title"],
    )


def _e164(phone: str) -> str | None:
    try:
        number = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clusters(everybody: list[Person]) -> dict[str, frozenset[str]]:
    """The contacts that are one person with each of them, by key."""
    sharing: dict[tuple[str, str], list[str]] = defaultdict(list)
    for person in everybody:
        for mark in person.marks():
            sharing[mark].append(person.key)
    cluster: dict[str, frozenset[str]] = {}
    for keys in sharing.values():
        if 1 < len(keys) <= LARGEST_GROUP:
            joined = frozenset(keys).union(*(cluster.get(key, frozenset()) for key in keys))
            cluster |= dict.fromkeys(joined, joined)
    return cluster
