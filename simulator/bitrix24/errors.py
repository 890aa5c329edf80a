"""Errors as Bitrix24 words them."""

from __future__ import annotations


class BitrixError(Exception):
    """A refused call: HTTP status, code and text."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text

    def body(self) -> dict[str, str]:
        """The JSON of the refusal."""
        return {"error": self.code, "error_description": self.text}


def invalid(text: str) -> BitrixError:
    """A wrong parameter."""
    return BitrixError(400, "INVALID_ARG_VALUE", text)


def too_many_requests() -> BitrixError:
    """The portal's rate of requests is exceeded."""
    return BitrixError(503, "QUERY_LIMIT_EXCEEDED", "Too many requests")


def out_of_time() -> BitrixError:
    """A method has used up its execution time."""
    return BitrixError(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit")


def unauthorised() -> BitrixError:
    """No such webhook."""
    return BitrixError(401, "NO_AUTH_FOUND", "Wrong authorization data")


def scope_missing(code: str) -> BitrixError:
    """The webhook lacks the scope of a method."""
    return BitrixError(403, code, "The request requires higher privileges than provided by the webhook token")


def command_failed(code: str) -> BitrixError:
    """A command of a batch fails; with an empty code only the text says how."""
    statuses = {"QUERY_LIMIT_EXCEEDED": 503, "INTERNAL_SERVER_ERROR": 500}
    return BitrixError(statuses.get(code, 400), code, "The command failed")


def method_unknown() -> BitrixError:
    """No such method."""
    return BitrixError(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")


def entity_unsupported() -> BitrixError:
    """No such entity type."""
    return BitrixError(400, "ENTITY_TYPE_NOT_SUPPORTED", "Entity type is not supported")
