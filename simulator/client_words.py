"""Words that clients, enquiries and what is done with them are made of, in three scripts."""

from __future__ import annotations

FIRST_NAMES = (
    "Анна",
    "Сергей",
    "Ольга",
    "Дмитрий",
    "Claire",
    "Jonas",
    "Zoë",
    "José",
    "Ewa",
    "Kwame",
    "رضا",
    "مریم",
    "علی‌رضا",
    "زهرا",
    "Наталья",
    "Anne-Marie",
    "Đức",
    "Фёдор",
)
LAST_NAMES = (
    "Ковалёв",
    "Мельник",
    "Ёлкина",
    "Цой",
    "O'Hara",
    "Müller",
    "de la Cruz",
    "Łukasik",
    "Smith-Jones",
    "Nguyễn",
    "محمدی",
    "رضایی",
    "کریمی",
    "حسینی",
    "Ågård",
    "Петров-Водкин",
    None,
)
JOB_TITLES = (None, "Director", "Buyer", "Закупщик", "Главный инженер", "مدیر خرید", "CFO", "Office manager")
PLACES = (
    (None, None),
    ("Germany", "Berlin"),
    ("Germany", None),
    ("Россия", "Казань"),
    ("Россия", "Санкт-Петербург"),
    ("Казахстан", "Алматы"),
    ("ایران", "تهران"),
    ("USA", "Portland"),
    ("Poland", "Łódź"),
)
COMPANY_NAMES = (
    "Acme {n}",
    "ООО «Ромашка-{n}»",
    "Müller & Söhne {n} GmbH",
    "شرکت پارس {n}",
    "Orel {n}, Ltd.",
    "ИП Ёлкин {n}",
    "Café Zoë {n}",
    "O'Neill {n} & Sons",
    "АО «Насосы {n}»",
    'Group "North" {n}',
)
OWN_COMPANY = "Dealers & Co (us)"
INDUSTRIES = (None, "MANUFACTURING", "CONSTRUCTION", "RETAIL", "INFORMATION_TECHNOLOGY", "HOSPITALITY")
PHONE_PATTERNS = (
    "+49 30 {a:07d}",
    "+7 (912) {b:03d}-{c:02d}-{d:02d}",
    "8 912 {b:03d} {c:02d} {d:02d}",
    "+98 912 {a:07d}",
    "0912{a:07d}",
    "+1-503-{b:03d}-{e:04d}",
    "{b:03d}-{c:02d}-{d:02d} ext. {c:d}",
)
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
EMAIL_PATTERNS = (
    "person{n}@client{m}.example",
    "Person.{n}@Client{m}.example",
    "info{n}@company{m}.example",
    "контакт{n}@почта{m}.example",
    "buyer+{n}@mail.example",
)
LEAD_TITLES = (
    "Enquiry from the site #{n}",
    "Заявка с сайта №{n}",
    "Входящий звонок {n}",
    "درخواست {n}",
    "Trade show card {n}",
    "CRM-форма «Заказать звонок» {n}",
    "Re: price list, please ({n})",
)
UTM_SOURCES = ("google", "yandex", "Google", "newsletter", "instagram", "vk")
UTM_MEDIUMS = ("cpc", "email", "social", None)
UTM_CAMPAIGNS = ("spring_2026", "весна-2026", "brand", "retarget|2", None)
UTM_CONTENTS = ("banner_1", "text-b", None, None)
UTM_TERMS = ("насос купить", "boiler price", None, None)
DISQUALIFICATIONS = ("Spam", "Дубль", "No budget", "Не наш профиль", "شماره اشتباه", None, "Test request")
LOSS_REASONS = (
    "Too expensive",
    "Выбрали конкурента",
    "No answer",
    "Нет бюджета",
    "Late delivery",
    "منصرف شد",
)
COMPETITORS = ("Rival AG", "ООО «Соперник»", "رقیب", "Cheap & Fast Ltd.")
SUBJECTS = {
    "call": ("Call", "Исходящий звонок", "تماس", "Follow-up call", "Уточнить сроки"),
    "meeting": ("Demo", "Встреча в офисе", "جلسه", "Site visit", "Переговоры по договору"),
    "email": ("Offer", "Re: Договор", "پیش‌فاکتور", "Price list", "Счёт на оплату"),
    "task": ("Send the contract", "Подготовить КП", "پیگیری", "Check stock", "Согласовать скидку"),
    "note": ("Note", "Комментарий", "یادداشت", "What they said", "Итоги звонка"),
}
CALL_OUTCOMES = (
    "connected",
    "connected",
    "connected",
    "no answer",
    "busy",
    "left voicemail",
    "wrong number",
    None,
)
MEETING_OUTCOMES = ("completed", "completed", "no show", "canceled", "rescheduled", None)
