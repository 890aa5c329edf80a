"""Errors as HubSpot words them."""

from __future__ import annotations

from typing import Any

CORRELATION = "c033cdaa-2c40-4a64-ae48-{:012d}"


class HubSpotError(Exception):
    """A refused request: HTTP status, category, text, and whatever else the body holds."""

    def __init__(self, status: int, category: str | None, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.category = category
        self.message = message
        self.more = more

    def body(self, number: int) -> dict[str, Any]:
        """The JSON of the refusal; `number` makes its correlation id."""
        body = {"status": "error", "message": self.message, "correlationId": CORRELATION.format(number)}
        if self.category is not None:
            body["category"] = self.category
        return body | self.more


def invalid(message: str) -> HubSpotError:
    """A wrong request."""
    return HubSpotError(400, "VALIDATION_ERROR", message)


def not_found() -> HubSpotError:
    """No such path or record."""
    return HubSpotError(404, "OBJECT_NOT_FOUND", "resource not found")


def unauthorised() -> HubSpotError:
    """No token, or a wrong one."""
    return HubSpotError(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")


def missing_scope(scope: str) -> HubSpotError:
    """The token lacks a scope."""
    errors = [
        {
            "message": "One or more of the following scopes are required.",
            "context": {"requiredGranularScopes": [scope]},
        }
    ]
    return HubSpotError(
        403,
        "MISSING_SCOPES",
        "This app hasn't been granted all required scopes to make this call.",
        errors=errors,
        links={"scopes": "https://developers.hubspot.com/scopes"},
    )


def rate_limited(policy: str) -> HubSpotError:
    """Too many requests under one of the policies."""
    words = {"TEN_SECONDLY_ROLLING": "ten_secondly_rolling", "SECONDLY": "secondly", "DAILY": "daily"}
    message = f"You have reached your {words[policy]} limit."
    return HubSpotError(429, None, message, errorType="RATE_LIMIT", policyName=policy)
