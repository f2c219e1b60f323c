"""The views of this app. Settings name `csrf_failure` here."""

from .site import csrf_failure

__all__ = ["csrf_failure"]
