"""E-mail addresses as letters need them: one mailbox, which nothing on the way reads otherwise."""

from __future__ import annotations

import re

# Told apart from an apprise address by what it lacks.
IS_EMAIL = re.compile(r"[^@\s/:]+@[^@\s/:]+\.[^@\s/:]+")
# No sign of it parts or quotes anything in any service.
PLAIN_EMAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}", re.IGNORECASE)


def mailbox(email: str) -> str | None:
    """The address of the one mailbox that an address names; None where it names none, or maybe several.

    A domain of another alphabet is written as mail servers know it. Letters of other alphabets before the @
    would need a server that takes them, which nobody can tell from here.
    """
    local, _, domain = email.strip().rpartition("@")
    if not domain.isascii():
        domain = _ascii_domain(domain)
    is_right = _LOCAL.fullmatch(local) and len(local) <= 64 and _DOMAIN.fullmatch(domain)
    return f"{local}@{domain}" if is_right else None


def _ascii_domain(domain: str) -> str:
    """Empty for a domain that is none, or that two standards write in two ways."""
    try:
        written = domain.encode("idna").decode("ascii")
        is_plain = written.encode("ascii").decode("idna") == domain.lower()
    except UnicodeError:
        return ""
    return written if is_plain else ""
