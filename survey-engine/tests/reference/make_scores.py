"""Writes the cases of score_scale and merge_tree beside this file, with their tables: scores from raw rows, in exact fractions.

Run: python make_scores.py   (made with Python 3.11.7 and numpy 2.4.6; the data are invented, seed 20240907)

Every person's score is a fraction, so that ties are ties; standard deviations and alpha come from numpy.
"""

import json
import math
import random
from fractions import Fraction
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SOFTWARE = "Python 3.11.7; numpy 2.4.6"


def percent(part, whole):
    return float(Fraction(100 * part, whole)) if whole else None


def mean(values):
    return float(sum(values, Fraction(0)) / len(values)) if values else None


def deviation(values):
    return float(np.std([float(value) for value in values], ddof=1)) if len(values) > 1 else None


def quantile(values, p):
    """Linear interpolation between order statistics, h = (n - 1) p."""
    if not values:
        return None
    values = sorted(values)
    place = (len(values) - 1) * Fraction(p)
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    return float(values[below] + (place - below) * (values[above] - values[below]))


def read(field, case):
    """A recoded value, or the kind of missing answer."""
    if field == "":
        return "blank"
    if int(field) in case["dont_know_codes"]:
        return "dont_know"
    if int(field) in case["not_applicable_codes"]:
        return "not_applicable"
    return int(field)


def recoded(rows, case):
    answers = []
    for row in rows:
        one = []
        for item in case["items"]:
            value = read(row[item], case)
            if isinstance(value, int) and item in case["reverse"]:
                value = case["scale_min"] + case["scale_max"] - value
            one.append(value)
        answers.append(one)
    return answers


def score_scale(rows, case):
    low, high = case["scale_min"], case["scale_max"]
    answers = recoded(rows, case)
    items = {}
    for at, name in enumerate(case["items"]):
        column = [one[at] for one in answers]
        valid = [value for value in column if isinstance(value, int)]
        items[name] = {
            "n_valid": len(valid),
            "n_dont_know": column.count("dont_know"),
            "n_not_applicable": column.count("not_applicable"),
            "n_blank": column.count("blank"),
            "counts_recoded": {str(value): valid.count(value) for value in range(low, high + 1)},
            "mean": mean(valid),
            "sd": deviation(valid),
            "pct_favourable": percent(sum(value >= case["favourable_min"] for value in valid), len(valid)),
            "pct_top_box": percent(valid.count(high), len(valid)),
        }
    k = len(case["items"])
    needed = math.ceil(case["min_valid_share"] * k - 1e-9)
    persons = []
    for one in answers:
        valid = [value for value in one if isinstance(value, int)]
        persons.append(Fraction(sum(valid), len(valid)) if valid and len(valid) >= needed else None)
    scores = [score for score in persons if score is not None]
    pomp = [None if score is None else 100 * (score - low) / (high - low) for score in persons]
    every = [value for one in answers for value in one if isinstance(value, int)]
    shares = [item["pct_favourable"] for item in items.values()]
    cut = Fraction(case["person_favourable_cut"]) - Fraction(1, 10**9)
    return {
        "items": items,
        "scale": {
            "min_items_needed": needed,
            "n_scored": len(scores),
            "n_unscored": len(persons) - len(scores),
            "sum_of_scores": float(sum(scores, Fraction(0))),
            "mean": mean(scores),
            "sd": deviation(scores),
            "pomp_mean": mean([value for value in pomp if value is not None]),
            "pomp_sd": deviation([value for value in pomp if value is not None]),
            "lower_quartile": quantile(scores, "1/4"),
            "median": quantile(scores, "1/2"),
            "upper_quartile": quantile(scores, "3/4"),
            "pct_favourable_pooled": percent(sum(value >= case["favourable_min"] for value in every), len(every)),
            "pct_favourable_item_average": None if None in shares else float(np.mean(shares)),
            "pct_favourable_persons": percent(sum(score >= cut for score in scores), len(scores)),
        },
        "first_25_person_means": [None if score is None else float(score) for score in persons[:25]],
        "first_25_pomp": [None if value is None else float(value) for value in pomp[:25]],
    }


def alpha(rows):
    k = len(rows[0]) if rows else 0
    if len(rows) < k + 2:
        return None
    covariance = np.cov(np.array(rows, dtype=float), rowvar=False, ddof=1)
    if np.any(np.diag(covariance) == 0):
        return None
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def level(rows, case):
    complete = [one for one in recoded(rows, case) if all(isinstance(value, int) for value in one)]
    k, low, high = len(case["items"]), case["scale_min"], case["scale_max"]
    sums = [sum(one) for one in complete]
    means = [Fraction(total, k) for total in sums]
    favourable = sum(value >= case["favourable_min"] for one in complete for value in one)
    return {
        "n": len(complete),
        "sum_score_total": sum(sums),
        "sum_score_squares": sum(total * total for total in sums),
        "mean": mean(means),
        "sd": deviation(means),
        "alpha": alpha(complete),
        "pct_favourable_pooled": percent(favourable, k * len(complete)),
        "raw_score_counts": [sums.count(k * low + raw) for raw in range(k * (high - low) + 1)],
    }


def merge_tree(rows, case, node_of):
    nodes = {}
    for row in rows:
        nodes.setdefault(str(node_of(int(row[case["leaf"]]))), []).append(row)
    return {"nodes": {name: level(part, case) for name, part in nodes.items()}, "root": level(rows, case)}


