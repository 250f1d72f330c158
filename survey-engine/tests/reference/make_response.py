"""Writes the response_*.json and r_indicator_*.json of this folder: the definitions in exact fractions.

Run in this folder: python3 make_response.py   (Python 3.11, standard library only)
"""

import json
import math
from fractions import Fraction as F

SOFTWARE = "Python 3.11; fractions"


def write(name, method, parameters, expected, notes):
    case = {
        "id": name, "method": method, "input_csv": None, "parameters": parameters, "expected": expected,
        "tolerance": {"abs": 1e-12, "rel": 1e-12}, "produced_by": {"software": SOFTWARE, "call": "the definitions"}, "notes": notes,
    }
    with open(name + ".json", "w") as file:
        json.dump(case, file, indent=1)
        file.write("\n")


def over(part, whole):
    return None if whole is None or whole == 0 else float(F(part) / F(whole))


def rates(case):
    i, p, r, nc, o = (case[name] for name in ("I", "P", "R", "NC", "O"))
    known, unknown = i + p + r + nc + o, case["UH"] + case["UO"]
    e = F(str(case["e"])) if case["e"] is not None else (F(known, known + case["NE"]) if known + case["NE"] else None)
    eligible = known + e * unknown if e is not None else (known if unknown == 0 else None)
    return {
        "e": None if e is None else float(e),
        "RR1": over(i, known + unknown), "RR2": over(i + p, known + unknown),
        "RR3": over(i, eligible), "RR4": over(i + p, eligible),
        "RR5": over(i, known), "RR6": over(i + p, known),
        "COOP1": over(i, i + p + r + o), "REF1": over(r, known + unknown), "CON1": over(i + p + r + o, known + unknown),
    }


def of(*counts, e=None):
    return dict(zip(("I", "P", "R", "NC", "O", "UH", "UO", "NE"), counts), e=e)


def indicator(cells):
    population, respondents = sum(n for _, n, _ in cells), sum(r for _, _, r in cells)
    rate = F(respondents, population)
    between = sum(n * (F(r, n) - rate) ** 2 for _, n, r in cells)
    s = math.sqrt(between / (population - 1))
    return {
        "response_rate": float(rate), "S_rho": s, "R": 1 - 2 * s,
        "cv_rho": s / float(rate) if rate else None, "max_abs_std_bias": s / float(rate) if rate else None,
        "partial_unconditional_total": math.sqrt(between / population),
        "partial_unconditional_cell": {c: math.sqrt(n / population) * float(F(r, n) - rate) for c, n, r in cells},
    }


def main():
    cases = [
        of(7, 2, 1, 0, 0, 0, 0, 0), of(7, 2, 1, 0, 0, 3, 4, 6), of(7, 2, 1, 5, 3, 3, 4, 6, e=0), of(7, 2, 1, 5, 3, 3, 4, 6, e=1),
        of(7, 2, 1, 5, 3, 3, 4, 6, e=0.25), of(123456, 789, 4321, 98765, 12, 3456, 789, 1011),
    ]
    write("response_rate_shares_given", "response_rate", {"cases": cases}, {"cases": [rates(case) for case in cases]},
          "Eligibility by proportion and given, with its ends.")
    cases = [
        of(0, 0, 0, 0, 0, 0, 0, 0), of(0, 0, 0, 0, 0, 0, 0, 4), of(0, 0, 0, 0, 0, 5, 0, 0), of(0, 0, 0, 0, 0, 5, 0, 4),
        of(0, 0, 3, 0, 0, 0, 0, 0), of(1, 0, 0, 0, 0, 0, 0, 0), of(0, 0, 0, 0, 0, 5, 1, 0, e=0.5), of(0, 0, 0, 0, 0, 5, 1, 0, e=0),
    ]
    write("response_rate_nobody", "response_rate", {"cases": cases}, {"cases": [rates(case) for case in cases]},
          "Nothing invited, nobody eligible, eligibility unknown for all.")
    for name, cells, notes in [
        ("r_indicator_one_kind_silent", [("a", 40, 31), ("b", 12, 0), ("c", 3, 3), ("d", 145, 90)], "A kind nobody of which answered."),
        ("r_indicator_nobody_answered", [("a", 10, 0), ("b", 5, 0)], "No respondents: no variation."),
        ("r_indicator_two_persons", [("a", 1, 1), ("b", 1, 0)], "The smallest population: below 0."),
        ("r_indicator_one_kind", [("all", 812, 401)], "One kind is represented by itself."),
    ]:
        given = [{"cell": c, "population": n, "respondents": r} for c, n, r in cells]
        write(name, "r_indicator", {"cells": given}, indicator(cells), notes)


main()
