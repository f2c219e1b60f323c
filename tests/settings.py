"""The product's settings in test mode, also when pytest is started by hand."""

import os

os.environ.setdefault("OUDERBUDDY_TEST", "1")

from school.settings import *  # noqa: F403
