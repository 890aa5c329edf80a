"""`python -m tests.dbt.forbidden_sql`: no model reads the clock or casts text to a timestamp by itself."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = ("models", "tests/dbt")
COMMENT = re.compile(r"--[^\n]*|\{#.*?#\}", re.DOTALL)
CLOCK = re.compile(
    r"\b(?:current_(?:timestamp|date|time)|localtimestamp|localtime|getdate|sysdate)\b|\b(?:now|today|get_current_timestamp)\s*\(",
    re.IGNORECASE,
)
# A written-out moment is no text that a CRM sent; a null has no offset to lose.
TIMESTAMP_CAST = re.compile(
    r"\b(?:try_)?cast\s*\((?!\s*(?:'[^']*'|null)\s+as\b)(?:[^()]|\([^()]*\))*?\bas\s+(?:timestamp\w*|datetime)\b"
    r"|::\s*(?:timestamp|datetime)"
    r"|\b(?:to_timestamp|strptime|try_strptime|parse_timestamp)\s*\(",
    re.IGNORECASE,
)
RULES = (
    (CLOCK, "reads the clock; a model depends on what was landed only"),
    (TIMESTAMP_CAST, "casts to a timestamp by itself; utc_timestamp() keeps the offset"),
)


@dataclass(frozen=True)
class Finding:
    """A place that breaks a rule."""

    file: str
    line: int
    text: str
    rule: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text!r} {self.rule}"


def findings(file: str, sql: str) -> list[Finding]:
    """What in one file breaks a rule; comments aside."""
    bare = COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment.group()), sql)
    return [
        Finding(file, bare.count("\n", 0, match.start()) + 1, " ".join(match.group().split()), rule)
        for pattern, rule in RULES
        for match in pattern.finditer(bare)
    ]


def main() -> int:
    """Print every finding; 1 if there is one."""
    files = sorted(path for folder in FOLDERS for path in (PROJECT / folder).rglob("*.sql"))
    found = [
        finding
        for path in files
        for finding in findings(str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8"))
    ]
    sys.stdout.write("".join(f"{finding}\n" for finding in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
