"""dlt sends nothing home: its first configuration already would."""

from __future__ import annotations

import subprocess
import sys

from orchestration.places import PROJECT

ASKED = """
import sys
from pathlib import Path
from extract.core.lake import Lake
from extract.core.pipeline import Landing
from extract.core.settings import Connection
from dlt.common.runtime import anon_tracker
connection = Connection(name="north", crm="bitrix24", url="http://127.0.0.1:9/rest/1/x/")
Landing(connection, Lake(Path(sys.argv[1])))
print(anon_tracker._ANON_TRACKER_ENDPOINT)
"""


def test_a_landing_starts_no_telemetry(tmp_path: object) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED, str(tmp_path)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "None\n"
