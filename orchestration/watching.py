"""What a cycle tells whoever watches it; without a watcher nothing is told."""

from __future__ import annotations


class Watcher:
    """Told what a cycle does; the command line overrides this to show it."""

    def step(self, text: str) -> None:
        """A step begins."""

    def note(self, text: str) -> None:
        """Something worth a line that stays."""

    def warn(self, text: str) -> None:
        """Something that needs attention but stops nothing."""

    def read(self, connection: str, entity: str, records: int) -> None:
        """Records read so far of one entity."""

    def built(self, done: int, total: int) -> None:
        """Nodes of dbt finished so far."""
