"""What is due in this app. Run by `manage.py run_due`; each job may run any number of times."""

from __future__ import annotations

from datetime import date

from .actions.leaving import carry_out_again, carry_out_due


def hand_over(on: date) -> int:
    """Give what colleagues left behind to who takes over. Gives how many things went over."""
    return carry_out_due(on) + carry_out_again(on)