def invent(chance, people, items, low, high, missing, reverse=()):
    """Rows of a common trait and noise; `missing` holds (field, probability)."""
    rows = []
    for _ in range(people):
        trait = chance.gauss(0, 1)
        row = {}
        for item in items:
            span = high - low
            value = round(low + span * (0.55 + 0.22 * trait + 0.2 * chance.gauss(0, 1)))
            value = min(high, max(low, value))
            if item in reverse:
                value = low + high - value
            row[item] = str(value)
            draw = chance.random()
            for field, probability in missing:
                if draw < probability:
                    row[item] = field
                    break
                draw -= probability
        rows.append(row)
    return rows


def write_table(name, rows):
    header = list(rows[0])
    lines = [",".join(header)] + [",".join(row[column] for column in header) for row in rows]
    (HERE / name).write_text("\n".join(lines) + "\n")


def write_case(name, method, table, parameters, expected, notes):
    case = {
        "id": name,
        "method": method,
        "input_csv": table,
        "parameters": parameters,
        "expected": expected,
        "tolerance": {"abs": 1e-10, "rel": 1e-12},
        "produced_by": {"software": SOFTWARE, "call": "make_scores.py, from the raw rows"},
        "notes": notes,
    }
    (HERE / f"{name}.json").write_text(json.dumps(case, indent=1) + "\n")


def score_case(name, table, rows, notes, **parameters):
    case = {"reverse": [], "dont_know_codes": [], "not_applicable_codes": [], "blank": "empty field", **parameters}
    write_case(name, "score_scale", table, case, score_scale(rows, case), notes)


def merge_case(name, table, rows, node, node_of, notes, **parameters):
    case = {"reverse": [], "leaf": "leaf", "node": node, "missing": "listwise", **parameters}
    codes = {"dont_know_codes": [], "not_applicable_codes": []}
    write_case(name, "merge_tree", table, case, merge_tree(rows, {**codes, **case}, node_of), notes)


def main():
    chance = random.Random(20240907)

    items = [f"v{at}" for at in range(1, 9)]
    codes = [("", 0.04), ("-8", 0.05), ("-9", 0.03)]
    rows = invent(chance, 300, items, -2, 2, codes, reverse=("v3", "v6"))
    write_table("scores_centred.csv", rows)
    common = {"items": items, "reverse": ["v3", "v6"], "scale_min": -2, "scale_max": 2}
    missing = {"dont_know_codes": [-8], "not_applicable_codes": [-9]}
    score_case("score_centred_two_thirds", "scores_centred.csv", rows,
               "values from -2 to 2; two thirds of eight items are six",
               **common, **missing, min_valid_share=0.6666666666666666, favourable_min=1, person_favourable_cut=0.6)
    score_case("score_centred_any_answer", "scores_centred.csv", rows,
               "a tenth of eight items is one; only the highest answer is favourable",
               **common, **missing, min_valid_share=0.1, favourable_min=2, person_favourable_cut=1.3333333333333333)

    items = ["r1", "r2", "r3"]
    rows = invent(chance, 41, items, 0, 10, [("", 0.3)], reverse=("r2",))
    write_table("scores_rating.csv", rows)
    score_case("score_rating_many_blank", "scores_rating.csv", rows,
               "ratings from 0 to 10 with a third left blank; the cut lies between two answers",
               items=items, reverse=["r2"], scale_min=0, scale_max=10, min_valid_share=0.5, favourable_min=7.5,
               person_favourable_cut=7.0)
    score_case("score_rating_filtered", "scores_rating.csv", [row for row in rows if row["r1"] and int(row["r1"]) >= 9],
               "few persons, chosen by an answer", items=items, reverse=["r2"], scale_min=0, scale_max=10,
               min_valid_share=1, favourable_min=8, person_favourable_cut=8, filter="r1>=9")

    rows = [
        {"group": "1", "a": "3", "b": "1", "c": "", "d": ""},
        {"group": "2", "a": "", "b": "9", "c": "", "d": ""},
        {"group": "2", "a": "8", "b": "8", "c": "", "d": "9"},
        {"group": "3", "a": "1", "b": "", "c": "", "d": "2"},
    ]
    write_table("scores_edges.csv", rows)
    common = {"items": ["a", "b", "c", "d"], "reverse": ["b", "d"], "scale_min": 1, "scale_max": 3, **missing}
    common |= {"dont_know_codes": [8], "not_applicable_codes": [9]}
    edges = {"min_valid_share": 0.5, "favourable_min": 3, "person_favourable_cut": 3}
    score_case("score_item_without_answers", "scores_edges.csv", rows, "nobody answered c", **common, **edges)
    score_case("score_one_person", "scores_edges.csv", rows[:1], "a standard deviation of one person is undefined",
               **common, **edges, filter="group==1")
    score_case("score_nobody", "scores_edges.csv", rows[1:3], "two responses without a valid answer", **common,
               **edges, filter="group==2")

    items = ["p", "q", "r", "s"]
    rows = []
    for leaf in range(1, 24):
        for row in invent(chance, chance.randint(1, 19), items, 1, 4, [("", 0.06)], reverse=("q",)):
            rows.append({"leaf": str(leaf), **row})
    chance.shuffle(rows)
    write_table("scores_leaves.csv", rows)
    common = {"items": items, "reverse": ["q"], "scale_min": 1, "scale_max": 4}
    merge_case("merge_fives", "scores_leaves.csv", rows, "(leaf-1) div 5 + 1", lambda leaf: (leaf - 1) // 5 + 1,
               "23 leaves in five nodes; persons with a missing answer are left out everywhere", **common, favourable_min=3)
    merge_case("merge_remainders", "scores_leaves.csv", rows, "leaf mod 11", lambda leaf: leaf % 11,
               "nodes of leaves that do not lie together; only the highest answer is favourable", **common,
               favourable_min=4)
    merge_case("merge_each", "scores_leaves.csv", rows, "2 * leaf - 1", lambda leaf: 2 * leaf - 1,
               "every leaf a node: some have too few persons for alpha", **common, favourable_min=3)


main()
