"""A run that breaks beside its steps: told like any other that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.cycle import Cycle
from orchestration.running import RunError, run_cycle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.alerts.home import Home
    from tests.alerts.servers import Webhook

SETTINGS = """
reporting: {currency: EUR, timezone: Europe/Berlin}
connections:
  - {name: us, crm: hubspot, url: "http://127.0.0.1:9", token: none}
"""


def test_a_torn_file_of_the_lake_is_told_to_operators(
    home: Home,
    hook: Webhook,
    alerts_file: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings, folder = tmp_path / "connections.yml", home.places.own_lake / "dq_rules"
    settings.write_text(SETTINGS, encoding="utf-8")
    folder.mkdir(parents=True)
    (folder / "torn.parquet").write_bytes(b"PAR1 to")
    monkeypatch.setenv("DEALHOUSE_CONNECTIONS", str(settings))
    operators = {"name": "operators", "to": "operators", "channel": "chat"}
    monkeypatch.setenv("DEALHOUSE_ALERTS", str(alerts_file(operators)))
    monkeypatch.delenv("DEALHOUSE_RULES")
    with pytest.raises(RunError, match="The run failed: "):
        run_cycle(Cycle(home.folder, is_one_process=True))
    assert "Traceback" in (home.places.logs / "run.log").read_text(encoding="utf-8")
    assert "The run failed" in hook.messages[0]["message"]
