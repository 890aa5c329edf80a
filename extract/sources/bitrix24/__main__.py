"""`python -m extract.sources.bitrix24`."""

from extract.core.alone import command_of
from extract.sources.bitrix24 import SOURCE

if __name__ == "__main__":
    command_of(SOURCE)(prog_name="python -m extract.sources.bitrix24")
