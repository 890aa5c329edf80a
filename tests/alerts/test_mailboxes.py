from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.alerts.channels import Result
from orchestration.alerts.mailboxes import mailbox as mailbox_of
from tests.alerts import home as homes
from tests.alerts.home import Found, Home

if TYPE_CHECKING:
    from tests.alerts.conftest import Look
    from tests.alerts.servers import Mailbox, Webhook

OWNERS = {"name": "owners", "to": "owner", "channel": "mail"}
OPERATORS = {"name": "operators", "to": "operators", "channel": "chat"}


def employ(monkeypatch: pytest.MonkeyPatch, *emails: str) -> None:
    """Employees with these addresses, in the order in which routes go through them."""
    for number, email in enumerate(emails, 1):
        monkeypatch.setitem(homes.EMPLOYEES, f"m:employee:{number}", (f"P {number}", email, True, None))


def test_refused_mailboxes_keep_nobody_behind_them_waiting(
    home: Home, look: Look, mailbox: Mailbox, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    employ(monkeypatch, *(f"p{number}@acme.test" for number in (1, 2, 3, 4)))
    mailbox.refused = {"p1@acme.test", "p2@acme.test"}
    home.lands(*(Found(number, owner=number) for number in (1, 2, 3, 4)))
    sending = look(OWNERS, OPERATORS)
    assert [recipient for recipient, _ in mailbox.letters] == ["p3@acme.test", "p4@acme.test"]
    assert [sent.outcome.result for sent in sending.messages[:2]] == [Result.FAILED, Result.FAILED]
    assert sending.resting == 0
    assert hook.messages[0]["message"].count("550") == 2
    mailbox.refused = set()
    look(OWNERS, OPERATORS)
    assert sorted(recipient for recipient, _ in mailbox.letters[2:]) == ["p1@acme.test", "p2@acme.test"]


def test_chats_that_are_gone_keep_nobody_waiting(home: Home, look: Look, hook: Webhook) -> None:
    hook.status = 404
    home.lands(Found(1))
    routes = [{"name": f"r{number}", "to": "analyst", "channel": "chat"} for number in range(4)]
    assert (len(look(*routes).messages), hook.calls) == (4, 4)


def test_a_letter_goes_to_exactly_the_mailbox_of_the_owner(
    home: Home, look: Look, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    employ(monkeypatch, "Anna.P+crm@acme.test", "o'brien@acme.test", "ivan@почта.рф")
    home.lands(*(Found(number, owner=number) for number in (1, 2, 3)))
    look(OWNERS)
    told = [recipient for recipient, _ in mailbox.letters]
    assert told == ["anna.p+crm@acme.test", "o'brien@acme.test", "ivan@xn--80a1acny.xn--p1ai"]


def test_addresses_that_lead_nowhere_get_no_letter_and_are_told_to_operators(
    home: Home, look: Look, mailbox: Mailbox, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = ["a,b@acme.test", "ivan;petr@acme.test", "josé@acme.test", "ivan..x@acme.test"]
    employ(monkeypatch, *odd)
    home.lands(*(Found(number, owner=number) for number in (1, 2, 3, 4)))
    sending = look(OWNERS, OPERATORS)
    assert mailbox.letters == []
    assert [sent.route for sent in sending.messages] == ["operators"]
    assert [address for address in odd if address not in hook.messages[0]["message"]] == []


@pytest.mark.parametrize(
    "email",
    [
        "иван@почта.рф",
        "<ivan@acme.test>",
        "ivan@acme.test,",
        ".ivan@acme.test",
        "ivan@acme",
        "ivan@acme..test",
        "ivan@stra\N{LATIN SMALL LETTER SHARP S}e.test",
        "a@b@acme.test",
        '"a b"@acme.test',
        "",
    ],
)
def test_what_names_no_single_mailbox_is_none(email: str) -> None:
    assert mailbox_of(email) is None
