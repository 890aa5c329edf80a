"""What can be set about a served portal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

KEY = "simulated-key"


class Dates(StrEnum):
    """What filters of Bitrix24 make of an ISO date with an offset."""

    READ = "read"
    IGNORED = "ignored"  # the filter does nothing
    REFUSED = "refused"  # the request is wrong
    SHIFTED = "shifted"  # the offset is dropped, and the rest read as the portal's local time


@dataclass(frozen=True)
class Options:
    """The settings of a portal; the defaults are the documented behaviour of an ordinary plan."""

    quota_factor: float = 1.0  # multiplies every quota, rates and seconds alike
    latency_seconds: float | tuple[float, float] = (0.2, 0.3)
    payload_bytes: int | None = None  # pads each deal to about this size
    key: str = KEY
    missing_scopes: frozenset[str] = frozenset()
    # Bitrix24
    is_enterprise: bool = False
    hidden_owners: frozenset[int] = frozenset()  # employees whose records the webhook's user may not read
    dates_with_offset: Dates = Dates.READ
    is_simple_mode: bool = False  # a portal without leads
    has_original_names: bool = True  # False: an old portal that ignores useOriginalUfNames
    missing_methods: frozenset[str] = frozenset()  # old portals, and some plans
    scope_error: str = "insufficient_scope"  # how a method of a missing scope is refused
    command_error: str = "QUERY_LIMIT_EXCEEDED"  # with what the fault COMMAND_REFUSED refuses
    refuses_wordy_bounds: bool = False  # of keys; else they count as 0
    answers_batches: bool = True  # False: neither results nor errors
    tells_finish: bool = True  # `finish` among the times of an answer
    host_ahead_seconds: float = 0  # `start` and `finish` by another clock than the records
    unlisted_fields: frozenset[str] = frozenset()  # fields that no row of crm.item.list has
    untimed: frozenset[int] = frozenset()  # ids whose time of change is empty, in every list
    cut_pages: int = 0  # so many full pages of items come short by a row that vanished meanwhile
    gaps_in_pages: bool = False  # pages of items as maps, which is how PHP writes lists with gaps
    lists_all_statuses: bool = True  # False: crm.status.list wants to know of which dictionary
    refused_filters: frozenset[str] = frozenset()  # fields that no list can be filtered by
    ignored_filters: frozenset[str] = frozenset()  # fields whose conditions have no effect
    rebinds_silently: bool = False  # an activity that comes to hang on other records counts as unchanged
    uncounted: int = 0  # rows of dictionaries that are counted in `total`, and not shown
    knows_custom_select: bool = True  # False: "UF_*" is no field that could be selected
    has_options_in_fields: bool = True  # False: crm.item.fields names no options of enumerations
    page_seconds: float = 0.1  # modelled execution time of a page ...
    row_seconds: float = 0.001  # ... of each of its rows ...
    count_seconds_per_row: float = 0.00002  # ... and of each row counted for `total`
    operating_seconds: float = 480
    operating_window_seconds: float = 600  # documented; shorter in tests, where nobody can wait so long
    # HubSpot
    burst_per_ten_seconds: int = 100
    daily_limit: int = 250_000
    search_lag_seconds: float = 0
    search_cap: int = 10_000
    associations_page: int = 500  # links of one record in one answer
    tells_machine_time: bool = False  # the Date header is this machine's, whatever time the world has
    cursors: str = "id"  # how lists are paged: by "id", by "offset", or "opaque" with made-up ones refused
    lists_calculated: bool = True  # False: definitions leave out what HubSpot works out itself
    lead_refusal: str = ""  # what an account without leads says: a text is a 400, "404" is one
    has_millisecond_times: bool = False  # times of change and of versions are milliseconds since 1970
    tells_archived_at: bool = True
