"""Production's settings, and an address more."""

from tests.served_settings import *  # noqa: F403

ROOT_URLCONF = "tools.bench.urls"
