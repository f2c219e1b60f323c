"""Production's settings, for a server that a test starts: only where static files are collected is the test's."""

import os
from pathlib import Path

from school.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["SERVED_STATIC"])
