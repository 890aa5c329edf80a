"""Telephone numbers of all countries as people, forms and switchboards write them, right and wrong ones."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
NETWORKS = sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
KINDS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE, PhoneNumberType.VOIP)
FORMATS = (
    PhoneNumberFormat.E164,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
    PhoneNumberFormat.RFC3966,
)
SCRIPTS = ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９")
SEPARATORS = (" ", "-", ".", "  ", "\u00a0", " - ", "–", "/", "")
BEFORE = (
    "tel: ",
    "Tel.",
    "моб. ",
    "тел:",
    "☎ ",
    "(",
    "Phone ",
    "т.",
    "w: ",
    "WhatsApp ",
    "'",
    "тел.раб.+",
    "00",
)
AFTER = (
    " (work)",
    " Иван",
    ".",
    ",",
    " office",
    ")",
    " ?",
    ";",
    " моб",
    " - ask for Anna",
    "#",
    "*",
    " /x12",
)
EXTENSIONS = (
    " ext. {}", " x{}", "x{}", " доб. {}", " доб.{}", ",{}", ",,{}", " #{}", ";ext={}", " extension {}",
    " (доб. {})", "~{}", " int {}", " вн. {}", " - {}#",
)  # fmt: skip
JUNK = (
    "", "-", "нет", "n/a", "0", "00", "000", "123", "1234", "12345", "112", "911", "+", "++", "+7",
    "+49", "8", "88", "111111", "0000000000", "9999999999", "123456789012345678", "no phone",
    "call 5 times", "test@example.com", "+123", "+999123456789", "+0", "0-0-0", "+7 (___) ___-__-__",
    "1234567", "ул. Ленина 5", "1-800-FLOWERS", "1-800-GO-FEDEX", "0800 CALL NOW",
    "+1 (555) 010-9999 or +1 (555) 010-8888", "3-22-15", "2-15", "8 (3022) 35-12-14", "8-800-555-35-35",
    "88005553535", "+88005553535", "+8 800 555 35 35", "7(495)1234567", "00 7 495 123 45 67",
    "810 49 30 1234567", "+44 (0)20 7946 0958", "0044 (0) 20 7946 0958", "+39 06 698 12345",
    "06 698 12345", "+54 9 11 2345 6789", "011 15-2345-6789", "+52 1 55 1234 5678", "044 55 1234 5678",
    "+98 (0) 912 345 6789", "0098 912 345 6789", "۰۹۱۲۳۴۵۶۷۸۹", "+9809123456789",
    "+375 8 029 123-45-67", "+38 (044) 123-45-67",
)  # fmt: skip


def examples() -> Iterator[tuple[str, phonenumbers.PhoneNumber]]:
    """(region, number that is right) of every region and network; a network has no region."""
    for region in REGIONS:
        for kind in KINDS:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                yield region, number
    for code in NETWORKS:
        number = phonenumbers.example_number_for_non_geo_entity(code)
        if number is not None:
            yield "US", number


def other_digits(random: Random, number: phonenumbers.PhoneNumber) -> phonenumbers.PhoneNumber:
    """A number of the same kind with other last digits, most of the time."""
    changed = phonenumbers.PhoneNumber()
    changed.merge_from(number)
    unit = 10 ** random.choice((0, 2, 4, 6))
    if number.national_number is not None and number.national_number > unit * 100:
        changed.national_number = number.national_number // unit * unit + random.randrange(unit)
    return changed


def plain(random: Random, region: str, number: phonenumbers.PhoneNumber) -> str:
    """One of the forms that libraries and switchboards produce."""
    inland = phonenumbers.national_significant_number(number)
    code = str(number.country_code)
    return random.choice(
        (
            *(phonenumbers.format_number(number, one) for one in FORMATS),
            *(phonenumbers.format_number(number, one) for one in FORMATS[:3]),
            phonenumbers.format_out_of_country_calling_number(number, random.choice((region, *REGIONS))),
            phonenumbers.format_out_of_country_calling_number(number, region),
            code + inland,
            "00" + code + inland,
            "+00" + code + inland,
            inland,
            "0" + inland,
            "8" + inland,
            f"+{code} (0) {inland}",
            f"+{code}0{inland}",
            f"({inland[:3]}) {inland[3:6]}-{inland[6:8]}-{inland[8:]}",
            f"+{code} ({inland[:3]}) {inland[3:6]}-{inland[6:8]}-{inland[8:]}",
        )
    )  # fmt: skip


def in_other_signs(random: Random, text: str) -> str:
    """Digits of another script, or other signs between them."""
    if random.random() < 0.4:
        return text.translate(str.maketrans("0123456789", random.choice(SCRIPTS)))
    separator = random.choice(SEPARATORS)
    return "".join(separator if sign in " -" else sign for sign in text)


def with_company(random: Random, text: str) -> str:
    """Words around it, an extension, or both."""
    before = random.choice(BEFORE) if random.random() < 0.5 else ""
    extension = random.choice(EXTENSIONS).format(
        random.choice((1, 12, 302, 4455, 123456, 12345678, 1234567890))
    )
    after = random.choice(AFTER) if random.random() < 0.5 else extension
    return before + text + after


def of_wrong_length(random: Random, text: str) -> str:
    """Some signs lost, doubled or added."""
    for _ in range(random.choice((1, 1, 2, 3, 5))):
        place = random.randrange(len(text) + 1)
        added = random.choice(("", "", str(random.randrange(10)), text[place : place + 2] * 2))
        text = text[:place] + added + text[place + (1 if added == "" else 0) :]
    return text


def with_wrong_start(random: Random, text: str) -> str:
    """A country code or prefix that is not the one."""
    start = random.choice(
        (
            "+",
            "++",
            "+0",
            "0",
            "00",
            "8",
            "+8",
            "1",
            "011",
            "810",
            "+999",
            "+21",
            f"+{random.randrange(1, 999)}",
            "8-10-",
            "9",
        )
    )
    return start + text.lstrip("+0")  # fmt: skip


def with_letters(random: Random, text: str) -> str:
    """A vanity number, or a letter by mistake."""
    count = random.choice((1, 2, 3, 4, 7))
    letters = "".join(random.choice("ABCDEFGHKLMNOPRSTUVWYZxo") for _ in range(count))
    return text[: len(text) - count] + letters


def next_to_another(random: Random, text: str) -> str:
    """Two numbers in one field."""
    region, number = random.choice(EXAMPLES)
    other = plain(random, region, number)
    return text + random.choice((", ", "; ", " / ", "\n", " и ", " or ", ",", "/", " ", " | ")) + other


EXAMPLES = tuple(examples())
NOISE: tuple[tuple[Callable[[Random, str], str], float], ...] = (
    (of_wrong_length, 0.2),
    (with_wrong_start, 0.12),
    (in_other_signs, 0.3),
    (with_letters, 0.06),
    (next_to_another, 0.06),
    (with_company, 0.2),
)


def phone_strings(count: int, seed: int) -> list[tuple[str | None, str]]:
    """(default region, text), as many as asked for, no two alike."""
    random = Random(seed)
    found: dict[tuple[str | None, str], None] = {}
    while len(found) < count:
        region, number = random.choice(EXAMPLES)
        text = plain(random, region, other_digits(random, number))
        for noise, share in NOISE:
            if random.random() < share:
                text = noise(random, text)
        if random.random() < 0.02:
            text = random.choice(JUNK)
        chance = random.random()
        default = region if chance < 0.7 else random.choice(REGIONS) if chance < 0.98 else None
        found[default, text] = None
    return list(found)
