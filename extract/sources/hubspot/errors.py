"""What HubSpot's statuses and categories mean for us (crm sheet, section 7)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from extract.core.errors import (
    AuthenticationError,
    DailyLimitError,
    MissingScopeError,
    NotAvailableError,
    PortalError,
    RefusedRequestError,
    SourceError,
    ThrottledError,
    TransientError,
    UnreadableReplyError,
)
from extract.core.http import retry_after
from extract.core.patience import LONGEST_WAIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.http import Reply

LOCKED_SECONDS = 2.0
NOT_IN_ACCOUNT = "infer object type"


def judge(reply: Reply, where: str) -> None:
    """Raise what the reply means, unless it is good."""
    if reply.status < 400:
        if not isinstance(reply.body, dict):
            raise UnreadableReplyError("the reply is no JSON object.", where, "Check url in connections.yml.")
        return
    if reply.status in {401, 403, 404} and not isinstance(
        reply.body, dict
    ):  # HubSpot itself gives its reasons
        raise UnreadableReplyError(f"something refused it ({reply.status}).", where, "Check url and network.")
    body = reply.body if isinstance(reply.body, dict) else {}
    wait = retry_after(reply.headers)
    if reply.status == 429:
        raise _throttled(body, wait, where)
    raise _about_the_request(reply.status, body, where) or _failed(reply.status, wait, where)


@contextmanager
def absent_if_refused(*, is_meant: bool) -> Iterator[None]:
    """Take a refusal for the absence of a type of objects: accounts without it word that in several ways."""
    try:
        yield
    except RefusedRequestError as error:
        if is_meant:
            raise NotAvailableError(error.what, error.where, error.next_step) from None
        raise


def _throttled(body: dict[str, Any], wait: float | None, where: str) -> SourceError:
    if body.get("policyName") == "DAILY" or "daily" in str(body.get("message")).lower():
        return DailyLimitError(
            "the account's requests of today are used up.",
            where,
            "The counter starts anew at midnight in the account's time zone; the next run resumes here.",
        )
    return ThrottledError(
        "the account asks for fewer requests.", where, "Try again later.", wait_seconds=wait, is_for_all=True
    )


def _about_the_request(status: int, body: dict[str, Any], where: str) -> SourceError | None:
    message = str(body.get("message") or "no reason given")
    if status == 401:
        return AuthenticationError("the token is not accepted.", where, "Put a valid one in token.")
    if status == 530:
        return AuthenticationError("the token is malformed.", where, "Put a valid one in token.")
    if status == 403:
        scopes = ", ".join(_scopes(body))
        advice = (
            f"Give the token the scopes {scopes}." if scopes else "Check the token's scopes and the plan."
        )
        return MissingScopeError(f"not allowed: {message}", where, advice)
    if status == 404 or (status == 400 and NOT_IN_ACCOUNT in message):
        return NotAvailableError(f"this account does not have it: {message}", where)
    if status in {400, 405, 409, 414, 415, 422}:
        return RefusedRequestError(f"HubSpot refused the request ({status}): {message}", where)
    return None


def _scopes(body: dict[str, Any]) -> list[str]:
    contexts = [error.get("context", {}) for error in body.get("errors") or [] if isinstance(error, dict)]
    return sorted({scope for context in contexts for scope in context.get("requiredGranularScopes", [])})


def _failed(status: int, wait: float | None, where: str) -> SourceError:
    if status == 477:
        if wait is None or wait > LONGEST_WAIT:
            return PortalError("the account is being moved between data centres.", where, "Try again later.")
        return ThrottledError("the account is being moved.", where, "Try again later.", wait_seconds=wait)
    if status == 423:
        return TransientError(
            "the account is locked.", where, "Try again.", wait_seconds=wait or LOCKED_SECONDS
        )
    if status >= 500:
        return TransientError(f"HubSpot failed ({status}).", where, "Try again later.", wait_seconds=wait)
    return RefusedRequestError(f"HubSpot refused the request ({status}).", where)
