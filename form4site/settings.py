"""Every setting of the site, read from the environment once, at start.

Promises: with nothing set, the site runs whole on one machine (embedded PostgreSQL, a folder as the broker); with
DATABASE_URL and REDIS_URL set it uses those servers and no other code. A variable that cannot be used stops the start
with a sentence that names it. `.env.example` lists every variable.
"""

from __future__ import annotations

import secrets
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from form4site import embedded
from form4site.schedule import beat_schedule

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def _whole_number(name: str, default: int) -> int:
    given = env.str(name, default="") or str(default)
    if not (given.isascii() and given.isdigit() and int(given)):
        raise ImproperlyConfigured(f"{name} is {given!r}, and has to be a whole number above 0, such as {default}.")
    return int(given)


def _address(name: str, schemes: tuple[str, ...], example: str, default: str = "") -> str:
    """The variable as an address of one of these schemes. What it is, is not said: it may hold a password."""
    given = env.str(name, default="") or default
    if given and urlsplit(given).scheme not in schemes:
        raise ImproperlyConfigured(f"{name} has to be an address such as {example}.")
    return given


def _yes_or_no(name: str) -> bool:
    """The variable as a flag, False when unset. A word that is neither is a mistake, not a no."""
    given = env.str(name, default="").strip().lower()
    if given not in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        raise ImproperlyConfigured(f"{name} is {given!r}, and has to be true or false.")
    return given in ("1", "true", "yes", "on")


# Everything the site writes on this machine stands below this folder.
VAR_DIR = Path(env.str("FORM4SITE_VAR", default=str(BASE_DIR / "var")))
TESTING = "pytest" in sys.modules

_WEB = ("http", "https")
BASE_URL = _address("BASE_URL", _WEB, "https://form4site.example", f"http://localhost:{_whole_number('PORT', 8000)}")
BASE_URL = BASE_URL.rstrip("/")
_BASE = urlsplit(BASE_URL)
HTTPS = _BASE.scheme == "https"

DEBUG = _yes_or_no("DEBUG")
if DEBUG and HTTPS:
    raise ImproperlyConfigured("DEBUG shows the inside of the site, and BASE_URL is a public https:// address.")
TRUST_PROXY = _yes_or_no("TRUST_PROXY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", _BASE.hostname or "localhost"])


def _kept_secret(path: Path) -> str:
    """The secret key of this checkout: made on first use, readable by its owner only."""
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            path.hardlink_to(draft)  # of two processes that start at once, one wins and both read its key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_text(encoding="ascii")


SECRET_KEY = env.str("SECRET_KEY", default="")
if SECRET_KEY and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY has to have at least 50 random characters; unset, one is made and kept.")
SECRET_KEY = SECRET_KEY or _kept_secret(VAR_DIR / "secret_key")

# --- the house ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "form4site",
    "filings",
    "signals",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "form4site.api.middleware.ApiMiddleware",
    "form4site.guards.OnePolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "form4site.page_cache.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "form4site.guards.OwnSiteMiddleware",
    "accounts.sessions.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "form4site.views.OnlyPostedMiddleware",
    "form4site.views.DatabaseAwayMiddleware",
]

ROOT_URLCONF = "form4site.urls"
WSGI_APPLICATION = "form4site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "form4site.kit.templating.DjangoTemplates",
        "NAME": "django",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["form4site.templatetags.addresses", "form4site.templatetags.includes"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = [
    "accounts.hashers.BoundedArgon2",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own

# --- PostgreSQL, broker, cache: given servers, or embedded ones ---------------------------------------------------

DATABASE_URL = _address("DATABASE_URL", ("postgres", "postgresql"), "postgres://user:password@host:5432/form4site")
REDIS_URL = _address("REDIS_URL", ("redis", "rediss"), "redis://host:6379/0")

if DATABASE_URL:
    DATABASES = {"default": {**env.db_url_config(DATABASE_URL), "ENGINE": "form4site.postgres"}}
else:
    DATABASES = {"default": embedded.database_settings(VAR_DIR)}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
# Pages read little by index: compiling their queries costs more than it saves, and data is in memory or on fast disks.
# With PostgreSQL's 4 MB of memory to work in, where two conditions meet among millions of trades is forgotten again.
_PLANNER = "-c jit=off -c random_page_cost=1.1 -c work_mem=32MB"
_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
_OPTIONS["options"] = " ".join(filter(None, (_OPTIONS.get("options"), _PLANNER)))
# Two checkouts that test against one server must not share a test database.
DATABASES["default"]["TEST"] = {
    "NAME": f"test_{DATABASES['default']['NAME']}_{embedded.checkout_id(BASE_DIR)}",
}

CACHES: dict[str, dict[str, object]]
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"visibility_timeout": 180}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            # Limits on guessing live here, and a table that may only hold Django's 300 entries is soon made to forget.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }
    _broker = VAR_DIR / "broker"
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT = "form4site.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "messages"),
        "data_folder_out": str(_broker / "messages"),
        "control_folder": str(_broker / "control"),
        "polling_interval": 0.1,
    }

# A task message is a doorbell (docs/architecture.md): it may be lost, doubled or late, and carries no work.
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# In memory: the file that Celery keeps by default is torn by kill -9 or a power cut, and then stops every later start.
# All that it would tell is when a job was last rung, and every job finds out by itself what is due.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"

