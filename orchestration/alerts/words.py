"""Every text of an alert, in English and Russian, with the plurals and the numbers of each language."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from orchestration.alerts.words_en import COUNTED as EN_COUNTED
from orchestration.alerts.words_en import TEXTS as EN_TEXTS
from orchestration.alerts.words_ru import COUNTED as RU_COUNTED
from orchestration.alerts.words_ru import TEXTS as RU_TEXTS

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from orchestration.alerts.routes import Language

HARD = "\N{NO-BREAK SPACE}"
_RUBLE = {"RUB": "₽"}


class Words:
    """The words of one language."""

    def __init__(self, language: Language, currency: str, zone: str) -> None:
        self.language = language
        self._is_russian = language == "ru"
        self._texts = RU_TEXTS if self._is_russian else EN_TEXTS
        self._currency, self._zone = currency, ZoneInfo(zone)

    def __call__(self, key: str, **values: str) -> str:
        """The text of a key."""
        return self._texts[key].format(**values)

    def counted(self, key: str, number: int) -> str:
        """A number and what it counts: 1 issue, 2 issues; 1 проблема, 2 проблемы, 5 проблем."""
        forms = RU_COUNTED[key] if self._is_russian else EN_COUNTED[key]
        form = russian_form(number) if self._is_russian else int(number != 1)
        return forms[form].format(n=self.number(number))

    def number(self, number: int) -> str:
        """1,234 or 1 234, the thousands apart."""
        return f"{number:,}".replace(",", HARD) if self._is_russian else f"{number:,}"

    def money(self, amount: Decimal) -> str:
        """Whole units: nobody at risk counts cents."""
        whole = self.number(round(amount))
        if self._is_russian:
            return f"{whole}{HARD}{_RUBLE.get(self._currency, self._currency)}".strip()
        return f"{self._currency}{HARD}{whole}".strip()

    def moment(self, moment: datetime) -> str:
        """A moment of UTC in the zone of the company's reports."""
        local = moment.replace(tzinfo=UTC).astimezone(self._zone)
        return f"{local:%d.%m.%Y %H:%M}" if self._is_russian else f"{local:%Y-%m-%d %H:%M}"


def russian_form(number: int) -> int:
    """0 as after 1 and 21, 1 as after 2 to 4 and 22, 2 as after 0, 5 and 11 to 14."""
    if number % 100 in range(11, 15):
        return 2
    return {1: 0, 2: 1, 3: 1, 4: 1}.get(number % 10, 2)
