"""People: who they are, how they are told, what they were told, and the keys of their programs."""

from accounts.models.api_key import ApiKey, KeyUsage, Scope
from accounts.models.channel import Channel, ChannelKind, ChannelState, SendingHost
from accounts.models.delivery import Delivery, DeliveryAttempt, DeliveryStatus
from accounts.models.evaluation import Evaluation, EvaluationHorizon, SignalEvaluation
from accounts.models.saved_screen import Cadence, Match, Pause, SavedScreen
from accounts.models.tries import Tries
from accounts.models.user import User

__all__ = [
    "ApiKey",
    "Cadence",
    "Channel",
    "ChannelKind",
    "ChannelState",
    "Delivery",
    "DeliveryAttempt",
    "DeliveryStatus",
    "Evaluation",
    "EvaluationHorizon",
    "KeyUsage",
    "Match",
    "Pause",
    "SavedScreen",
    "Scope",
    "SendingHost",
    "SignalEvaluation",
    "Tries",
    "User",
]