# --- the SEC ------------------------------------------------------------------------------------------------------

EDGAR_USER_AGENT = env.str("EDGAR_USER_AGENT", default="")
EDGAR_BASE_URL = _address("EDGAR_BASE_URL", _WEB, "https://www.sec.gov", "https://www.sec.gov").rstrip("/")
EDGAR_DATA_URL = _address("EDGAR_DATA_URL", _WEB, "https://data.sec.gov", "https://data.sec.gov").rstrip("/")
# How long nobody sends anything after the SEC refused this site: it forgives after ten minutes of silence.
EDGAR_PENALTY_SECONDS = _whole_number("EDGAR_PENALTY_SECONDS", 600)
EDGAR_POLL_SECONDS = _whole_number("EDGAR_POLL_SECONDS", 30)
CELERY_BEAT_SCHEDULE = beat_schedule(EDGAR_POLL_SECONDS)

# --- pages --------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Hashed names need a collectstatic run first, which a test on a fresh checkout has not had.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = TESTING or DEBUG

# Answers that each web process keeps for whoever is not logged in (form4site/page_cache.py). Tests count the queries of
# pages, and want each made.
PAGE_CACHE_BYTES = 0 if TESTING else 64_000_000

# --- accounts: sign-up, log-in and everything by mail (django-allauth) ---------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:account"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3600

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.NewAddressForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "confirm_email_verification_code": "accounts.forms.AddressCodeForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
# A code, not a link: it only works in the browser that asked for it, so nobody can have a stranger confirm an account
# whose password they chose, and a mail scanner that follows links confirms nothing.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # a mail either way: as long to answer, and the person learns what is wrong
# Making an account takes a few milliseconds of writing more than finding that there is one: both answer after this.
SIGNUP_SECONDS = 0.0 if TESTING else 0.3
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/10m/key,10/d/key",
    "confirm_email": "1/10s/key,10/h/key",
}
# Second factors: an authenticator app, passkeys, and recovery codes beside them.
MFA_ADAPTER = "accounts.second_factors.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "form4site"
MFA_TOTP_TOLERANCE = 1  # clocks differ by half a minute; accounts.mended lets no code in twice all the same
MFA_RECOVERY_CODE_DIGITS = 10
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a finger, a face or a PIN: a passkey alone is two factors
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow it for localhost only
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.AppForm",
    "add_webauthn": "accounts.forms.PasskeyForm",
    "edit_webauthn": "accounts.forms.PasskeyNameForm",
}
SECOND_FACTOR_URL = "mfa_index"  # where staff without one are sent
# How long a session lives without a visit, and at all; for staff, whose pages show and change more, much shorter.
SESSION_IDLE, SESSION_LONGEST = timedelta(days=14), timedelta(days=30)
STAFF_SESSION_IDLE, STAFF_SESSION_LONGEST = timedelta(minutes=30), timedelta(hours=8)
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
# Who counts as one visitor: the address that connects, or what our own proxy says of it; never what a client writes.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TRUST_PROXY else 0

# --- mail: a server where EMAIL_URL names one, else a folder that /account/outbox/ shows ----------------------------

EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL_FOLDER = None if EMAIL_URL else VAR_DIR / "mail"
if EMAIL_URL:
    globals().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "accounts.delivery.folder.EmailBackend"
    EMAIL_FILE_PATH = str(MAIL_FOLDER)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default=f"form4site <form4site@{_BASE.hostname}>")

# --- webhooks, API keys -------------------------------------------------------------------------------------------

# For development only: webhooks may then go to this machine and its network, over http, on any port.
WEBHOOK_ALLOW_PRIVATE = _yes_or_no("WEBHOOK_ALLOW_PRIVATE")
if WEBHOOK_ALLOW_PRIVATE and HTTPS:
    raise ImproperlyConfigured("WEBHOOK_ALLOW_PRIVATE lets users reach inside, and BASE_URL is a public address.")
# What webhook secrets are encrypted with, and API keys hashed. Several, with commas, while one replaces another: the
# first is used, the others are still understood. Unset: the secret key.
SEALING_KEYS = [key for key in env.list("SEALING_KEYS", default=[]) if key] or [SECRET_KEY]
if any(len(key) < 50 for key in SEALING_KEYS):
    raise ImproperlyConfigured("SEALING_KEYS has to have at least 50 random characters in each key.")
API_CALLS_PER_MINUTE = _whole_number("API_CALLS_PER_MINUTE", 600)
API_CALLS_PER_DAY = _whole_number("API_CALLS_PER_DAY", 50_000)

# --- security -----------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # no script reads either: forms carry the token
if HTTPS:  # a browser takes a name with __Host- only from this very host, over https, for the whole of it
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # asked from inside, where there is no TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# Who is told of a hole, in /.well-known/security.txt.
SECURITY_CONTACT = _address(
    "SECURITY_CONTACT", ("mailto", "https"), "mailto:security@form4site.example", f"mailto:security@{_BASE.hostname}"
)
CSRF_FAILURE_VIEW = "form4site.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []

# --- logs ---------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)-7s %(name)s  %(message)s", "datefmt": "%H:%M:%S"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # A page that is not there is the visitor's news, not the operator's.
    "loggers": {"django.request": {"level": "ERROR"}},
}
