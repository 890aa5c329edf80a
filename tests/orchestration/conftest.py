from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration import cli
from orchestration.console import err, out
from orchestration.places import Places
from orchestration.publication import publish

MARTS = Path(__file__).with_name("marts.sql")
Dealhouse = Callable[[*tuple[str, ...]], tuple[int | str, str, str]]


def make_marts(database: Path) -> Path:
    """Hand-made marts of three deals in the shape that the models give them."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database)) as connection:
        connection.execute(MARTS.read_text(encoding="utf-8"))
    return database


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


@pytest.fixture(scope="session")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_marts(tmp_path_factory.mktemp("marts") / "dealhouse.duckdb")


@pytest.fixture
def published_home(places: Places) -> Places:
    """A home with one published version of the hand-made marts."""
    make_marts(places.next_database)
    publish(places, {}, None)
    return places


@pytest.fixture
def dealhouse(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> Dealhouse:
    """`dealhouse ARGUMENTS` in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEALHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DEALHOUSE_CONNECTIONS", raising=False)
    monkeypatch.setattr(out, "_width", 80)
    monkeypatch.setattr(err, "_width", 80)

    def run(*arguments: str) -> tuple[int | str, str, str]:
        monkeypatch.setattr("sys.argv", ["dealhouse", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capfd.readouterr()
        assert "Traceback" not in printed.err
        return ended.value.code or 0, printed.out, printed.err

    return run


@pytest.fixture
def home_with_reports(
    published_home: Places, monkeypatch: pytest.MonkeyPatch, dealhouse: Dealhouse
) -> Dealhouse:
    monkeypatch.setenv("DEALHOUSE_HOME", str(published_home.home))
    return dealhouse
