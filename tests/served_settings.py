"""Production's settings, for a server that a test starts: only where static files are collected is the test's."""

import os

from school.settings import *  # noqa: F403

STATIC_ROOT = os.environ["SERVED_STATIC"]
