"""Run by the Python of mentor-match: the people on standard input, what it took on standard output, as JSON.

The rules are those of `buddies.matching` that make a difference for these people, with the same points.
"""

import json
import sys
import time

from matching.mentee import Mentee
from matching.mentor import Mentor
from matching.process import process_data
from matching.rules.rule import Disqualify, Generic
from peak import peak


def rules():
    def no(condition):
        return Disqualify(lambda match: condition(match.mentee.data, match.mentor.data))

    def points(points, condition):
        return Generic(
            {True: points, False: 0}, lambda match: condition(match.mentee.data, match.mentor.data)
        )

    return [
        no(lambda a, h: a["parent"] == h["parent"]),
        no(lambda a, h: h["parent"] in a["family"]),
        no(lambda a, h: h["id"] in a["refused"]),
        no(lambda a, h: a["theme"] not in h["consented"]),
        no(lambda a, h: a["kind"] == "language" and not (a["languages"] - {"nl"}) & h["languages"]),
        no(lambda a, h: a["kind"] == "newcomer" and h["years_here"] < 1),
        no(lambda a, h: h["live"] >= h["capacity"]),
        points(-60, lambda a, h: not a["languages"] & h["languages"]),
        points(30, lambda a, h: bool((a["languages"] - {"nl"}) & h["languages"])),
        points(20, lambda a, h: a["kind"] == "newcomer" and h["children_count"] > 1),
        points(15, lambda a, h: bool(a["wish"]) and a["wish"] == h["kind"]),
        points(-15, lambda a, h: bool(a["wish"]) and a["wish"] != h["kind"]),
        points(10, lambda a, h: bool(a["grades"] & h["grades"])),
        points(10, lambda a, h: any(abs(one - other) <= 1 for one in a["grades"] for other in h["grades"])),
        points(-5, lambda a, h: bool(a["groups"] & h["groups"])),
    ]


def person(kind, data):
    made = kind(grade=0, email=data["id"])
    made.data = {key: set(value) if isinstance(value, list) else value for key, value in data.items()}
    return made


def main():
    asked = json.load(sys.stdin)
    mentees = [person(Mentee, data) for data in asked["askers"]]
    mentors = [person(Mentor, data) for data in asked["helpers"]]
    before, began = peak(), time.process_time()
    process_data(mentors, mentees, [rules()])
    found = {
        "seconds": time.process_time() - began,
        "megabytes": peak() - before,
        "served": sum(bool(mentee.mentors) for mentee in mentees),
    }
    json.dump(found, sys.stdout)


main()
