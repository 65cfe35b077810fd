"""Which channels a screen tells: the inbox always, and those that its owner chose.

Promises: only channels of the screen's owner are told, whatever is stored. Where nothing was chosen it is the mailbox
of the account, once it is confirmed, and the webhooks that asked for screens, also those that are added later.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounts.models import Channel, ChannelKind, SavedScreen, User
from accounts.models.channel import ChannelsOfPeople
from accounts.services import channels

EVENT = "ScreenMatched"
MAILBOX = "mailbox"  # of the account, where its channel is not made yet


def of_screen(screen: SavedScreen) -> list[Channel]:
    """The inbox first; what the screen tells may be paused or stopped, and is then owed its replay."""
    if screen.tells is not None:
        return [channels.inbox_of(screen.user), *possible(screen.user).filter(uid__in=screen.tells)]
    mailbox = channels.mailbox_of(screen.user)
    hooks = possible(screen.user).told_of(EVENT)
    return [channels.inbox_of(screen.user), *([mailbox] if mailbox else []), *hooks]


def possible(user: User) -> ChannelsOfPeople:
    """What a person can choose of: all their channels but the inbox."""
    return Channel.objects.owned_by(user).exclude(kind=ChannelKind.INBOX).order_by("kind", "name", "pk")


def choices(user: User) -> list[tuple[str, str]]:
    """The channels to choose of, by the words that stand for them in a form; a mailbox that mail would open too."""
    known = [(str(one.uid), _called(one)) for one in possible(user)]
    return known if not _unopened(user) else [(MAILBOX, f"E-mail to {user.email}"), *known]


def usual(user: User) -> list[str]:
    """Of `choices`, what a screen tells whose owner chose nothing."""
    hooks = [str(uid) for uid in possible(user).told_of(EVENT).values_list("uid", flat=True)]
    mailbox = possible(user).filter(kind=ChannelKind.EMAIL, address=user.email).first()
    return sorted([*hooks, *([str(mailbox.uid)] if mailbox else [MAILBOX] if _unopened(user) else [])])


def chosen(user: User, words: Sequence[str]) -> list[UUID] | None:
    """What to store of these words of `choices`: None where it is what is usual."""
    if sorted(words) == usual(user):
        return None
    mailbox = channels.mailbox_of(user) if MAILBOX in words else None
    wanted = {UUID(word) for word in words if word != MAILBOX} | ({mailbox.uid} if mailbox else set())
    return [one.uid for one in possible(user) if one.uid in wanted]


def _unopened(user: User) -> bool:
    """Whether the account has a confirmed address and no channel to it yet."""
    known = Channel.objects.owned_by(user).filter(kind=ChannelKind.EMAIL, address=user.email)
    return channels.is_confirmed(user.pk, user.email) and not known.exists()


def _called(channel: Channel) -> str:
    rests = "" if channel.is_active else f", {channel.get_state_display()}"
    return f"{channel.get_kind_display()}: {channel.name}{rests}"
