"""`python -m extract.sources.hubspot`."""

from extract.core.alone import command_of
from extract.sources.hubspot import SOURCE

if __name__ == "__main__":
    command_of(SOURCE)(prog_name="python -m extract.sources.hubspot")
