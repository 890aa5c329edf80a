from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.alerts.channels import Result
from tests.alerts.home import Found, Home
from tests.alerts.servers import free_port

if TYPE_CHECKING:
    from tests.alerts.conftest import Look
    from tests.alerts.servers import Mailbox, Webhook

ANALYST = {"name": "analyst", "to": "analyst", "channel": "chat"}
OPERATORS = {"name": "operators", "to": "operators", "channel": "mail", "emails": "ops@acme.test"}


def test_a_failing_channel_is_tried_again_then_reported_and_its_news_go_out_once_it_works(
    home: Home, look: Look, hook: Webhook, mailbox: Mailbox
) -> None:
    home.lands(Found(1))
    look(ANALYST, OPERATORS)
    home.lands(Found(2))
    hook.status, hook.calls = 500, 0
    sending = look(ANALYST, OPERATORS)
    assert [sent.outcome.result for sent in sending.messages] == [Result.FAILED, Result.SENT]
    assert hook.calls == 3
    assert "Alerts do not get through" in mailbox.text("ops@acme.test")
    assert "500" in mailbox.text("ops@acme.test")
    look(ANALYST, OPERATORS)
    assert len(mailbox.to("ops@acme.test")) == 1

    hook.status = 200
    home.lands(Found(3))
    look(ANALYST, OPERATORS)
    assert [message["title"] for message in hook.messages[1:]] == ["Data quality: 2 new issues"]
    assert "Works again: Alerts do not get through" in mailbox.text("ops@acme.test")
    look(ANALYST, OPERATORS)
    assert len(hook.messages) == 2


def test_no_reason_tells_the_secret_of_an_address(home: Home, look: Look, hook: Webhook) -> None:
    home.lands(Found(1))
    hook.status = 404
    (sent,) = look(ANALYST).messages
    dead = {"chat": f"json://user:passw0rd@127.0.0.1:{free_port()}/t0ken-in-path?+X-Key=s3cr3tkey"}
    (unreachable,) = look(ANALYST, channels=dead).messages
    for reason in (sent.outcome.reason, unreachable.outcome.reason):
        assert reason
        assert not [word for word in ("s3cretpath", "passw0rd", "t0ken", "s3cr3tkey") if word in reason]


def test_a_refused_mailbox_does_not_repeat_the_letter_to_the_others(
    home: Home, look: Look, mailbox: Mailbox
) -> None:
    route = {"name": "heads", "to": "manager", "channel": "mail", "emails": ["a@acme.test", "b@acme.test"]}
    mailbox.refused = {"b@acme.test"}
    home.lands(Found(1))
    look(route)
    look(route)
    assert (len(mailbox.to("a@acme.test")), len(mailbox.to("b@acme.test"))) == (1, 0)
    mailbox.refused = set()
    look(route)
    assert (len(mailbox.to("a@acme.test")), len(mailbox.to("b@acme.test"))) == (1, 1)


def test_several_recipients_within_one_address_are_each_told_once(
    home: Home, look: Look, mailbox: Mailbox
) -> None:
    address = f"mailto://127.0.0.1:{mailbox.port}?from=d@acme.test&to=a@acme.test,b@acme.test"
    route = {"name": "heads", "to": "manager", "channel": "both"}
    mailbox.refused = {"b@acme.test"}
    home.lands(Found(1))
    look(route, channels={"both": address})
    mailbox.refused = set()
    look(route, channels={"both": address})
    assert [recipient for recipient, _ in mailbox.letters] == ["a@acme.test", "b@acme.test"]


def test_a_changed_password_makes_nobody_a_stranger(home: Home, look: Look, hook: Webhook) -> None:
    home.lands(Found(1))
    look(ANALYST)
    look(ANALYST, channels={"chat": f"json://127.0.0.1:{hook.port}/another/secret"})
    assert len(hook.messages) == 1


def test_a_channel_that_refuses_rests_until_the_next_run(home: Home, look: Look, hook: Webhook) -> None:
    hook.status = 503
    home.lands(Found(1))
    sending = look(*(ANALYST | {"name": f"r{number}"} for number in range(5)))
    assert (len(sending.messages), sending.resting, hook.calls) == (2, 3, 6)


def test_what_may_have_arrived_is_not_sent_again(
    home: Home, look: Look, hook: Webhook, mailbox: Mailbox
) -> None:
    slow = {
        "chat": f"json://127.0.0.1:{hook.port}/?rto=0.2",
        "mail": f"mailto://127.0.0.1:{mailbox.port}?from=d@acme.test&to={{email}}",
    }
    hook.delay = 1
    home.lands(Found(1))
    sending = look(ANALYST, OPERATORS, channels=slow)
    assert sending.messages[0].outcome.result is Result.UNKNOWN
    look(ANALYST, OPERATORS, channels=slow)
    assert hook.calls == 1
    assert "An alert may not have arrived; it is not sent again: analyst" in mailbox.text("ops@acme.test")
    assert len(mailbox.letters) == 1


def test_a_mail_server_that_is_away_keeps_the_letters_waiting(
    home: Home, look: Look, mailbox: Mailbox
) -> None:
    away = {"mail": f"mailto://127.0.0.1:{free_port()}?from=d@acme.test&to={{email}}"}
    owners = {"name": "owners", "to": "owner", "channel": "mail"}
    home.lands(Found(1), Found(2, owner=2))
    sending = look(owners, channels=away)
    assert {sent.outcome.result for sent in sending.messages} == {Result.FAILED}
    look(owners)
    assert sorted(recipient for recipient, _ in mailbox.letters) == ["anna@acme.test", "boris@acme.test"]


def test_owners_are_found_by_the_routes_map_then_by_their_mail_address(
    home: Home, look: Look, mailbox: Mailbox, hook: Webhook
) -> None:
    owners = {
        "Anna Petrova": "other@acme.test",
        "m:employee:2": f"json://127.0.0.1:{hook.port}/boris",
    }
    home.lands(*(Found(number, owner=number) for number in (1, 2, 3, 4)))
    routes = ({"name": "owners", "to": "owner", "channel": "mail", "owners": owners}, OPERATORS)
    look(*routes)
    assert sorted({recipient for recipient, _ in mailbox.letters}) == ["ops@acme.test", "other@acme.test"]
    assert len(hook.messages) == 1
    assert "Has issues, but no address to send them to: owners, Nobody" in mailbox.text("ops@acme.test")
    silenced = routes[0] | {"owners": owners | {"Nobody": None}}
    look(silenced, OPERATORS)
    assert "Works again: Has issues" in mailbox.text("ops@acme.test")


def test_a_long_digest_fits_a_channel_that_takes_little(home: Home, look: Look, hook: Webhook) -> None:
    home.lands(Found(1))
    look(ANALYST)
    home.lands(*(Found(number, name="T" * 100) for number in range(2, 400)))
    look(ANALYST | {"max_rows": 400})
    text = hook.messages[-1]["message"]
    assert len(text) < 32768
    assert "and 298 more" in text or "more" in text
