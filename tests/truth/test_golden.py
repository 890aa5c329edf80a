"""The golden records: their numbers, worked by hand, are those of the oracle and of the marts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracle.expected import KEYS, expected
from tests.truth import compare
from tests.truth.golden import REPORTING, connections
from tests.truth.golden_checks import differences

if TYPE_CHECKING:
    from tests.truth.conftest import Moment
    from tests.truth.warehouse import Warehouse


def test_the_oracle_gives_the_numbers_worked_by_hand() -> None:
    assert differences(expected(connections(), REPORTING)) == []


def test_the_marts_give_the_numbers_worked_by_hand(golden_warehouse: tuple[Warehouse, Moment]) -> None:
    assert differences(golden_warehouse[1].marts) == []


@pytest.mark.parametrize("model", KEYS)
def test_the_marts_equal_the_oracle_in_every_column(
    golden_warehouse: tuple[Warehouse, Moment], model: str
) -> None:
    moment = golden_warehouse[1]
    assert model in moment.marts, "there is no such mart"
    found = compare.differences(model, KEYS[model], moment.oracle[model], moment.marts[model])
    assert not found, compare.report(found)
