"""Who may use each route of the site, and by which methods: one row a route, all of them.

A route without a row fails `test_matrix.py`, as does a row without a route. The matrix then sends every method to every
route as each of the cast (Amy is anonymous, Stan a stranger, Olive the owner, Sue staff) and compares what comes back
with what the row's policy says. What a new route needs:

1. its row here, by the route's name: `"accounts:screen": Route(OBJECT, "GET POST", of="screen", form={...})`;
2. for OBJECT, how to make one, in `objects.py`, once for each kind of object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.pages.addresses import SIGNAL
from tests.pages.archive import ACCESSION, ISSUER_CIK, OWNER_CIKS

# The same for everybody, to the byte: reads only, sets no cookie, knows no user.
PUBLIC = "public"
# Open to everybody, and part of getting in or out: log-in, sign-up, reset. What it shows depends on how far one is.
ENTRANCE = "entrance"
# One's own, with nothing in the address that names whose: anonymous are asked to log in, everybody sees only their own.
OWN = "own"
# One person's object, named in the address: anonymous are asked to log in, for everybody else it is not there, to the
# byte, be they staff; and whatever they send, nothing is written.
OBJECT = "object"
# Staff with a second factor; staff without are sent to set one up; for everybody else it is not there, to the byte.
STAFF = "staff"
# The key in the header decides, a session never does: without a key 401 for everyone, staff included.
KEY = "key"
# What the address holds is the permission (an unsubscribe token, a shared link): the same for everybody who has it,
# and one that is wrong by a letter is not there.
BEARER = "bearer"
# Where nothing is: 404 for everybody, by every method.
NOTHING = "nothing"


@dataclass(frozen=True)
class Route:
    policy: str
    methods: str = "GET"  # those that it answers; HEAD goes with GET
    of: str = ""  # OBJECT, BEARER: whose arguments fill the address, a key of objects.OBJECTS
    args: dict[str, str] = field(default_factory=dict)  # what fills the address where it names nobody's object
    form: dict[str, Any] = field(default_factory=dict)  # what its owner sends by POST, so that it is accepted
    part: bool = False  # a part of public pages: strangers whose page asks for it get nothing, and are not led away
    needs: str = ""  # OWN: what everybody must have for the page to be there, a key of objects.OBJECTS


_RESET = {"uidb36": "1", "key": "cxyz12-0123456789abcdef"}
_PARTY = {"key": ISSUER_CIK}

POLICIES: dict[str, Route] = {
    # --- the public pages (signals) ------------------------------------------------------------------------------
    "signals:home": Route(PUBLIC),
    "signals:signals": Route(PUBLIC),
    "signals:signal": Route(PUBLIC, args={"key": SIGNAL}),
    "signals:signals-summary": Route(PUBLIC, args={"period": "week"}),
    "signals:market": Route(PUBLIC),
    "signals:learn": Route(PUBLIC),
    "signals:learn-form-4": Route(PUBLIC),
    "signals:learn-10b5-1": Route(PUBLIC),
    "signals:learn-exercises": Route(PUBLIC),
    "signals:learn-amendments": Route(PUBLIC),
    "signals:learn-myths": Route(PUBLIC),
    "signals:learn-signals": Route(PUBLIC),
    "signals:learn-signal": Route(PUBLIC, args={"kind": "cluster_buy"}),
    "signals:learn-thresholds": Route(PUBLIC),
    "signals:learn-score": Route(PUBLIC),
    "signals:codes": Route(PUBLIC),
    "signals:code": Route(PUBLIC, args={"letter": "P"}),
    "signals:search": Route(PUBLIC),
    "signals:screen": Route(PUBLIC),
    "signals:screen-csv": Route(PUBLIC),
    "signals:screen-feed": Route(PUBLIC),
    "signals:issuer": Route(PUBLIC, args=_PARTY),
    "signals:insider": Route(PUBLIC, args={"cik": OWNER_CIKS[0]}),
    "signals:filing": Route(PUBLIC, args={"accession": ACCESSION}),
    "signals:filing-document": Route(PUBLIC, args={"accession": ACCESSION}),
    # --- the API -------------------------------------------------------------------------------------------------
    "api-docs": Route(PUBLIC),
    "api-nothing": Route(NOTHING, args={"path": "nothing"}),
    "health-live": Route(PUBLIC),
    "health-ready": Route(PUBLIC),
    "health-ingestion": Route(PUBLIC),
    "api:api-root": Route(NOTHING),
    "api-openapi": Route(PUBLIC),
    "api:stats": Route(PUBLIC),
    "api:data_quality": Route(PUBLIC),
    "api:status_history": Route(PUBLIC),
    **{
        f"api:{name}": Route(KEY)
        for name in (
            "changes",
            "convergence",
            "export_transactions",
            "insiders_directory",
            "insiders_leaderboard",
            "ledger",
            "list_companies",
            "list_filings",
            "list_insiders",
            "list_signals",
            "list_trades",
            "list_transactions",
            "nothing",
            "recent_filings",
            "search",
            "signal_feed",
            "events",
            "usage",
            "usage_activity",
            "usage_history",
        )
    },
    **{
        f"api:{name}": Route(KEY, args={"accession": ACCESSION})
        for name in ("facts", "footnotes", "one_filing", "reading")
    },
    **{
        f"api:{name}": Route(KEY, args={"ticker": "AAPL"})
        for name in ("company_insiders", "company_peers", "explain", "one_company", "sentiment")
    },
    **{
        f"api:{name}": Route(KEY, args={"cik": OWNER_CIKS[0]})
        for name in ("insider_scorecard", "insider_summary", "insider_timeline", "insider_transactions", "one_insider")
    },
    "api:issuer_timeline": Route(KEY, args={"issuer": ISSUER_CIK}),
    "api:positions": Route(KEY, args={"issuer": ISSUER_CIK}),
    "api:signal_item": Route(KEY, args={"key": SIGNAL}),
    "api:list_screens": Route(KEY),
    "api:screen_trades": Route(KEY, args={"uid": "00000000-0000-4000-8000-000000000000"}),
    "api:create": Route(KEY, "GET POST"),
    "api:list_all": Route(KEY, "GET POST"),
    "api:change": Route(KEY, "PATCH DELETE", args={"number": "1"}),
    "api:remove": Route(KEY, "PATCH DELETE", args={"number": "1"}),
    "api:enable": Route(KEY, "POST", args={"number": "1"}),
    "api:test": Route(KEY, "POST", args={"number": "1"}),
    "api:replay": Route(KEY, "POST", args={"number": "1"}),
    "api:set_header": Route(KEY, "PUT DELETE", args={"number": "1"}),
    "api:delete_header": Route(KEY, "PUT DELETE", args={"number": "1"}),
    # --- health, staff (form4site) -------------------------------------------------------------------------------
    "healthz": Route(PUBLIC),
    "security-txt": Route(PUBLIC),
    "readyz": Route(PUBLIC),
    "ops": Route(STAFF),
    "ops-retry": Route(STAFF, "POST", args={"accession": ACCESSION}),
    "ops-received": Route(STAFF, args={"accession": ACCESSION}),
    "metrics": Route(STAFF),
    "gallery": Route(STAFF),
    # --- getting in and out (allauth) ----------------------------------------------------------------------------
    "account_login": Route(ENTRANCE, "GET POST"),
    "account_logout": Route(ENTRANCE, "GET POST"),
    "mfa_authenticate": Route(ENTRANCE, "GET POST"),
    "mfa_login_webauthn": Route(ENTRANCE, "GET POST"),
    "account_signup": Route(ENTRANCE, "GET POST"),
    "account_inactive": Route(ENTRANCE, "GET"),
    "account_confirm_login_code": Route(ENTRANCE, "GET POST"),
    "account_email_verification_sent": Route(ENTRANCE, "GET POST"),
    "account_reset_password": Route(ENTRANCE, "GET POST"),
    "account_reset_password_done": Route(ENTRANCE, "GET"),
    "account_reset_password_from_key": Route(ENTRANCE, "GET POST", args=_RESET),
    "account_reset_password_from_key_done": Route(ENTRANCE, "GET"),
    # --- one's account (accounts, allauth) -----------------------------------------------------------------------
    "accounts:account": Route(OWN, "GET POST", form={"time_zone": "Europe/Vienna", "digest_hour": "9"}),
    "accounts:sessions": Route(OWN),
    "accounts:session-end": Route(OBJECT, "POST", of="session"),
    "accounts:sessions-end-others": Route(OWN, "POST"),
    "accounts:export": Route(OWN),
    "accounts:delete": Route(OWN, "GET POST"),
    "accounts:deleted": Route(ENTRANCE),
    "accounts:outbox": Route(STAFF),
    "account_reauthenticate": Route(OWN, "GET POST"),
    "account_email": Route(OWN, "GET POST"),
    "account_change_password": Route(OWN, "GET POST"),
    "account_set_password": Route(OWN, "GET POST"),
    "mfa_index": Route(OWN),
    "mfa_reauthenticate": Route(OWN, "GET POST"),
    "mfa_activate_totp": Route(OWN, "GET POST"),
    "mfa_deactivate_totp": Route(OWN, "GET POST", needs="app"),
    "mfa_view_recovery_codes": Route(OWN, needs="app"),
    "mfa_download_recovery_codes": Route(OWN, needs="app"),
    "mfa_generate_recovery_codes": Route(OWN, "GET POST"),
    "mfa_list_webauthn": Route(OWN, "GET POST"),
    "mfa_add_webauthn": Route(OWN, "GET POST"),
    "mfa_reauthenticate_webauthn": Route(OWN, "GET POST"),
    "mfa_edit_webauthn": Route(OBJECT, "GET POST", of="passkey", form={"name": "Renamed"}),
    "mfa_remove_webauthn": Route(OBJECT, "GET POST", of="passkey"),
    # --- screens -------------------------------------------------------------------------------------------------
    "screens:mine": Route(OWN),
    "screens:new": Route(OWN, "GET POST"),
    "screens:seen": Route(OWN, "POST"),
    "screens:news": Route(OWN, part=True),
    "screens:import": Route(OWN, "POST"),
    "screens:follow": Route(OWN, "GET POST", part=True, args={"key": "issuer", "cik": ISSUER_CIK}),
    "screens:shared": Route(BEARER, of="shared screen"),
    "screens:screen": Route(OBJECT, "GET POST", of="screen", form={"name": "Another", "cadence": "daily"}),
    "screens:criteria": Route(OBJECT, "GET POST", of="screen", part=True),
    "screens:duplicate": Route(OBJECT, "POST", of="screen"),
    "screens:pause": Route(OBJECT, "POST", of="screen"),
    "screens:resume": Route(OBJECT, "POST", of="screen"),
    "screens:remove": Route(OBJECT, "POST", of="screen"),
    # --- alerts, channels, deliveries ----------------------------------------------------------------------------
    "alerts:home": Route(OWN),
    "alerts:inbox": Route(OWN),
    "alerts:inbox-unread": Route(OWN),
    "alerts:inbox-read-all": Route(OWN, "POST"),
    "alerts:inbox-read": Route(OBJECT, "POST", of="inbox item"),
    "alerts:channel-new": Route(OWN, "GET POST", args={"kind": "chat"}, form={"url": "https://93.184.215.14/room"}),
    "alerts:channel": Route(OBJECT, of="channel"),
    "alerts:channel-test": Route(OBJECT, "POST", of="channel"),
    "alerts:channel-pause": Route(OBJECT, "POST", of="channel"),
    "alerts:channel-resume": Route(OBJECT, "POST", of="channel"),
    "alerts:channel-events": Route(OBJECT, "POST", of="channel", form={"event_types": ["ClusterBuy"]}),
    "alerts:channel-rotate": Route(OBJECT, "POST", of="channel"),
    "alerts:channel-replay": Route(OBJECT, "POST", of="channel", form={"since": "2026-01-01T00:00"}),
    "alerts:channel-remove": Route(OBJECT, "POST", of="channel"),
    "alerts:delivery": Route(OBJECT, of="delivery"),
    "alerts:unsubscribe": Route(BEARER, "GET POST", of="unsubscribe link"),
    # --- keys and the API ----------------------------------------------------------------------------------------
    "accounts:keys": Route(OWN, "GET POST", form={"name": "Mine", "scopes": ["read"], "lasts": ""}),
    "accounts:key-revoke": Route(OBJECT, "POST", of="key"),
}
