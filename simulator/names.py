"""Words the simulated companies are made of, in three scripts."""

from __future__ import annotations

PEOPLE = (
    ("Анна", "Ковалёва"),
    ("Игорь", "Щербаков"),
    ("Ольга", "Соловьёва"),
    ("Пётр", "Ёлкин"),
    ("Дарья", "Юрченко"),
    ("Тимур", "Абдуллин"),
    ("Maria", "O'Brien"),
    ("Jürgen", "Müller"),
    ("Zoë", "Łukasik"),
    ("José", "Nuñez"),
    ("Ann", "van der Berg"),
    ("Lee", "Smith-Jones"),
    ("رضا", "محمدی"),
    ("فاطمه", "کریمی"),
    ("علی‌رضا", "حسینی"),
    ("Nguyễn", "Văn An"),
    ("Anna", "Ковалёва"),
    ("Søren", "Ågård"),
    ("Fiona", "D'Arcy"),
    ("Иван", "Иванов"),
    ("Иван", "Иванов"),
    ("مریم", "رضایی"),
    ("Tom", "Baker"),
    ("Eva", "Šimková"),
    ("Марина", "Цой"),
    ("Bruno", "Ferreira"),
    ("Юлия", "Морозова"),
    ("Kai", "Lindqvist"),
    ("سارا", "احمدی"),
    ("Nil", "Null"),
)
DEPARTMENTS = ("Компания", "Sales North", "Отдел продаж «Юг»", "فروش", "Partners")
PIPELINES = ("Sales", "Опт и дилеры", "تعمیر و خدمات")
OPEN_STAGES = (
    ("New", "Needs found", "Quote sent", "Negotiation", "Contract"),
    ("Заявка", "Переговоры", "Договор", "Предоплата", "Отгрузка"),
    ("درخواست", "بازدید", "برآورد", "تأیید"),
)
CLOSED_STAGES = (
    ("Won", "Lost: price", "Lost: no answer"),
    ("Успех", "Отказ: дорого", "Отказ: не отвечает"),
    ("موفق", "لغو شد", "بی‌پاسخ"),
)
NEW_STAGES = ("Проверка юристов", "Second call", "بازبینی", 'Stage "B"')
GOODS = (
    "Boiler",
    "Насос",
    "License renewal",
    "Монтаж",
    "پمپ آب",
    "Audit",
    "Сервер",
    "Office chairs",
    "ترجمه",
)
CLIENTS = (
    "Acme",
    "ООО «Ромашка»",
    "Müller GmbH",
    "شرکت پارس",
    "Orel, Ltd.",
    "ИП Ёлкин",
    "Café Zoë",
    "O'Neill & Sons",
)
ODD_TITLES = (
    'The "big" one, 50% off',
    "Строка\nс переносом",
    "Deal 🚀 with emoji 👩‍👩‍👧",
    "قرارداد ۱۴۰۵ — تهران",
    "   leading and trailing   ",
    "semi;colon, comma\tand tab",
    "back\\slash 'quote'",
    '{"json": null}',
    "=1+1",
    "é vs e\u0301",
    "<b>bold</b> &amp; co",
)
TEXTS = (
    "срочно",
    "see mail of 3 May",
    'says "maybe"',
    "line one\nline two",
    "۱۲۳",
    "0",
    "N/A",
    "a;b;c",
    "👍",
)
REGION_LABELS = ("Север", "Юг", "Восток", "Запад и центр")
INTEREST_LABELS = ("Pumps", "Насосы; комплект", "سرویس", "Spare parts", "Training")
