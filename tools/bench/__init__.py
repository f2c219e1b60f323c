"""`make bench`: how fast matching and the staff pages are, always beside something else on the same machine.

Other work on the machine makes every time longer, so what is compared is run in turns and told as a ratio of medians.
"""
