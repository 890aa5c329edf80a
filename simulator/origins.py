"""Where enquiries come from, and the traces that this leaves on records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator import client_words as words
from simulator.model import Origin, Value

if TYPE_CHECKING:
    from random import Random

NAMES = ("Call", "E-mail", "Website", "Advertising", "Partner", "Recommendation", "Trade show", "WhatsApp")
WEIGHTS = (20, 12, 25, 15, 8, 9, 5, 6)
ORIGINS = tuple(Origin(number, name) for number, name in enumerate(NAMES, start=1))
STAMPED = (3, 4)  # who came by the website or by advertising often carries UTM stamps
STAMPS = {
    "utm_source": words.UTM_SOURCES,
    "utm_medium": words.UTM_MEDIUMS,
    "utm_campaign": words.UTM_CAMPAIGNS,
    "utm_content": words.UTM_CONTENTS,
    "utm_term": words.UTM_TERMS,
}
NO_TRACES: dict[str, Value] = dict.fromkeys(("source", *STAMPS))


def traces(random: Random, share: float) -> dict[str, Value]:
    """The source and UTM stamps of a record; only a `share` of records has any."""
    if random.random() >= share:
        return dict(NO_TRACES)
    source = random.choices(ORIGINS, WEIGHTS)[0].number
    found: dict[str, Value] = {**NO_TRACES, "source": source}
    if source in STAMPED and random.random() < 0.6:
        found |= {name: random.choice(choices) for name, choices in STAMPS.items()}
    return found
