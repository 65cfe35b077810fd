"""Telling a room: the incoming webhooks of Slack, Discord and those that take Slack's form, by the same gate.

The URL is the room's secret, so nothing is signed. What is sent is text only; names of strangers in it mention nobody.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from django.conf import settings

from accounts.delivery.outcome import Outcome
from accounts.delivery.webhook import Parcel, send
from accounts.models import Channel, Delivery

DISCORD = ("discord.com", "discordapp.com")
LONGEST = {"discord": 1900, "slack": 2900}
# A room whose webhook was removed answers 404 (Discord, Slack's "no_service") or 410.
GONE = (404, 410)


def parcel(channel: Channel, delivery: Delivery) -> Parcel:
    url = channel.address or ""
    host = (urlsplit(url).hostname or "").lower()
    discord = any(host == name or host.endswith(f".{name}") for name in DISCORD)
    link = f"{settings.BASE_URL}{delivery.link}" if delivery.link else ""
    body = discord_body(delivery, link) if discord else slack_body(delivery, link)
    return Parcel(url, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"})


def discord_body(delivery: Delivery, link: str) -> dict[str, object]:
    text = _cut(f"{delivery.title}\n\n{delivery.text}", LONGEST["discord"], link)
    return {"content": text, "allowed_mentions": {"parse": []}, "flags": 4}  # 4: no previews


def slack_body(delivery: Delivery, link: str) -> dict[str, object]:
    text = _cut(f"{delivery.title}\n\n{delivery.text}", LONGEST["slack"], link)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": escaped, "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}


def _cut(text: str, longest: int, link: str) -> str:
    room = longest - len(link) - 2
    short = text if len(text) <= room else text[: room - 1].rstrip() + "…"
    return f"{short}\n{link}" if link else short


async def deliver(sent: Parcel) -> Outcome:
    return await send(sent, gone=GONE)
