"""Everything that can go wrong, for people: what happened, where, and what to do next.

    DealhouseError
    +-- SettingsError              connections.yml, .env, the environment
    +-- LakeError                  the data home
    +-- SourceError                a CRM
        +-- TransientError         the same request may succeed later
        |   +-- ThrottledError     the CRM asks to wait
        |   +-- UnreadableReplyError  the reply is cut, not JSON, or HTML
        +-- TerminalError          the same request will fail again
            +-- RefusedRequestError   the CRM calls the request wrong
            +-- MissingScopeError     this entity may not be read
            +-- NotAvailableError     this portal lacks this entity
            +-- UnlikelyLossError     a sweep would remove an unlikely share
            +-- PortalError        concerns the whole connection
                +-- AuthenticationError
                +-- DailyLimitError

No message, and no exception behind one, carries an address with a secret in it: requests' own exceptions do,
so they are never chained.
"""

from __future__ import annotations


class DealhouseError(Exception):
    """What happened, where, and what to do next; `str()` is the text for the user."""

    def __init__(self, what: str, where: str = "", next_step: str = "") -> None:
        self.what = what
        self.where = where
        self.next_step = next_step
        super().__init__(what, where, next_step)

    def __str__(self) -> str:
        location = f"{self.where}: " if self.where else ""
        advice = f" {self.next_step}" if self.next_step else ""
        return f"{location}{self.what}{advice}"


class SettingsError(DealhouseError):
    """connections.yml, `.env` or the environment is not right."""


class LakeError(DealhouseError):
    """The data home cannot be read or written."""


class SourceError(DealhouseError):
    """A CRM did not give what was asked for.

    `entities`: those it concerns; none: all that its stream lands.
    """

    entities: frozenset[str] = frozenset()


class TransientError(SourceError):
    """The same request may succeed later.

    `wait_seconds` is what the CRM asked for, if it did; `is_for_all`: other requests would be refused too.
    """

    attempts = 6

    def __init__(
        self,
        what: str,
        where: str = "",
        next_step: str = "",
        *,
        wait_seconds: float | None = None,
        is_for_all: bool = False,
    ) -> None:
        super().__init__(what, where, next_step)
        self.wait_seconds = wait_seconds
        self.is_for_all = is_for_all


class ThrottledError(TransientError):
    """The CRM asks to wait: expected under load, so tried for longer."""

    attempts = 30


class UnreadableReplyError(TransientError):
    """A reply that is cut, not JSON, or an HTML page of a gateway."""


ODD_RECORDS = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What reading a record raises that is not as all others are."""


def unexpected_shape(error: Exception, where: str) -> UnreadableReplyError:
    """A record that lacks what all records have."""
    what = f"a record has an unexpected shape ({type(error).__name__}: {error})."
    return UnreadableReplyError(what, where, "Please report it.")


class TerminalError(SourceError):
    """The same request will fail again."""


class RefusedRequestError(TerminalError):
    """The CRM calls the request wrong."""


class MissingScopeError(TerminalError):
    """This entity may not be read with these rights."""


class NotAvailableError(TerminalError):
    """This portal does not have this entity."""


class UnlikelyLossError(TerminalError):
    """So much vanished at once that lost rights are likelier than deletes."""


class PortalError(TerminalError):
    """Nothing of this connection can be read."""


class AuthenticationError(PortalError):
    """The token, webhook or its owner is not accepted."""


class DailyLimitError(PortalError):
    """The day's requests are used up; the next run resumes where this one stopped."""
