from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.alerts.home import Found, Home

if TYPE_CHECKING:
    from tests.alerts.conftest import Look
    from tests.alerts.servers import Mailbox, Webhook

OWNERS = {"name": "owners", "to": "owner", "channel": "mail"}
ANALYST = {"name": "analyst", "to": "analyst", "channel": "chat"}


def test_the_first_look_is_one_summary_and_no_alert_per_issue(
    home: Home, look: Look, mailbox: Mailbox
) -> None:
    home.lands(*(Found(number, money=100) for number in range(30)), Found(50, "deal_stalled"))
    look(OWNERS)
    (letter,) = mailbox.to("anna@acme.test")
    text = mailbox.text("anna@acme.test")
    assert letter["subject"] == "Data quality: 31 open issues"
    assert "30  Deal without an amount (error), EUR\N{NO-BREAK SPACE}3,000 at risk" in text
    assert "3,000 at risk" in text
    assert "https://crm.test" not in text


def test_what_is_new_and_resolved_is_told_by_rule_with_a_link_and_money(
    home: Home, look: Look, mailbox: Mailbox
) -> None:
    home.lands(Found(1), Found(2), Found(9, "deal_stalled"))
    look(OWNERS)
    home.lands(Found(3, money=1500), Found(4, "deal_stalled", money=10), gone=[Found(1)])
    look(OWNERS)
    letter = mailbox.to("anna@acme.test")[-1]
    text, html = (mailbox.text("anna@acme.test", kind) for kind in ("plain", "html"))
    assert letter["subject"] == "Data quality: 2 new issues, 1 resolved"
    for part in (text, html):
        assert "https://crm.test/deal/3" in part
        assert "1,500" in part
        assert "fixed" in part
    assert text.index("Deal without an amount") < text.index("Stalled")


def test_the_same_news_are_never_sent_again(home: Home, look: Look, mailbox: Mailbox) -> None:
    home.lands(Found(1))
    look(OWNERS)
    home.lands(Found(2))
    for _ in range(3):
        look(OWNERS)
    home.lands()
    look(OWNERS)
    assert len(mailbox.to("anna@acme.test")) == 2


def test_an_owner_is_told_of_own_issues_and_a_department_of_its_people(
    home: Home, look: Look, mailbox: Mailbox
) -> None:
    routes = (
        OWNERS,
        {"name": "north", "to": "manager", "department": "North", "channel": "mail", "emails": "n@acme.test"},
        {"name": "all", "to": "manager", "department": "all", "channel": "mail", "emails": ["a@acme.test"]},
        {
            "name": "top",
            "to": "manager",
            "department": "Company",
            "channel": "mail",
            "emails": ["c@acme.test"],
        },
    )
    home.lands(Found(1, owner=1))
    look(*routes)
    home.lands(Found(2, owner=1), Found(3, owner=2))
    look(*routes)
    told = {
        address: [
            number for number in (2, 3) if f"/deal/{number}" in str(mailbox.to(f"{address}@acme.test")[-1])
        ]
        for address in ("anna", "boris", "n", "a", "c")
    }
    assert told == {"anna": [2], "boris": [3], "n": [2], "a": [2, 3], "c": [2, 3]}


def test_at_most_so_many_rows_and_a_count_of_the_rest(home: Home, look: Look, hook: Webhook) -> None:
    home.lands(Found(0), Found(100, "deal_stalled"))
    look(ANALYST)
    home.lands(*(Found(number, money=number) for number in range(1, 51)), Found(101, "deal_stalled"))
    look(ANALYST | {"max_rows": 5})
    text = hook.messages[-1]["message"]
    assert text.count("https://") == 5
    assert "and 46 more" in text
    assert "/deal/101" in text
    assert text.index("/deal/50") < text.index("/deal/49")


def test_what_came_and_went_untold_is_no_news_and_what_is_muted_waits(
    home: Home, look: Look, hook: Webhook
) -> None:
    quiet = ANALYST | {"quiet_hours": {"from": "00:00", "to": "23:59", "timezone": "UTC"}}
    home.lands(Found(1))
    look(ANALYST)
    home.lands(Found(2), Found(3))
    look(quiet)
    home.lands(gone=[Found(2)], muted=[Found(3)])
    for _ in range(2):
        look(ANALYST)
    assert len(hook.messages) == 1
    home.issues[Found(3).issue_key]["status"] = "open"
    home.lands()
    for _ in range(2):
        look(ANALYST)
    assert len(hook.messages) == 2
    assert "/deal/3" in hook.messages[-1]["message"]


