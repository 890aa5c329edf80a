{# Whether a word before a run of digits says that it is a telephone number. #}
{% macro is_phone_announced(mention) -%}
    {%- set russian = "тел|моб|сот[. ]|сотов|(?:по|пере)?звон|набр|вотсап|ватсап|вацап|вайбер|телеграм|смс|факс" -%}
    {%- set english = (
        "tel|phone|mob|cell|call|ring|fax|whats|viber|signal|sms|wa[: ]"
    ) -%}
    {%- set others = "fon|handy|mobil|rückruf|anruf|móvil|portable|تلفن|موبایل|همراه|تماس|واتساپ|هاتف|جوال" -%}
    {%- set words = "(?:" ~ [russian, english, others] | join("|") ~ ")" -%}
    {{ text_matches("lower(" ~ mention ~ ")", "(?:^|[^\\p{L}])" ~ words) }}
{%- endmacro %}

{# Whether a word before a run of digits says that it may well be a telephone number, unless another says what else. #}
{% macro is_phone_suggested(mention) -%}
    {%- set words = (
        "(?:^|[^\\p{L}])(?:(?:т|м|ph)[.:] *[+(0-9]|номер|number|contact)"
    ) -%}
    {{ text_matches("lower(" ~ mention ~ ")", words) }}
{%- endmacro %}

{# Whether a word before a run of digits, or a unit behind it, says that it is something else. #}
{% macro is_other_number(mention) -%}
    {%- set papers = "инн|кпп|огрн|снилс|окпо|бик|паспорт|догов|заказ|накладн|лицев|карт|сч[её]т|р/с|к/с|артикул|арт[. ]|код|кадастр|серийн" -%}
    {%- set sums = "сумм|цен|бюджет|price|amount|budget|total|sum|مبلغ" -%}
    {%- set english = "inn|sn[ .:#]|vat|tax|iban|card|order|inv|account|acc|sku|s/n|serial|passport|id|ref|contract|ticket|case|po|isbn|ean" -%}
    {%- set others = "rechnung|kunde|kd[-. ]|bestell|konto|ust|steuer|سفارش|فاکتور|حساب|شبا|ملی|پستی|کارت|کد" -%}
    {%- set words = "(?:" ~ [papers, sums, english, others] | join("|") ~ ")" -%}
    {%- set unit = "[0-9] ?" ~ unit_behind() ~ "$|[\\p{L}№#$€₽/_][0-9]" -%}
    (
        {{ text_matches("lower(" ~ mention ~ ")", "(?:^|[^\\p{L}])" ~ words) }}
        or {{ text_matches("lower(" ~ mention ~ ")", unit) }}
    )
{%- endmacro %}
