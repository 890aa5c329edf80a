"""What people write into the comments of a contact; now and then a phone number that stands nowhere else."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.model import World

REMARKS = (
    "Prefers e-mail",
    "Звонить после 18:00, обед с 13 до 14",
    "Order 4500123 of 12.03.2026, 1 250 000,00 paid",
    "ИНН 7707083893, КПП 770701001",
    "Счёт № 8912 от 01.02.2026 на 890 000 руб.",
    "فقط صبح‌ها تماس بگیرید",
    "Met at the trade show 2026-01-29, stand 4-112-78",
    "IBAN DE89 3704 0044 0532 0130 00",
    "<div>Любит <b>скидки</b></div>",
)
# The number is one of a country wherever it is read.
WITH_NUMBER = (
    "Second phone {}",
    "Звонить на {}, спросить Анну",
    "<p>моб. {}</p>",
    "{} — WhatsApp",
    "[b]Tel.[/b] {}",
    "تلفن {}",
)
NUMBERS = (
    "+7 (903) {a:03d}-{b:02d}-{c:02d}",
    "+7 985 {a:03d} {b:02d} {c:02d}",
    "+49 151 2{a:03d}{b:02d}{c:02d}",
    "+98 935 {a:03d} {b:02d}{c:02d}",
    "+1 (415) 555-{b:02d}{c:02d}",
)


def comments(world: World, number: int) -> str | None:
    """The comments of a contact; it draws from a stream of its own."""
    random = Random(f"{world.seed}:comments:{number}")
    chance = random.random()
    if chance < 0.75:
        return None
    if chance < 0.93:
        return random.choice(REMARKS)
    return random.choice(WITH_NUMBER).format(hidden_number(world, number))


def hidden_number(world: World, number: int) -> str:
    """The telephone number that the comments of this contact would hold."""
    random = Random(f"{world.seed}:number in comments:{number}")
    drawn = {"a": random.randrange(1000), "b": random.randrange(100), "c": random.randrange(100)}
    return random.choice(NUMBERS).format(**drawn)
