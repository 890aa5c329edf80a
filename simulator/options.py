"""What can be set about a served portal."""

from __future__ import annotations

from dataclasses import dataclass

KEY = "simulated-key"


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
    ignores_dates_with_offset: bool = False  # filters by an ISO date with an offset do nothing
    is_simple_mode: bool = False  # a portal without leads
    has_original_names: bool = True  # False: an old portal that ignores useOriginalUfNames
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
