#!/usr/bin/env python3
"""Computes the indicators of one scale from raw answers, independently of the engine.

    indicators.py ANSWERS.csv --items T1,T2,T7 --reversed T7 [--population 700] [--where class_id=11] [--by class_id]

The answers are a CSV file with a header row; an empty field is a blank answer, and the codes given by --missing are
missing as well. Missing answers are removed before anything else and never become a number.

Prints JSON: one object, or with --by an object of them by the value of that column.

    n         persons with a score: at least ceil(share x items) valid answers, and at least one
    mean      mean of the person scores as POMP, 0 to 100 (percent of maximum possible)
    sd        standard deviation of the person scores as POMP, divisor n - 1; null when n < 2
    se        standard error of the mean, sd / sqrt(n) x sqrt(1 - n / population)
    interval  95 % interval of the mean by Student's t with n - 1 degrees of freedom, cut to 0..100; null when n < 2
    alpha     Cronbach's alpha over the complete rows, k/(k-1) x (1 - sum of item variances / variance of the sum);
              null with fewer than two items, fewer than k + 2 complete rows, or an item without variance
    alpha_n   complete rows

Everything up to the square root is computed with exact fractions, so that no rounding is shared with the engine.
"""

import argparse
import csv
import json
import math
import sys
from fractions import Fraction

from scipy.stats import t as student


def mean(values):
    return sum(values, Fraction(0)) / len(values)


def variance(values):
    centre = mean(values)
    return sum(((value - centre) ** 2 for value in values), Fraction(0)) / (len(values) - 1)


def recode(text, reversed_item, scale, missing):
    """The answer as a number in the direction of the scale; None for a missing one."""
    if text == "" or text in missing:
        return None
    value = Fraction(text)
    if not scale[0] <= value <= scale[1]:
        raise SystemExit(f"{text} is not between {scale[0]} and {scale[1]}")
    return scale[0] + scale[1] - value if reversed_item else value


def alpha(rows):
    """Cronbach's alpha of complete rows, or None where it says nothing."""
    items = list(zip(*rows))
    k = len(items)
    if k < 2 or len(rows) < k + 2:
        return None
    variances = [variance(item) for item in items]
    if min(variances) == 0:
        return None
    total = variance([sum(row) for row in rows])
    if total == 0:
        return None
    return float(Fraction(k, k - 1) * (1 - sum(variances) / total))


def indicators(rows, scale=(1, 5), share=Fraction(1, 2), population=None, confidence=0.95):
    """The indicators of rows of recoded answers, each row a list with None for a missing answer."""
    needed = max(1, math.ceil(share * len(rows[0]))) if rows else 1
    scores = []
    for row in rows:
        valid = [value for value in row if value is not None]
        if len(valid) >= needed:
            scores.append(100 * (mean(valid) - scale[0]) / (scale[1] - scale[0]))
    complete = [row for row in rows if None not in row]
    result = {"n": len(scores), "mean": None, "sd": None, "se": None, "interval": None}
    result["alpha"] = alpha(complete)
    result["alpha_n"] = len(complete)
    if not scores:
        return result
    n = len(scores)
    if population is not None and population < n:
        raise SystemExit(f"{n} persons answered out of {population}")
    result["mean"] = float(mean(scores))
    if n > 1:
        outside = 1 if population is None else 1 - Fraction(n, population)
        result["sd"] = math.sqrt(variance(scores))
        result["se"] = math.sqrt(variance(scores) / n * outside)
        reach = student.ppf((1 + confidence) / 2, n - 1) * result["se"]
        result["interval"] = [max(0.0, result["mean"] - reach), min(100.0, result["mean"] + reach)]
    return result


def main():
    parser = argparse.ArgumentParser(description="Indicators of one scale, computed independently of the engine.")
    parser.add_argument("answers")
    parser.add_argument("--items", required=True)
    parser.add_argument("--reversed", default="")
    parser.add_argument("--scale", default="1,5", help="lowest and highest answer")
    parser.add_argument("--missing", default="", help="codes that are missing answers")
    parser.add_argument("--valid-share", default="0.5")
    parser.add_argument("--population", type=int, help="persons invited; without it the population counts as infinite")
    parser.add_argument("--silent", type=int, help="persons invited in each group who are not in the file; with it the population is the rows and these")
    parser.add_argument("--where", help="only the rows in which COLUMN=VALUE")
    parser.add_argument("--by", help="the column to group the rows by")
    options = parser.parse_args()

    items = options.items.split(",")
    turned = set(filter(None, options.reversed.split(",")))
    missing = set(filter(None, options.missing.split(",")))
    scale = tuple(Fraction(bound) for bound in options.scale.split(","))
    if turned - set(items):
        raise SystemExit(f"not among the items: {sorted(turned - set(items))}")
    groups = {}
    with open(options.answers, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if options.where:
                column, _, value = options.where.partition("=")
                if row[column] != value:
                    continue
            answers = [recode(row[item].strip(), item in turned, scale, missing) for item in items]
            groups.setdefault(row[options.by] if options.by else "", []).append(answers)
    share = Fraction(options.valid_share)

    def population(rows):
        return options.population if options.silent is None else len(rows) + options.silent

    results = {name: indicators(rows, scale, share, population(rows)) for name, rows in groups.items()}
    json.dump(results if options.by else results.get("", indicators([])), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
