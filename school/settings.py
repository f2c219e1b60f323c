"""Settings of Ouderbuddy: closed by default, the environment is read here and nowhere else.

Three ways to run:

* production: `SECRET_KEY`, `ALLOWED_HOSTS` and `FIELD_KEYS` are required;
* demo (`OUDERBUDDY_DEMO=1`): its own SQLite file, loopback only, refuses the production variables;
* tests (`OUDERBUDDY_TEST=1`): production's settings with fixed keys and a fast password hasher.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"


def env_flag(name: str) -> bool:
    """True or false from the environment; anything that is neither raises."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "0", "false", "no"}:
        return False
    if value in {"1", "true", "yes"}:
        return True
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_list(name: str) -> list[str]:
    """A comma-separated variable as a list without empty parts."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def env_number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number from the environment; anything outside `least`..`most` raises."""
    value = os.environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name} must be a number from {least} to {most}, not {value!r}.")
    return int(value)


DEMO = env_flag("OUDERBUDDY_DEMO")
TEST = env_flag("OUDERBUDDY_TEST")
# A demo signs anybody in with one click: it must never share a database, a key or a name with a real school.
_real = [name for name in ("DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS") if os.environ.get(name)]
if DEMO and (_real or TEST):
    raise ImproperlyConfigured(
        f"Demo mode refuses to start with {', '.join(_real or ['OUDERBUDDY_TEST'])} set."
    )


def required(name: str, stand_in: str) -> str:
    """A variable production cannot do without; demo and tests use `stand_in`."""
    value = os.environ.get(name) or (stand_in if DEMO or TEST else "")
    if not value:
        raise ImproperlyConfigured(f"Set {name} (see docs/running.md).")
    return value


def database(url: str) -> dict[str, Any]:
    """Django's database settings for `url`: postgres://user:password@host:port/name?option=value."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgres:// or postgresql://.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite(path: Path) -> dict[str, Any]:
    """Django's database settings for a SQLite file that many requests may write to at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # IMMEDIATE: a transaction waits for its turn to write instead of failing half-way.
        # secure_delete: what is erased is overwritten, not left in free pages.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
        "CONN_MAX_AGE": 60,
        "TEST": {"NAME": path.with_name(f"test-{path.name}")},
    }


DEBUG = False
SECRET_KEY = required("SECRET_KEY", "no-secret-in-demo-and-tests" * 3)
# Fernet keys, newest first: new values use the first, old values are read with any of them.
FIELD_KEYS = (
    required("FIELD_KEYS", "ZGVtby1hbmQtdGVzdHMta2V5LW5vdC1hLXNlY3JldC0=").replace(" ", "").split(",")
)
LOOPBACK = "localhost,127.0.0.1,[::1]"
ALLOWED_HOSTS = (
    (LOOPBACK if DEMO else required("ALLOWED_HOSTS", f"testserver,{LOOPBACK}")).replace(" ", "").split(",")
)
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

if url := os.environ.get("DATABASE_URL"):
    DATABASES = {"default": database(url)}
elif DEMO:
    DATABASES = {"default": sqlite(VAR_DIR / "demo.sqlite3")}
else:
    DATABASES = {"default": sqlite(Path(os.environ.get("OUDERBUDDY_DB", VAR_DIR / "ouderbuddy.sqlite3")))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "meetings",
    "buddies",
    "school",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Outermost, so that what fails further in carries the headers too, and above WhiteNoise for static files.
    "school.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "school.middleware.OnlyUtf8Middleware",
    "school.middleware.WholeCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "school.middleware.SignedInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "school.middleware.WrongVerbMiddleware",
    "school.middleware.SchoolMiddleware",
]

ROOT_URLCONF = "school.urls"
WSGI_APPLICATION = "school.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "school.context.school",
                "buddies.context.buddies",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Signing in
AUTH_USER_MODEL = "school.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "school.accounts.ClosedAdapter"
ACCOUNT_FORMS = {
    "login": "school.forms.accounts.SignInForm",
    "reset_password": "school.forms.accounts.NewPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# Ours hold over all server processes: school/accounts.py.
ACCOUNT_RATE_LIMITS = False
# No mail to an address we do not know: allauth's would invite a stranger to sign up.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEMO or TEST else "https"

# Mail
if TEST:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
elif DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
else:
    EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
    EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
    EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = env_flag("EMAIL_USE_TLS")
    EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Ouderbuddy <noreply@localhost>")

# Browser and transport
# In the session: a message may name a parent, and a cookie can be read by whoever uses the computer next.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# The proxies in front of us: without the right number everybody seems to come from one address, and a few wrong
# passwords would lock out all.
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if DEMO or TEST else env_number("TRUSTED_PROXIES", 1, least=0, most=9)
SESSION_ENGINE = "school.sessions"
# In seconds: without use, and whatever the use.
SESSION_IDLE = env_number("SESSION_IDLE_MINUTES", 30, least=1, most=24 * 60) * 60
SESSION_COOKIE_AGE = env_number("SESSION_HOURS", 12, least=1, most=24 * 7) * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
KNOWN_BROWSER_COOKIE = "known-browser"
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
FILE_UPLOAD_HANDLERS = ["school.uploads.NoUploads"]
CSRF_FAILURE_VIEW = "school.views.csrf_failure"
if not (DEMO or TEST):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    KNOWN_BROWSER_COOKIE = "__Host-known-browser"
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# What the apps contribute, as dotted paths in the order they are used; see docs/decisions.md.
WORKLIST = [
    "school.team_worklist.items",
    "buddies.worklist.items",
    "buddies.newcomer_worklist.items",
    "buddies.match_worklist.items",
    "buddies.access_worklist.items",
    "meetings.worklist.items",
]
HANDOVER = [
    "meetings.handover.MEETINGS",
    "meetings.handover.PROMISES",
    "buddies.handover.SIGNALS",
    "buddies.handover.MATCHES",
    "buddies.handover.THEMES",
]
DUE_JOBS = [
    "school.due.hand_over",
    "school.due.forget_sessions",
    "school.due.forget_attempts",
    "buddies.due.forget_undiscussed",
    "buddies.due.forget_suggestions",
    "buddies.due.erase_expired_experiences",
    "buddies.due.forget_themes",
    "buddies.due.forget_ended",
    "buddies.due.forget_offers",
    "buddies.due.forget_refusals",
    "buddies.due.forget_kept_apart",
    "buddies.due.forget_consents",
    "buddies.due.forget_links",
    "meetings.due.forget_meetings",
    "school.due.forget_events",
]
AUDIT_LOG = ["school.audit_log.part", "buddies.audit_log.part", "meetings.audit_log.part"]

# Errors name the request and the exception, never what somebody typed, nor a row, nor the key of a link.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"without_links": {"()": "buddies.links.unlogged.WithoutLinks"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "without_links"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Whoever looks for another site here is told so; that is no error of ours, and its name is what they typed.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
