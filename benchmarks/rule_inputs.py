"""What the rules of data quality read, as expressions over the numbers of rows.

Names, addresses and numbers differ as they do in a real company: few first names, many last names, as many
addresses as contacts. One mailbox and one switchboard are shared by tens of thousands.
"""

from __future__ import annotations

MILLION = 1_000_000
CONTACT = "'one:contact:' || i"
FIRST_NAMES = (
    "['Анна', 'Сергей', 'Claire', 'Jonas', 'رضا', 'مریم', 'Zoë', 'Игорь', 'José', '李', 'Νίκος', 'Ann']"
)
LAST_NAMES = "['Ковалёв', 'Müller', 'محمدی', 'Petrov', 'O''Hara', 'van der Berg', 'Соловьёва', 'Παπάς']"
DIRTY_NAMES = "['test', 'иван', 'Клиент 5', '???', 'asdf', 'нет имени', 'van der berg', 'Guest']"
PHONES = "['+49 30 %s', '0%s', '+7 (912) %s', '+1-503-%s', '%s ext. 5', '٠٩١٢%s', '+98 912 %s']"
IS_DIRTY = "hash(i) % 40 = 0"
FIRST_NAME = (
    f"case when {IS_DIRTY} then {DIRTY_NAMES}[1 + i % 8] else {FIRST_NAMES}[1 + (i * 7 + i // 13) % 12] || "
    "case when i % 3 = 0 then '' else chr(cast(97 + i % 26 as integer)) || 'a' end end"
)
LAST_NAME = (
    f"case when i % 20 = 3 then null else {LAST_NAMES}[1 + i % 8] "
    "|| chr(cast(97 + i % 26 as integer)) || hash(i) % 20000 end"
)
EMAIL = (
    "case when i % 25 = 0 then 'info@shared.example' when i % 50 = 1 then 'person' || i || '@mail' "
    "when i % 30 = 2 then 'Person' || (i - 30) || '@client.example' "
    "when i % 40 = 3 then 'человек' || i || '@почта.example' else 'person' || i || '@client.example' end"
)
PHONE = (
    "case when i % 25 = 7 then '+49 30 1234567' "
    f"else replace({PHONES}[1 + i % 7], '%s', "
    "cast(1000000 + hash(i // 20 * 19 + i % 19) % 9000000 as varchar)) end"
)
POINT_TYPE = "case when i < 1000000 then 'email' else 'phone' end"

INPUTS: dict[str, tuple[int, dict[str, str]]] = {
    "int_contacts": (
        MILLION,
        {
            "contact_key": CONTACT,
            "first_name": FIRST_NAME,
            "last_name": LAST_NAME,
            "comments": "case when i % 10 = 0 then 'call +49 151 ' || (1000000 + i) || ' after six' "
            "when i % 10 = 1 then 'order ' || i || ' of 12.03.2026' end",
            "owner_key": "'one:employee:' || i % 50",
            "is_in_special_list": "false",
            "is_deleted": "false",
        },
    ),
    "dim_contacts": (
        MILLION,
        {
            "contact_key": CONTACT,
            "first_name": FIRST_NAME,
            "last_name": LAST_NAME,
            "contact_name": f"({FIRST_NAME}) || ' ' || ({LAST_NAME})",
            "company_key": "case when i % 2 = 0 then 'one:company:' || i // 6 end",
            "job_title": "case when i % 3 = 0 then 'Buyer' end",
            "owner_key": "'one:employee:' || i % 50",
            "phone": PHONE,
            "email": EMAIL,
        },
    ),
    "int_contact_points": (
        2 * MILLION,
        {
            "record_key": "'one:contact:' || i % 1000000",
            "record_type": "'contact'",
            "point_type": POINT_TYPE,
            "point_value": f"case when i < 1000000 then {EMAIL} else {PHONE} end",
            "position": "1 + i // 1000000",
        },
    ),
    "int_custom_fields": (
        2,
        {
            "custom_field_key": "'one:contact:' || ['UF_CRM_CITY', 'UF_CRM_NOTE'][1 + i]",
            "record_type": "'contact'",
            "field_code": "['UF_CRM_CITY', 'UF_CRM_NOTE'][1 + i]",
            "field_type": "'string'",
        },
    ),
    "int_custom_field_values": (
        MILLION,
        {
            "custom_field_key": "'one:contact:' || ['UF_CRM_CITY', 'UF_CRM_NOTE'][1 + i % 2]",
            "record_key": "'one:contact:' || i // 2 * 2",
            "record_type": "'contact'",
            "value_text": "'note ' || i",
        },
    ),
    "fct_deal_conditions": (
        MILLION,
        {
            "deal_key": "'one:deal:' || i",
            "record_key": "'one:deal:' || i",
            "status": "['open', 'won', 'lost'][1 + i % 3]",
            "owner_key": "'one:employee:' || i % 50",
            "stage_name": "'Stage ' || i % 6",
        },
    ),
    "fct_lead_conditions": (
        MILLION,
        {
            "lead_key": "'one:lead:' || i",
            "record_key": "'one:lead:' || i",
            "status": "['open', 'won', 'lost'][1 + i % 3]",
            "owner_key": "'one:employee:' || i % 50",
            "stage_name": "'Stage ' || i % 4",
        },
    ),
    "int_deals": (MILLION, {"deal_key": "'one:deal:' || i", "is_deleted": "false"}),
    "int_leads": (MILLION, {"lead_key": "'one:lead:' || i", "is_deleted": "false"}),
    "int_companies": (300_000, {"company_key": "'one:company:' || i", "is_deleted": "false"}),
    "int_activities": (3 * MILLION, {"activity_key": "'one:activity:' || i", "is_deleted": "false"}),
    "stg_bitrix24__rejects": (
        20_000,
        {
            "entity": "['deals', 'contacts', 'deal_stage_history', 'activities'][1 + i % 4]",
            "native_id": "i",
            "field": "'createdTime'",
            "value": "'soon ' || i",
        },
    ),
    "stg_hubspot__rejects": (0, {}),
    "stg_bitrix24__deal_stage_history": (
        MILLION,
        {"native_id": "i", "deal_id": "i", "unreadable_values": "case when i % 100 = 2 then 'x' end"},
    ),
    "stg_bitrix24__lead_stage_history": (
        MILLION,
        {"native_id": "i", "lead_id": "i", "unreadable_values": "case when i % 100 = 2 then 'x' end"},
    ),
}
# What a column holds by its type where nothing is said of it.
BY_TYPE = {
    "boolean": "hash(i) % {n} = 0",
    "bigint": "cast(hash(i) % (100000 * {n}) as bigint)",
    "decimal(28,6)": "cast(cast(hash(i) % 100000 as bigint) - 1000 as decimal(28, 6))",
    "date": "date '2024-01-01' + cast(i % 700 as integer)",
    "timestamp": "timestamp '2024-01-01' + to_minutes(i % 1000000)",
}
UNSAID = "null"


def made_columns(columns: dict[str, str], expressions: dict[str, str]) -> list[str]:
    """The list of a select that makes a table of these columns and types."""
    known = {"connection": "'one'"} | expressions
    return [
        f"cast({known.get(name) or BY_TYPE.get(kind, UNSAID).format(n=3 + place % 11)} as {kind}) as {name}"
        for place, (name, kind) in enumerate(columns.items())
    ]