def test_what_nobody_mended_is_not_told_as_resolved(home: Home, look: Look, hook: Webhook) -> None:
    home.lands(Found(1))
    look(ANALYST)
    home.lands(gone=[Found(1, resolution="rule_changed")])
    look(ANALYST)
    assert len(hook.messages) == 1


def test_at_once_sends_one_message_per_issue(home: Home, look: Look, hook: Webhook) -> None:
    route = ANALYST | {"mode": "at_once", "max_rows": 3}
    home.lands(Found(1))
    look(route)
    home.lands(*(Found(number) for number in range(2, 8)))
    look(route)
    titles = [message["title"] for message in hook.messages[1:]]
    assert titles == ["Data quality: 1 new issue"] * 3 + ["Data quality: 3 new issues"]


def test_severities_and_rules_are_filters(home: Home, look: Look, hook: Webhook) -> None:
    routes = (
        ANALYST | {"severities": ["warning", "info"]},
        ANALYST | {"name": "b", "rules": "deal_amount_missing"},
    )
    home.lands(Found(1), Found(2, "deal_stalled"))
    look(*routes)
    home.lands(Found(3), Found(4, "deal_stalled"))
    look(*routes)
    first, second = (message["message"] for message in hook.messages[2:])
    assert "/deal/4" in first
    assert "/deal/3" not in first
    assert "/deal/3" in second
    assert "/deal/4" not in second


def test_a_wider_filter_does_not_tell_what_it_let_pass_before(home: Home, look: Look, hook: Webhook) -> None:
    narrow = ANALYST | {"severities": "error"}
    home.lands(Found(1), Found(2, "deal_stalled"))
    look(narrow)
    home.lands(Found(4, "deal_stalled"))
    look(narrow)
    look(ANALYST)
    assert len(hook.messages) == 1


def test_a_rule_that_is_new_is_told_as_a_summary(home: Home, look: Look, hook: Webhook) -> None:
    home.lands(Found(1))
    look(ANALYST)
    home.lands(Found(2), *(Found(number, "deal_stalled") for number in range(10, 15)))
    look(ANALYST)
    text = hook.messages[-1]["message"]
    assert "5  Stalled deal" in text
    assert text.count("https://") == 1


def test_who_owns_something_for_the_first_time_is_told_what_was_there(
    home: Home, look: Look, mailbox: Mailbox
) -> None:
    home.lands(Found(1, owner=1), Found(2, owner=1))
    look(OWNERS)
    for key in (Found(1).issue_key,):
        home.issues[key] |= {"owner_key": "m:employee:2", "owner_name": "Борис"}
    home.lands(Found(3, owner=2))
    look(OWNERS)
    text = mailbox.text("boris@acme.test")
    assert "/deal/3" in text
    assert "1  Deal without an amount" in text


def test_who_gets_a_record_is_told_of_its_open_issues_once(home: Home, look: Look, mailbox: Mailbox) -> None:
    home.lands(Found(1), Found(9, owner=2))
    look(OWNERS)
    home.lands(passed_on=[Found(1, owner=2)])
    for _ in range(2):
        look(OWNERS)
    letter, text = mailbox.to("boris@acme.test")[-1], mailbox.text("boris@acme.test")
    assert letter["subject"] == "Data quality: 1 new issue"
    assert "/deal/1" in text
    assert "came with its record" in text
    assert "came with its record" in mailbox.text("boris@acme.test", "html")
    home.lands(gone=[Found(1, owner=2)])
    look(OWNERS)
    assert mailbox.to("boris@acme.test")[-1]["subject"] == "Data quality: 1 resolved"
    assert len(mailbox.to("boris@acme.test")) == 3
    assert len(mailbox.to("anna@acme.test")) == 1


def test_a_record_that_stays_with_their_people_is_no_news_to_managers(
    home: Home, look: Look, mailbox: Mailbox
) -> None:
    routes = [
        {"name": name.lower(), "to": "manager", "department": name, "channel": "mail", "emails": email}
        for name, email in (("Company", "c@acme.test"), ("North", "n@acme.test"), ("South", "s@acme.test"))
    ]
    home.lands(Found(1), Found(9, owner=2))
    look(*routes)
    home.lands(passed_on=[Found(1, owner=2)])
    look(*routes)
    assert [len(mailbox.to(f"{name}@acme.test")) for name in "cns"] == [1, 1, 2]


