"""Portals write the secret of the webhook into links to files: it is not landed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from extract.core.redaction import Redaction
from extract.sources.bitrix24.items import without_links
from simulator.identifiers import bitrix24 as ids
from tests.extract.portals import SECRET, portal

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.model import World

LINKED = {"id": 7, "url": "/show_file.php?fileId=7", "urlMachine": "https://x/rest/1/s/getFile/?token=1"}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (LINKED, 7),
        ([LINKED, LINKED | {"id": 8}], [7, 8]),
        ([], []),
        ({"id": 7}, {"id": 7}),
        (["D_12", 3, None], ["D_12", 3, None]),
        ("7", "7"),
    ],
)
def test_of_a_file_its_id_is_kept_and_all_else_as_it_is(value: object, kept: object) -> None:
    assert without_links({"id": 1, "UF_CRM_1": value}) == {"id": 1, "UF_CRM_1": kept}


def test_deals_with_files_are_no_changed_deals_and_hold_no_secret(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle(entities=["deals"])
        read = tried.present("deals")
        assert any(deal[ids.OFFER_FIELD] for deal in read.values())
        assert any(len(deal[ids.SCANS_FIELD]) == 2 for deal in read.values())
        assert tried.cycle(entities=["deals"], from_scratch=True)["deals"].rows == 0
        assert SECRET not in str(tried.landed("deals"))


def test_a_secret_in_a_reply_is_blotted_out_unless_it_could_be_a_word() -> None:
    body = b'{"link":"https://x/rest/1/abcd1234/","word":"short"}'
    cleaned = Redaction([SecretStr("abcd1234"), SecretStr("short")]).cleaned(body)
    assert cleaned == b'{"link":"https://x/rest/1/***/","word":"short"}'
