"""All settings, from the environment. Nothing is started here and nothing is connected to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import environment as env
from config.places import places_of

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = env.text("JIHENG_ENV", "development")
if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured(f"JIHENG_ENV 应为 development 或 production，写的是 {ENVIRONMENT!r}")
PRODUCTION = ENVIRONMENT == "production"
VAR_DIR = Path(env.text("JIHENG_VAR", str(BASE_DIR / "var")) or BASE_DIR / "var")

# ── safety ──────────────────────────────────────────────────────────────────────────────────────

DEBUG = env.boolean("JIHENG_DEBUG", not PRODUCTION)
DEMO_ACCOUNTS = env.boolean("JIHENG_DEMO_ACCOUNTS", not PRODUCTION)
_SHORTEST_KEY = 50
if PRODUCTION:
    SECRET_KEY = env.required("SECRET_KEY")
    if len(SECRET_KEY) < _SHORTEST_KEY or len(set(SECRET_KEY)) < 10:
        raise ImproperlyConfigured(f"SECRET_KEY 太短或太简单：至少 {_SHORTEST_KEY} 个字符")
    ALLOWED_HOSTS = env.names("ALLOWED_HOSTS")
    CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
    if DEBUG:
        raise ImproperlyConfigured("生产环境不能打开 JIHENG_DEBUG")
    if env.text("SABOTAGE") or env.text("TESTING"):
        raise ImproperlyConfigured("生产环境不能设置 SABOTAGE 或 TESTING")
    if DEMO_ACCOUNTS:
        raise ImproperlyConfigured("生产环境不能打开 JIHENG_DEMO_ACCOUNTS")
    if not ALLOWED_HOSTS or any(host in {"*", ".", ""} for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("ALLOWED_HOSTS 必须写明域名，不能为空，也不能是 *")
    if any(not origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS):
        raise ImproperlyConfigured("CSRF_TRUSTED_ORIGINS 的每一项都应以 https:// 开头")
else:
    SECRET_KEY = env.text("SECRET_KEY") or env.secret_kept_in(VAR_DIR / "secret-key")
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    CSRF_TRUSTED_ORIGINS = []

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_MINUTES = env.integer("SESSION_IDLE_MINUTES", 30, least=1, most=24 * 60)
SESSION_HOURS = env.integer("SESSION_HOURS", 12, least=1, most=24)
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0, least=0, most=8)
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.boolean("JIHENG_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
EMAIL_HOST = env.text("EMAIL_HOST", "") or ""
EMAIL_PORT = env.integer("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "") or ""
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "") or ""
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "jiheng@localhost") or "jiheng@localhost"

# ── application ─────────────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    # Its own site stands in budgets/admin.py; nothing is looked for elsewhere.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "config.apps.ServiceConfig",
    "budgets",
    "performance",
]
MIDDLEWARE = [
    "budgets.web.middleware.RequestIdMiddleware",
    "budgets.web.middleware.AddressMiddleware",
    "budgets.web.middleware.HeadersMiddleware",
    # Above whatever writes into a page, so that it comes last.
    "budgets.web.middleware.PressedPagesMiddleware",
    "budgets.web.middleware.PlainCookiesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # In development the server of Django hands out the static files.
    *(["whitenoise.middleware.WhiteNoiseMiddleware"] if PRODUCTION else []),
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "budgets.web.sessions.SessionLimitsMiddleware",
    "budgets.web.sessions.SignInRequiredMiddleware",
    "budgets.web.sessions.FirstThingsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "budgets.web.middleware.SeenByMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "budgets/web/templates", BASE_DIR / "performance/web/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {
                "figures": "performance.web.templatetags.figures",
                "charts": "performance.web.templatetags.charts",
                "trail": "performance.web.templatetags.trail",
                "manual": "performance.web.templatetags.manual",
                "forms": "budgets.web.templatetags.forms",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
AUTH_USER_MODEL = "budgets.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_MIN_LENGTH = env.integer("PASSWORD_MIN_LENGTH", 10, least=8, most=64)
PASSWORD_MAX_AGE_DAYS = env.integer(
    "PASSWORD_MAX_AGE_DAYS", 90 if PRODUCTION else 0, least=0, most=3650
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"budgets.services.passwords.{name}"}
    for name in ("LongEnough", "ThreeClasses", "WithoutName", "NotUsedBefore")
] + [{"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"}]
SIGN_IN_FAILURES = env.integer("SIGN_IN_FAILURES", 5, least=1, most=20)
SIGN_IN_LOCK_MINUTES = env.integer("SIGN_IN_LOCK_MINUTES", 15, least=1, most=24 * 60)
SIGN_IN_PAIR_FAILURES = env.integer("SIGN_IN_PAIR_FAILURES", 10, least=1, most=200)
SIGN_IN_ADDRESS_FAILURES = env.integer("SIGN_IN_ADDRESS_FAILURES", 50, least=1, most=10000)
TOTP_REQUIRED_ROLES = env.names(
    "TOTP_REQUIRED_ROLES",
    "system_admin,security_admin,audit_admin,finance_reviewer" if PRODUCTION else "",
)
CSRF_FAILURE_VIEW = "budgets.web.errors.csrf_failure"

# ── language and time ───────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

# ── database ────────────────────────────────────────────────────────────────────────────────────

DATABASE_LAUNCHER = "config.postgres"
_PLACES = places_of(BASE_DIR)
_OWNER_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "squashmigrations"}
AS_OWNER = len(sys.argv) > 1 and sys.argv[1] in _OWNER_COMMANDS


def _local(role: str) -> str:
    """Address of a role in the clone's own cluster."""
    return f"postgresql://{role}@/jiheng?host={_PLACES.sockets}&port={_PLACES.port}"


