#!/usr/bin/env python3
"""Invents the answers of pupils of one school to two scales, the same ones for the same seed.

    synthetic.py SEED > answers.csv

30 classes of 20 to 26 pupils answer T1-T7 (teachers) and K1-K6 (classmates) from 1 to 5; T7, K2 and K5 are worded the
other way round and are written as answered. A pupil's answers hang together within a scale, the two scales hang
together, and so do the pupils of a class. About one answer in fifty is blank, and one pupil in a hundred stops halfway.
"""

import random
import sys

ITEMS = [f"T{number}" for number in range(1, 8)] + [f"K{number}" for number in range(1, 7)]
REVERSED = {"T7", "K2", "K5"}
THRESHOLDS = (-2.2, -1.2, 0.1, 1.5)


def school(seed):
    """The rows of the file, without the header: class number and 13 answers, None for a blank one."""
    chance = random.Random(seed)
    easiness = {item: chance.gauss(0.3, 0.4) for item in ITEMS}
    weight = {item: chance.uniform(0.9, 1.6) for item in ITEMS}
    for number in range(1, 31):
        climate = {"T": chance.gauss(0, 0.5), "K": chance.gauss(0, 0.4)}
        for _ in range(chance.randint(20, 26)):
            shared = chance.gauss(0, 0.6)
            feeling = {scale: climate[scale] + shared + chance.gauss(0, 0.8) for scale in "TK"}
            last = chance.randrange(3, len(ITEMS)) if chance.random() < 0.01 else len(ITEMS)
            row = []
            for place, item in enumerate(ITEMS):
                leaning = weight[item] * feeling[item[0]] + easiness[item] + chance.gauss(0, 0.8)
                answer = 1 + sum(leaning > threshold for threshold in THRESHOLDS)
                blank = chance.random() < 0.02 or place >= last
                row.append(None if blank else 6 - answer if item in REVERSED else answer)
            yield number, row


def main():
    if len(sys.argv) != 2:
        raise SystemExit("synthetic.py SEED")
    print(",".join(["class_id", *ITEMS]))
    for number, row in school(int(sys.argv[1])):
        print(",".join([str(number), *("" if answer is None else str(answer) for answer in row)]))


if __name__ == "__main__":
    main()
