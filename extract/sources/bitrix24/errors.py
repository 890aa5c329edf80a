"""What Bitrix24's error codes mean for us (crm sheet, section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.core.errors import (
    AuthenticationError,
    MissingScopeError,
    NotAvailableError,
    PortalError,
    RefusedRequestError,
    SourceError,
    ThrottledError,
    TransientError,
    UnreadableReplyError,
)

if TYPE_CHECKING:
    from extract.core.http import Reply

NO_RIGHT = {
    *("insufficient_scope", "invalid_credentials", "access_denied", "user_access_error"),
    "allowed_only_intranet_user",
}
BROKEN = {"internal_server_error", "error_unexpected_answer"}  # inside a batch they come with 200
PASSING = {408, 425, 429}  # what gateways answer when they want to be asked again
NO_METHOD = "error_method_not_found"
NOT_HERE = {"entity_type_not_supported", NO_METHOD, "not_found"}
BAD_TOKEN = {"no_auth_found", "expired_token", "invalid_token", "wrong_auth_type"}


class OperationTimeError(ThrottledError):
    """A method has used up its execution time; other methods go on."""

    attempts = 1  # the pacer waits, not the retry loop


class NoMethodError(NotAvailableError):
    """The portal does not know the method at all."""


def judge(reply: Reply, where: str) -> None:
    """Raise what the reply means, unless it is good."""
    body = reply.body
    if reply.status < 400 and isinstance(body, dict) and "result" in body and not body.get("error"):
        return
    if not isinstance(body, dict) or "error" not in body:
        raise _unexplained(reply.status, where)
    raise explain(reply.status, body["error"], str(body.get("error_description") or ""), where)


def explain(status: int, code: Any, description: str, where: str) -> SourceError:
    """The error behind a code; `code` may be empty or a number, then the description decides."""
    known = str(code or "").lower()
    description = description.rstrip(". ")
    if known == "query_limit_exceeded":
        return ThrottledError(
            "the portal asks for fewer requests.", where, "Try again later.", is_for_all=True
        )
    if known == "operation_time_limit":
        return OperationTimeError("the method has used up its execution time.", where, "Try again later.")
    if known == "overload_limit":
        return PortalError(
            "Bitrix24 has blocked this portal's REST for overload.", where, "Contact Bitrix24 support."
        )
    if known == "portal_deleted":
        return PortalError("the portal is closed.", where, "Remove the connection from connections.yml.")
    # With 403 it is about one method only; with 401 nothing else will be allowed either.
    if known in BAD_TOKEN or (status == 401 and known == "invalid_credentials"):
        return AuthenticationError(
            "the webhook is not accepted.", where, "Make a new incoming webhook and put its address in url."
        )
    return _about_the_request(status, known, description, where)


def _about_the_request(status: int, known: str, description: str, where: str) -> SourceError:
    if "https required" in description.lower():
        return PortalError("the portal wants to be asked over TLS.", where, "Write url with https://.")
    if known in NO_RIGHT or "access denied" in description.lower():
        scopes = "Give the webhook the scopes crm, user, department and task; let an administrator own it."
        return MissingScopeError(f"not allowed: {description or known}.", where, scopes)
    if known in NOT_HERE:
        kind = NoMethodError if known == NO_METHOD else NotAvailableError
        return kind(f"this portal does not have it: {description or known}.", where)
    if status >= 500 or status in PASSING or known in BROKEN:
        return TransientError(
            f"the portal failed ({status}): {description or known}.", where, "Try again later."
        )
    return RefusedRequestError(
        f"the portal refused the request ({status}): {description or known}.", where, "Please report it."
    )


def _unexplained(status: int, where: str) -> SourceError:
    if status in {401, 403}:
        return AuthenticationError(
            f"the webhook is not accepted ({status}).", where, "Check url in connections.yml."
        )
    if status in {404, 410}:
        return PortalError(
            f"there is no Bitrix24 REST here ({status}).", where, "Check url in connections.yml."
        )
    if status in PASSING or status >= 500:
        return TransientError(f"the portal failed ({status}).", where, "Try again later.")
    return UnreadableReplyError("the reply is no Bitrix24 envelope.", where, "Check url in connections.yml.")
