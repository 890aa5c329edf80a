"""`python -m tests.dbt.phone_metadata`: writes what SQL knows of telephone numbers, after libphonenumber.

The patterns of libphonenumber are regular expressions, one per region. SQL compiles a pattern that stands in
a column for every row anew, so they are written out here as plain leading digits.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberDesc

from tests.dbt.phone_patterns import Number, leading_digits, prefix_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEDS = Path(__file__).parents[2] / "seeds"
REGIONS = SEEDS / "phone_regions.csv"
PREFIXES = SEEDS / "phone_prefixes.csv"
LONGEST = 17
REGION_COLUMNS = (
    "region",
    "calling_code",
    "main_region",
    "international_prefix",
    "national_prefix",
    "length_verdicts",
    "number_starts",
)
PREFIX_COLUMNS = (
    "prefix_type",
    "region",
    "leading_digits",
    "shortest",
    "longest",
    "dropped_digits",
    "kept_from",
    "kept_digits",
    "inserted_digits",
)
Row = tuple[str | int | None, ...]


def regions() -> list[PhoneMetadata]:
    """Metadata of every region, and of the networks that belong to none."""
    found = [PhoneMetadata.metadata_for_region(name, None) for name in sorted(phonenumbers.SUPPORTED_REGIONS)]
    found += [
        PhoneMetadata.metadata_for_nongeo_region(code, None)
        for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
    ]
    return [metadata for metadata in found if metadata is not None]


def name_of(metadata: PhoneMetadata) -> str:
    """Code of a region; a network without one goes by its calling code."""
    return str(metadata.country_code if metadata.id == "001" else metadata.id)


def region_rows() -> Iterator[Row]:
    """Rows of phone_regions."""
    for metadata in regions():
        name, code = name_of(metadata), metadata.country_code
        main = str(code) if metadata.id == "001" else phonenumbers.region_code_for_country_code(code or 0)
        international, _ = prefix_rules(metadata.international_prefix, None)
        national, _ = prefix_rules(metadata.national_prefix_for_parsing, _transform(metadata))
        yield name, code, main, international, national, verdicts(metadata), starts(metadata)


def prefix_rows() -> Iterator[Row]:
    """Rows of phone_prefixes."""
    for metadata in regions():
        sources = (
            ("international", metadata.international_prefix, None),
            ("national", metadata.national_prefix_for_parsing, _transform(metadata)),
        )
        for prefix_type, pattern, transform in sources:
            for rule in prefix_rules(pattern, transform)[1]:
                yield prefix_type, name_of(metadata), *_cells(rule)


def _general(metadata: PhoneMetadata) -> PhoneNumberDesc:
    if metadata.general_desc is None:
        raise ValueError(metadata.id)
    return metadata.general_desc


def _transform(metadata: PhoneMetadata) -> str | None:
    return metadata.national_prefix_transform_rule


def _cells(rule: Number) -> Row:
    change = rule.change
    bounds = (rule.leading, rule.shortest, rule.longest)
    return *bounds, change.dropped, change.kept_from, change.kept, change.inserted or None


def verdicts(metadata: PhoneMetadata) -> str:
    """A letter for numbers of 1, 2, ... digits: possible, local only, too short, too long or in between."""
    lengths, local = _general(metadata).possible_length, _general(metadata).possible_length_local_only
    return "".join(
        "L" if count in local
        else "P" if count in lengths
        else "S" if count < lengths[0]
        else "T" if count > lengths[-1]
        else "I"
        for count in range(1, LONGEST + 2)
    )  # fmt: skip


def starts(metadata: PhoneMetadata) -> str:
    """`count:digits` of everything that the pattern of the region's numbers fits."""
    pattern = _general(metadata).national_number_pattern or ""
    found = (f"{count}:{digits}" for count, digits in leading_digits(pattern, LONGEST))
    return " ".join(("", *found, ""))


def write(path: Path, columns: tuple[str, ...], rows: Iterator[Row]) -> None:
    """One seed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def main(folder: Path = SEEDS) -> None:
    """Both seeds."""
    write(folder / REGIONS.name, REGION_COLUMNS, region_rows())
    write(folder / PREFIXES.name, PREFIX_COLUMNS, prefix_rows())


if __name__ == "__main__":
    main()
