"""Dirt among the contacts: what people type instead of names and addresses, and people entered twice.

Values of the birth are replaced by others at the end of the making of a world, so that nothing else is drawn
differently; what was edited later is clean again. Every kind has near-misses, which are right as they are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.model import Contact, Value, World

LOWERCASE = "contact_name_lowercase"
PLACEHOLDER = "contact_name_placeholder"
SHARE = 0.09
SPARED = 20  # the first contacts stay as they are


# Names that are dirty wherever they stand, by the rules that find fault with them.
DIRTY_NAMES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("иван", "ёлкина", "jonas", "weber", "van der berg", "νίκος"), (LOWERCASE,)),
    **dict.fromkeys(("тест", "asdf"), (PLACEHOLDER, LOWERCASE)),
    **dict.fromkeys(("Test", "Нет", "Client 123", "???", "Фывапр", "Йцукен", "-"), (PLACEHOLDER,)),
    **dict.fromkeys(("+7 912 345-67-89", "Клиент", "تست"), (PLACEHOLDER,)),
}
# Pairs, and names that are all there is of a name, in which only the whole is a placeholder.
DIRTY_PAIRS = {("John", "Doe"), ("Нет", "Имени")}
DIRTY_ALONE = {"Nil", "Null", "Guest", "Неизвестный"}
NAMES = (
    ("иван", "Петров"),
    ("Ольга", "ёлкина"),
    ("jonas", "weber"),
    ("Ann", "van der berg"),
    ("νίκος", "Παπάς"),
    ("Test", "Test"),
    ("тест", "Иванов"),
    ("asdf", "Smith"),
    ("Нет", "Имени"),
    ("Client 123", "???"),
    ("Фывапр", "Йцукен"),
    ("Мария", "-"),
    ("+7 912 345-67-89", "Клиент"),
    ("تست", "رضایی"),
    ("John", "Doe"),
    # Right as they are.
    ("Nil", "Null"),
    ("Maria", "Testa"),
    ("Лев", "Смит"),
    ("Erik", "van der Berg"),
    ("გიორგი", "ბერიძე"),
    ("Min-jun", "Kim"),
    ("Эрнст", "Неизвестный"),
    ("李", "雷"),
    ("Edgar", "Guest"),
)
MALFORMED_EMAILS = (
    "person{n}@client",
    "person{n}@@client.example",
    "person {n}@client.example",
    "person{n}@client,example",
    "person{n}@client..example",
    "person{n}.client.example",
    "пёрсон{n}@client.example",
    "persоn{n}@client.example",
    "нет",
)
RIGHT_EMAILS = (
    "o'hara+{n}@client.example",
    "человек{n}@почта.example",
    "person{n}@xn--80a1acny.example",
    "P.{n}@sub.client-{n}.example",
)


def plant(world: World) -> None:
    """Make some of the contacts dirty."""
    colleagues: dict[Value, list[Contact]] = defaultdict(list)
    for contact in world.contacts:
        random = Random(f"{world.seed}:dirt of contact:{contact.number}")
        known = colleagues[_born(contact)["companies"]]
        if contact.number > SPARED and random.random() < SHARE:
            _become(contact, _dirt(world, contact, known, random))
        known.append(contact)


def _dirt(world: World, contact: Contact, colleagues: list[Contact], random: Random) -> dict[str, Value]:
    kind = random.choice(("name", "name", "name", "email", "email", "twice", "twice", "namesake"))
    if kind == "name":
        first, last = random.choice(NAMES)
        return {"first_name": first, "last_name": last}
    if kind == "email":
        written = random.choice(MALFORMED_EMAILS * 2 + RIGHT_EMAILS).format(n=contact.number)
        return {"emails": (("work", written), *_born(contact)["emails"][:1])}
    if kind == "namesake" and colleagues and _born(contact)["companies"]:
        namesake = _born(random.choice(colleagues))
        return {"first_name": namesake["last_name"], "last_name": namesake["first_name"]}
    other = _born(random.choice(world.contacts[: contact.number - 1]))
    return {
        "emails": tuple((where, address.upper()) for where, address in other["emails"]),
        "phones": tuple((where, _otherwise(phone)) for where, phone in other["phones"]),
    }


def _otherwise(phone: str) -> str:
    """The same number as somebody else writes it."""
    return phone.replace(" ", ".").replace("(", "").replace(")", "")


def _born(contact: Contact) -> dict[str, Value]:
    return contact.state_at(contact.created_at)


def _become(contact: Contact, values: dict[str, Value]) -> None:
    for place, change in enumerate(contact.changes):
        if change.at > contact.created_at:
            break
        if change.name in values:
            contact.changes[place] = replace(change, value=values[change.name])