def test_a_record_that_is_back_before_anybody_was_told_is_no_news(
    home: Home, look: Look, mailbox: Mailbox
) -> None:
    quiet = OWNERS | {"quiet_hours": {"from": "00:00", "to": "23:59", "timezone": "UTC"}}
    home.lands(Found(1), Found(8), Found(9, owner=2))
    look(OWNERS)
    home.lands(Found(2), passed_on=[Found(1, owner=2), Found(8, owner=2)])
    look(quiet)
    home.lands(passed_on=[Found(1), Found(2, owner=2), Found(8)])
    home.lands(gone=[Found(8)])
    look(OWNERS)
    told = {name: mailbox.text(f"{name}@acme.test") for name in ("anna", "boris")}
    assert mailbox.to("anna@acme.test")[-1]["subject"] == "Data quality: 1 resolved"
    assert "/deal/8" in told["anna"]
    assert mailbox.to("boris@acme.test")[-1]["subject"] == "Data quality: 1 new issue"
    assert "/deal/2" in told["boris"]


def test_a_connection_that_comes_later_with_older_data_is_told_as_a_summary(
    home: Home, look: Look, hook: Webhook
) -> None:
    home.lands(Found(1))
    look(ANALYST)
    home.runs -= 1  # its clock is behind
    home.lands(Found(1, connection="u"), Found(2, connection="u"))
    home.runs += 1
    home.publish()
    look(ANALYST)
    assert "2  Deal without an amount" in hook.messages[-1]["message"]


def test_what_is_landed_but_not_published_waits(home: Home, look: Look, hook: Webhook) -> None:
    home.lands(Found(1))
    look(ANALYST)
    home.lands(Found(2), published=False)
    look(ANALYST)
    assert len(hook.messages) == 1
    home.publish()
    look(ANALYST)
    assert "/deal/2" in hook.messages[-1]["message"]


def test_no_names_and_values_of_contacts_unless_allowed(home: Home, look: Look, hook: Webhook) -> None:
    secret = Found(7, "contact_email_malformed", name="Ivan Secret", value="ivan@@secret.test")
    deal = Found(8, name="Call +7 (912) 345-67-89 or ivan@secret.test", value="x@secret.test")
    shown = ANALYST | {"name": "shown", "show_values": True}
    home.lands(Found(1), Found(1, "contact_email_malformed"))
    look(ANALYST, shown)
    home.lands(secret, deal)
    look(ANALYST, shown)
    hidden, told = (message["message"] for message in hook.messages[2:])
    assert "Contact 7" in hidden
    assert "https://crm.test/contact/7" in hidden
    assert not [part for part in ("Ivan", "secret", "345") if part in hidden]
    assert "Ivan Secret | ivan@@secret.test" in told


def test_html_is_escaped_and_only_web_addresses_are_links(home: Home, look: Look, mailbox: Mailbox) -> None:
    home.lands(Found(1))
    look(OWNERS)
    home.lands(Found(2, name="<img src=x onerror=alert(1)>", value="<b>", url="javascript:alert(1)"))
    look(OWNERS)
    html = mailbox.text("anna@acme.test", "html")
    assert "<img" not in html
    assert "<b>" not in html
    assert "javascript:" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_a_home_without_issues_says_nothing(home: Home, look: Look, hook: Webhook) -> None:
    assert not look(ANALYST).messages
    assert not hook.messages


@pytest.mark.parametrize(
    "phone",
    [
        "8\u2013916\u2013123\u201345\u201367",
        "8\u2011916\u2011123\u201145\u201167",
        "8 916 - 123 - 45 - 67",
        "+7 (916) \u2013 123 45 67",
        "8/916/1234567",
        "123-45-67",
        "(495) 123-45-67",
        "+79161234567",
    ],
)
def test_a_phone_in_a_title_is_blotted_out_however_it_is_written(
    home: Home, look: Look, hook: Webhook, phone: str
) -> None:
    home.lands(Found(1))
    look(ANALYST)
    home.lands(Found(2, name=f"Pump {phone} Acme"), Found(3, name="Pump 12.03.2026, 1 500 000"))
    look(ANALYST)
    assert "Pump *** Acme" in hook.messages[-1]["message"]
    assert "Pump 12.03.2026, 1 500 000" in hook.messages[-1]["message"]
