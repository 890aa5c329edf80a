"""Letters: apprise's e-mail without its plain text, from which it leaves out every link."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from apprise.logger import logger
from apprise.plugins.email.smtp import AppriseSMTPController

if TYPE_CHECKING:
    from orchestration.alerts.messages import Message

PERMANENT = 500


class Answer(StrEnum):
    """What a service said to a message."""

    TAKEN = "taken"
    REFUSED = "refused"
    REFUSED_THIS_ONE = "refused this one"
    NONE = "none"


def send_letter(plugin: Any, message: Message) -> Answer:
    """Send a letter to the plugin's recipient."""
    recipients = [address for _, address in plugin.targets] + sorted(plugin.cc | plugin.bcc)
    letter = _letter(plugin, message)
    try:
        with AppriseSMTPController(
            host=plugin.smtp_host,
            port=plugin.port,
            secure_mode=plugin.secure_mode,
            user=plugin.user,
            password=plugin.password,
            verify_certificate=plugin.verify_certificate,
            socket_connect_timeout=plugin.socket_read_timeout,
        ) as server:
            return _submit(server, plugin.from_addr[1], recipients, letter)
    except (OSError, smtplib.SMTPException, RuntimeError) as error:
        # Before any letter left. An SMTP error quotes the server, not the password.
        logger.warning("The mail server %s did not let us in: %s", plugin.smtp_host, error)
        return Answer.REFUSED


def _submit(server: Any, sender: str, to: list[str], letter: str) -> Answer:
    try:
        refused = server._socket.sendmail(sender, to, letter)  # noqa: SLF001  its own method hides the reason
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        logger.warning("The mail server refused the letter: %s", error)
        return Answer.REFUSED_THIS_ONE if _is_about_the_letter(error) else Answer.REFUSED
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("The mail server did not answer: %s", type(error).__name__)
        return Answer.NONE
    if refused:
        logger.warning("The mail server refused %d of the recipients.", len(refused))
    # Somebody has it, so it is not sent again.
    return Answer.TAKEN


def _is_about_the_letter(error: smtplib.SMTPException) -> bool:
    """Whether the server may well take a letter to somebody else."""
    if isinstance(error, smtplib.SMTPDataError):
        return int(error.smtp_code) >= PERMANENT
    return isinstance(error, smtplib.SMTPRecipientsRefused)


def _letter(plugin: Any, message: Message) -> str:
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = message.title
    letter["From"] = formataddr(plugin.from_addr, charset="utf-8")
    letter["To"] = ", ".join(formataddr(target, charset="utf-8") for target in plugin.targets)
    if plugin.cc:
        letter["Cc"] = ", ".join(sorted(plugin.cc))
    if plugin.reply_to:
        letter["Reply-To"] = ", ".join(sorted(plugin.reply_to))
    letter["Date"] = formatdate(localtime=False)
    # The same id when it is tried again: a mail system that knows it drops the second.
    letter["Message-ID"] = f"<{message.message_id}@{plugin.from_addr[1].rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text, cte="quoted-printable")
    letter.add_alternative(message.html, subtype="html", cte="quoted-printable")
    return letter.as_string()
