from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from orchestration.alerts import words_en, words_ru
from orchestration.alerts.words import Words
from tests.alerts.home import Found, Home

if TYPE_CHECKING:
    from tests.alerts.conftest import Look
    from tests.alerts.servers import Mailbox

RUSSIAN = Words("ru", "RUB", "Europe/Moscow")
ENGLISH = Words("en", "EUR", "Europe/Berlin")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 новых проблем"),
        (1, "1 новая проблема"),
        (2, "2 новые проблемы"),
        (4, "4 новые проблемы"),
        (5, "5 новых проблем"),
        (11, "11 новых проблем"),
        (12, "12 новых проблем"),
        (14, "14 новых проблем"),
        (21, "21 новая проблема"),
        (22, "22 новые проблемы"),
        (25, "25 новых проблем"),
        (111, "111 новых проблем"),
        (121, "121 новая проблема"),
        (1003, "1\u00a0003 новые проблемы"),
    ],
)
def test_russian_counts(number: int, expected: str) -> None:
    assert RUSSIAN.counted("new_issues", number) == expected


def test_numbers_money_and_moments_are_those_of_the_language() -> None:
    amount, moment = Decimal("1234567.51"), datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
    assert RUSSIAN.money(amount) == "1\u00a0234\u00a0568\u00a0₽"
    assert Words("ru", "EUR", "UTC").money(amount) == "1\u00a0234\u00a0568\u00a0EUR"
    assert ENGLISH.money(amount) == "EUR\u00a01,234,568"
    assert ENGLISH.counted("new_issues", 1) == "1 new issue"
    assert ENGLISH.counted("new_issues", 1000) == "1,000 new issues"
    assert RUSSIAN.moment(moment) == "03.03.2026 00:30"
    assert ENGLISH.moment(moment) == "2026-03-02 22:30"


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert words_en.TEXTS.keys() == words_ru.TEXTS.keys()
    assert words_en.COUNTED.keys() == words_ru.COUNTED.keys()
    for key, text in words_en.TEXTS.items():
        assert places(text) == places(words_ru.TEXTS[key]), key


def test_a_russian_digest_is_russian_to_its_end(home: Home, look: Look, mailbox: Mailbox) -> None:
    route = {"name": "owners", "to": "owner", "channel": "mail"}
    home.lands(Found(1), Found(2, "contact_email_malformed"))
    look(route, language="ru")
    home.lands(
        Found(3, money=2500, name="Насос"), Found(4, "contact_email_malformed"), Found(5), gone=[Found(1)]
    )
    look(route, language="ru")
    first, second = (
        str(letter.get_body(("plain",)).get_content())  # type: ignore[union-attr]
        for letter in mailbox.to("anna@acme.test")
    )
    assert mailbox.to("anna@acme.test")[1]["subject"] == "Качество данных: 3 новые проблемы, 1 решена"
    for part in ("Сделка без суммы (ошибка)", "под угрозой 2\u00a0500\u00a0EUR", "Контакт 4", "| исправлено"):
        assert part in second
    assert "Уже открыты" in first
