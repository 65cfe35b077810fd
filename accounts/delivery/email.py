"""Telling a person by mail: text and HTML, one message a delivery or one for all that is owed (a digest).

Promises: the same Message-ID at every try of a delivery; no line of a header that a name in a filing began; to
unsubscribe takes one click in the mail program (RFC 8058, by POST) or one link, and no scanner that opens links does.
A mail server's trouble is the site's, not the address's: only a refusal of the recipient stops a channel.
"""

from __future__ import annotations

import re
import smtplib
import time
from collections.abc import Sequence

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.delivery.outcome import EXCERPT, Fault, Kind, Outcome
from accounts.models import Channel, Delivery

UNSUBSCRIBE_SALT = "accounts.delivery.unsubscribe"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
LONGEST_SUBJECT = 200


def one_line(words: str) -> str:
    """Fit for a header: control characters and line ends are spaces, and no line is a book."""
    line = " ".join(_CONTROL.sub(" ", words).split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"


def unsubscribe_url(channel: Channel) -> str:
    """Works without logging in, for ever: whoever has the mail may stop the mails."""
    token = signing.Signer(salt=UNSUBSCRIBE_SALT).sign(channel.uid.hex)
    return settings.BASE_URL + reverse("alerts:unsubscribe", args=[token])


def message_id(delivery: Delivery) -> str:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return f"<{delivery.uid.hex}@{domain}>"


def message(channel: Channel, deliveries: Sequence[Delivery]) -> EmailMultiAlternatives:
    """The mail of the first of these; with more than one, a digest under the first one's id."""
    first = deliveries[0]
    unsubscribe = unsubscribe_url(channel)
    context = {
        "deliveries": deliveries,
        "digest": len(deliveries) > 1,
        "site_url": settings.BASE_URL,
        "alerts_url": settings.BASE_URL + reverse("alerts:home"),
        "unsubscribe_url": unsubscribe,
    }
    subject = first.title if len(deliveries) == 1 else f"{len(deliveries)} alerts, among them: {first.title}"
    mail = EmailMultiAlternatives(
        subject=one_line(subject),
        body=render_to_string("accounts/email/delivery.txt", context),
        to=[channel.address or ""],
        headers={
            "Message-ID": message_id(first),
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(render_to_string("accounts/email/delivery.html", context), "text/html")
    return mail


def send(mail: EmailMultiAlternatives) -> Outcome:
    """One try, with no database about; every way a mail server can refuse is an outcome."""
    began = time.monotonic()
    try:
        get_connection(fail_silently=False).send_messages([mail])
        return Outcome(Kind.DELIVERED, _since(began))
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()), (0, b""))
        kind = Kind.GONE if 500 <= code < 600 else Kind.AGAIN
        return Outcome(kind, _since(began), status=code or None, fault=Fault.MAIL_REFUSED, words=_words(words))
    except smtplib.SMTPDataError as refused:
        kind = Kind.HOPELESS if 500 <= refused.smtp_code < 600 else Kind.AGAIN
        return Outcome(
            kind, _since(began), status=refused.smtp_code, fault=Fault.MAIL_REFUSED, words=_words(refused.smtp_error)
        )
    except TimeoutError:
        return Outcome(Kind.OURS, _since(began), fault=Fault.TIMEOUT, words="The mail server did not answer in time.")
    except (OSError, smtplib.SMTPException):
        return Outcome(Kind.OURS, _since(began), fault=Fault.OTHER, words="The mail server could not be used.")


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return text[:EXCERPT].replace("\0", "")


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