def _database(variable: str, role: str) -> dict[str, Any]:
    """The connection of one role: as the environment says, else the clone's own cluster."""
    url = env.text(variable)
    if not url and PRODUCTION:
        url = env.required(variable)
    connection = env.database(url or _local(role), variable)
    options: dict[str, Any] = connection["OPTIONS"]  # type: ignore[assignment]
    options.setdefault(
        "options",
        "-c lock_timeout=3000 -c statement_timeout=15000"
        " -c idle_in_transaction_session_timeout=30000",
    )
    connection["ATOMIC_REQUESTS"] = True
    connection["CONN_HEALTH_CHECKS"] = True
    return connection


if AS_OWNER:
    DATABASES = {"default": _database("DATABASE_OWNER_URL", "perf_owner")}
    DATABASES["default"]["OPTIONS"]["options"] = "-c lock_timeout=5000"
else:
    DATABASES = {"default": _database("DATABASE_URL", "perf_app")}
BACKUP_DATABASE_URL = env.text("BACKUP_DATABASE_URL") or (
    "" if PRODUCTION else _local("perf_backup")
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── files ───────────────────────────────────────────────────────────────────────────────────────

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "budgets/web/static", BASE_DIR / "performance/web/static"]
MEDIA_ROOT = VAR_DIR / "media"
KEY_FILE: str = env.text("KEY_FILE") or str(VAR_DIR / "keys.json")
CHECKPOINT_DIR: str = env.text("CHECKPOINT_DIR") or str(VAR_DIR / "checkpoints")
CHECKPOINT_COPY_DIR: str = env.text("CHECKPOINT_COPY_DIR") or ""
SM3 = env.boolean("JIHENG_SM3", False)
_STATIC = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if PRODUCTION
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC},
}

# ── background work ─────────────────────────────────────────────────────────────────────────────

# Jobs are rows of the database. Without a broker the web processes work them off themselves.
JOB_KINDS = "performance.services.background.KINDS"
JOBS_IN_PROCESS = env.boolean("JIHENG_JOBS_IN_PROCESS", True)
EXPORT_ROOT = VAR_DIR / "exports"
CELERY_APP = "config.celery.app"
CELERY_BROKER_URL = env.broker("CELERY_BROKER_URL")
BELL_SECONDS = 0.5
BELL_OPTIONS: dict[str, Any] = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
if (CELERY_BROKER_URL or "").startswith("redis"):
    BELL_OPTIONS |= {"socket_timeout": BELL_SECONDS, "socket_connect_timeout": BELL_SECONDS}
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 5,
        "socket_timeout": 30,
        "health_check_interval": 10,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_DEFAULT_QUEUE = "jobs"
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 100, 120
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TIMEZONE = TIME_ZONE

# ── API ─────────────────────────────────────────────────────────────────────────────────────────

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "budgets.api.tokens.SessionOfPage",
        "budgets.api.tokens.BearerToken",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "budgets.api.tokens.InScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["budgets.api.parsing.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "budgets.api.errors.problem_response",
    "UNICODE_JSON": True,
    "STRICT_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "绩衡 API",
    "DESCRIPTION": "绩效目标、自评与逐行解释的得分。金额单位为元。",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    # Its links to single operations stand inside buttons, where no keyboard finds them.
    "SWAGGER_UI_SETTINGS": {"deepLinking": False},
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": [
        "rest_framework.permissions.IsAuthenticated",
        "budgets.api.tokens.InScope",
    ],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# ── logs ────────────────────────────────────────────────────────────────────────────────────────

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "budgets.web.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("JIHENG_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR", "handlers": ["stderr"], "propagate": False},
        "django.server": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
    },
}
