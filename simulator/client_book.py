"""The clients: companies and contacts as they enter the books, and which of them an enquiry is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from simulator import client_words as words
from simulator.changing import bear, employed
from simulator.client_comments import comments
from simulator.model import Company, Contact, Value, World
from simulator.origins import traces

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Client:
    """Whom a deal or lead is about: a company, people (the primary one first), both or neither."""

    company: int | None = None
    contacts: tuple[int, ...] = ()

    @property
    def links(self) -> dict[str, Value]:
        """As fields of a deal or lead."""
        return {"company": self.company, "contacts": self.contacts}


@dataclass
class ClientBook:
    """Enters new clients into a world; `clients` are those that may come again, the oldest first."""

    world: World
    clients: list[Client] = field(default_factory=list)

    def new_client(self, random: Random, at: datetime) -> Client:
        """A company with some people, a company alone, or a person alone."""
        chance = random.random()
        company = self.new_company(at).number if chance < 0.44 else None
        people = 0 if chance < 0.04 else random.choice((1, 1, 1, 2, 3)) if company else 1
        contacts = tuple(self.new_contact(at, company).number for _ in range(people))
        client = Client(company, contacts)
        self.clients.append(client)
        return client

    def known_client(self, random: Random) -> Client:
        """Somebody who is known already, the oldest most often; perhaps with other people this time."""
        client = self.clients[int(len(self.clients) * random.random() ** 3)]
        if len(client.contacts) > 1 and random.random() < 0.3:
            return Client(client.company, client.contacts[:0:-1])
        return client

    def some_client(self, random: Random, at: datetime) -> Client:
        """A new client, a known one, nobody, or (by mistake) the seller's own company."""
        chance = random.random()
        if chance < 0.06:
            return Client()
        if chance < 0.08:
            return Client(1, self.new_client(random, at).contacts)
        if chance < 0.6 and self.clients:
            return self.known_client(random)
        return self.new_client(random, at)

    def new_company(self, at: datetime, *, is_own: bool = False) -> Company:
        """A company enters the books."""
        number = len(self.world.companies) + 1
        random = Random(f"{self.world.seed}:company:{number}")
        people = employed(self.world, at)
        company = Company(number, at, random.choice(people), is_own=is_own)
        country, city = random.choice(words.PLACES)
        name = words.OWN_COMPANY if is_own else random.choice(words.COMPANY_NAMES).format(n=number)
        values = {
            "name": name,
            "phones": phones(random, ("work",)),
            "emails": emails(random, number, ("work",)),
            "industry": random.choice(words.INDUSTRIES),
            "country": country,
            "city": city,
            "owner": random.choice(people),
        }
        bear(company, values)
        self.world.companies.append(company)
        return company

    def new_contact(self, at: datetime, company: int | None = None) -> Contact:
        """A person enters the books, at a company or not; sometimes one who is in them already."""
        number = len(self.world.contacts) + 1
        random = Random(f"{self.world.seed}:contact:{number}")
        people = employed(self.world, at)
        contact = Contact(number, at, random.choice(people))
        country, city = random.choice(words.PLACES)
        values = {
            "first_name": random.choice(words.FIRST_NAMES),
            "last_name": random.choice(words.LAST_NAMES),
            "phones": phones(random, ("mobile", "work", "home")),
            "emails": emails(random, number, ("work", "home")),
            "job_title": random.choice(words.JOB_TITLES),
            "comments": comments(self.world, number),
            "country": country,
            "city": city,
            "companies": (company,) if company else (),
            "owner": None if random.random() < 0.02 else random.choice(people),
            **traces(random, 0.55),
        }
        if number > 20 and random.random() < 0.04:
            values |= self._same_person(random, at)
        bear(contact, values)
        self.world.contacts.append(contact)
        return contact

    def _same_person(self, random: Random, at: datetime) -> dict[str, Value]:
        state = random.choice(self.world.contacts).state_at(at)
        return {name: state[name] for name in ("first_name", "last_name", "phones", "emails")}


def phones(random: Random, kinds: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """None, one or several telephone numbers, as people write them."""
    count = random.choices((0, 1, 2, 3), (12, 66, 17, 5))[0]
    return tuple((random.choice(kinds), _phone(random)) for _ in range(count))


def _phone(random: Random) -> str:
    digits = {"a": 10_000_000, "b": 1000, "c": 100, "d": 100, "e": 10_000}
    drawn = {name: random.randrange(end) for name, end in digits.items()}
    phone = random.choice(words.PHONE_PATTERNS).format(**drawn)
    return phone.translate(words.PERSIAN_DIGITS) if random.random() < 0.03 else phone


def emails(random: Random, number: int, kinds: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """None, one or two addresses."""
    count = random.choices((0, 1, 2), (20, 68, 12))[0]
    patterns = random.sample(words.EMAIL_PATTERNS, count)
    return tuple((random.choice(kinds), one.format(n=number, m=random.randint(1, 99))) for one in patterns)
