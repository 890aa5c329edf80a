"""Regular expressions that find a person's values however they are written, in Python and in DuckDB."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestration.forgetting.person import Person

ERASED = "[erased]"
EMAIL, PHONE, CONTACT_POINT = "e-mail", "phone", "contact point"
_BETWEEN = "[\\s\u00a0().\\-/]{0,3}"
_OTHER_SCRIPTS = (str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"), str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
_SIGNIFICANT_DIGITS = 10  # of a phone: what stands before them is the country, or a trunk prefix


@dataclass(frozen=True)
class Value:
    """One value to look for: what kind, how it may be shown, and its pattern.

    Attributes:
        is_sure: Finding it means finding the person; a part of a name may be anybody's.
        parts: Patterns that stand in fields of their own in a record of somebody who bears that name.
        needles: Texts one of which stands wherever the pattern does; looking for them is a hundred times
            faster. None where signs may stand between.
    """

    kind: str
    shown: str
    pattern: str
    is_sure: bool = True
    parts: tuple[str, ...] = ()
    needles: frozenset[str] = frozenset()

    @property
    def patterns(self) -> tuple[str, ...]:
        """What must all stand in a capture of a contact, lead or company that holds the value."""
        return self.parts or (self.pattern,)

    def spans_in(self, content: bytes) -> list[tuple[int, int]]:
        """Where it stands in a file of unknown form: in UTF-8, where case means that of ASCII."""
        lowered = content.lower()
        if self.needles and not any(needle.encode().lower() in lowered for needle in self.needles):
            return []
        expression = re.compile(self.pattern.encode(), re.IGNORECASE)
        return [match.span() for match in expression.finditer(content)]


def values_of(person: Person) -> list[Value]:
    """Everything to look for."""
    found = [
        Value(EMAIL if "@" in text else CONTACT_POINT, _hidden(text), _literal(text), needles=_forms(text))
        for text in person.emails
    ]
    found += [Value(PHONE, _hidden(phone), _phone(phone)) for phone in person.phones]
    found += [_full(name) for name in person.full_names]
    found += [
        Value("part of a name", _hidden(piece), _literal(piece), is_sure=False, needles=_forms(piece))
        for piece in person.pieces
    ]
    return sorted(found, key=lambda value: (not value.is_sure, value.kind, value.shown))


def _full(name: tuple[str, ...]) -> Value:
    """Two of its parts side by side, in whichever order."""
    pairs = [(one, other) for one in name for other in name if one != other]
    pattern = "|".join(rf"{_literal(one)},?\s+{_literal(other)}" for one, other in pairs)
    needles = frozenset[str]().union(*map(_forms, name))
    return Value(
        "full name", " ".join(map(_hidden, name)), pattern, parts=tuple(map(_literal, name)), needles=needles
    )


def contact_pattern(person: Person) -> str | None:
    """Phones, e-mails and other contact points."""
    return _any(value.pattern for value in values_of(person) if value.kind in {EMAIL, PHONE, CONTACT_POINT})


def sure_pattern(person: Person) -> str | None:
    """Phones, e-mails and full names."""
    return _any(value.pattern for value in values_of(person) if value.is_sure)


def compiled(pattern: str) -> re.Pattern[str]:
    """For Python."""
    return re.compile(pattern, re.IGNORECASE)


def erased_in(value: Any, pattern: re.Pattern[str]) -> Any:
    """A payload in whose texts the pattern no longer stands; a number that matches becomes null."""
    if isinstance(value, dict):
        return {key: erased_in(item, pattern) for key, item in value.items()}
    if isinstance(value, list):
        return [erased_in(item, pattern) for item in value]
    if isinstance(value, str):
        return pattern.sub(ERASED, value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if is_number and pattern.fullmatch(str(value)) else value


def _any(patterns: Iterable[str]) -> str | None:
    return "|".join(f"(?:{pattern})" for pattern in patterns) or None


def _hidden(value: str) -> str:
    """Enough to recognise it, too little to learn it from a log."""
    kept = 2 if len(value) > 5 else 1
    return f"{value[:kept]}…{value[-kept:]}" if len(value) > 3 else "…"


def _literal(text: str) -> str:
    return "(?:" + "|".join(re.escape(form) for form in sorted(_forms(text))) + ")"


def _forms(text: str) -> frozenset[str]:
    """The text as it is, as JSON in ASCII writes it, and as HTML does."""
    cases = {text, text.lower(), text.title(), text.upper()}  # bytes know the case of ASCII only
    forms = cases | {escape(case) for case in cases}
    forms |= {json.dumps(case, ensure_ascii=is_ascii)[1:-1] for case in cases for is_ascii in (True, False)}
    return frozenset(forms)


def _phone(digits: str) -> str:
    """With any signs between its digits, in any of three scripts, and whatever country stands before it."""
    significant = digits[-_SIGNIFICANT_DIGITS:]
    written = _BETWEEN.join(significant)
    # Fewer digits may stand inside a longer number, which is something else.
    is_short = len(digits) < _SIGNIFICANT_DIGITS
    plain = rf"\b{written}\b" if is_short else rf"\+?(?:[0-9]{{1,3}}{_BETWEEN})?{written}"
    others = [_BETWEEN.join(significant.translate(script)) for script in _OTHER_SCRIPTS]
    return "|".join([plain, *others])
