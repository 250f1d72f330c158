"""Writes the disclosure cases beside this file.

Run: python make_disclosure.py   (Python 3.11, standard library only)

Everything follows from the definition by brute force: ranks in exact fractions, every set of atoms below the minimum, every set of
further cells in order of its size. Nothing is shared with the engine.
"""

import itertools
import json
import platform
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).parent
EXACT = {"abs": 0, "rel": 0}


def rank(rows):
    rows = [[Fraction(value) for value in row] for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((at for at in range(found, len(rows)) if rows[at][column] != 0), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for at in range(found + 1, len(rows)):
            if rows[at][column] != 0:
                factor = rows[at][column] / rows[found][column]
                rows[at] = [a - factor * b for a, b in zip(rows[at], rows[found])]
        found += 1
    return found


def leak(atoms, cells, minimum):
    """The smallest set of atoms with fewer than `minimum` persons about which something follows, or None."""
    filled = [name for name, n in atoms.items() if n > 0]
    rows = [[int(name in cell) for name in filled] for cell in cells]
    small = [name for name in filled if atoms[name] < minimum]
    whole = rank(rows)
    for size in range(1, len(small) + 1):
        for chosen in itertools.combinations(small, size):
            if sum(atoms[name] for name in chosen) >= minimum:
                continue
            kept = [at for at, name in enumerate(filled) if name not in chosen]
            if rank([[row[at] for at in kept] for row in rows]) < whole:
                return list(chosen)
    return None


def persons(atoms, cell):
    return sum(atoms[name] for name in cell)


def solve(atoms, cells, minimum):
    primary = [name for name, cell in cells.items() if 0 < persons(atoms, cell) < minimum]
    rest = [name for name in cells if name not in primary]

    def left(hidden):
        return [cells[name] for name in rest if name not in hidden]

    first = leak(atoms, left([]), minimum)
    for size in range(len(rest) + 1):
        best = None
        for hidden in itertools.combinations(rest, size):
            total = sum(persons(atoms, cells[name]) for name in hidden)
            if (best is None or total < best[0]) and leak(atoms, left(hidden), minimum) is None:
                best = (total, list(hidden))
        if best is not None:
            return {
                "primary": primary,
                "primary_only_is_safe": first is None,
                "leaking_atoms_if_primary_only": first,
                "minimum_secondary_count": size,
                "minimum_secondary_total_n": best[0],
                "reference_secondary": best[1],
            }
    raise AssertionError("publishing nothing is safe")


def write(case, method, parameters, expected, call, notes, tolerance=None):
    document = {
        "id": case,
        "method": method,
        "input_csv": None,
        "parameters": parameters,
        "expected": expected,
        "tolerance": tolerance or EXACT,
        "produced_by": {"software": f"Python {platform.python_version()}", "call": f"make_disclosure.py: {call}"},
        "notes": notes,
    }
    (HERE / f"{case}.json").write_text(json.dumps(document, indent=1) + "\n")


def named(groups):
    return [{"name": name, "atoms": list(cell)} for name, cell in groups.items()]


def sized(atoms):
    return [{"name": name, "n": n} for name, n in atoms.items()]


def suppression(case, atoms, cells, minimum, notes):
    parameters = {"minimum_n": minimum, "atoms": sized(atoms), "cells": named(cells)}
    write(case, "suppression_table", parameters, solve(atoms, cells, minimum), "solve", notes)


def crossed(sizes):
    """Atoms and cells of a crossed table with margins, from rows of sizes."""
    atoms = {f"r{i}c{j}": n for i, row in enumerate(sizes) for j, n in enumerate(row)}
    cells = {name: [name] for name in atoms}
    for i, row in enumerate(sizes):
        cells[f"r{i}"] = [f"r{i}c{j}" for j in range(len(row))]
    for j in range(len(sizes[0])):
        cells[f"c{j}"] = [f"r{i}c{j}" for i in range(len(sizes))]
    cells["all"] = list(atoms)
    return atoms, cells


def queries(case, minimum, atoms, asked, notes):
    answered, decisions = [], []
    for name, cell in asked.items():
        n, found = persons(atoms, cell), None
        reason = "below_minimum_n" if n < minimum else None
        if reason is None:
            found = leak(atoms, answered + [cell], minimum)
            reason = "differencing" if found else None
        if reason is None:
            answered.append(cell)
        decisions.append({"query": name, "n": n, "answer": reason is None, "reason": reason, "leak": found})
    parameters = {"minimum_n": minimum, "atoms": sized(atoms), "queries": named(asked)}
    write(case, "suppression_query_sequence", parameters, {"decisions": decisions}, "queries", notes)


def snapshots(case, minimum, counts, notes):
    publish, last = [], None
    for n in counts:
        publish.append(n >= minimum and (last is None or n == last or n - last >= minimum))
        last = n if publish[-1] else last
    parameters = {"minimum_n": minimum, "cumulative_n": counts}
    write(case, "suppression_snapshots", parameters, {"publish": publish}, "snapshots", notes)


def masks(case, minimum, limits, shares, notes):
    display = []
    for favourable, n in shares:
        limit = next((percent for start, percent in limits if n >= start), None)
        share = Fraction(100 * favourable, n)
        if n < minimum or limit is None:
            display.append(None)
        elif share >= 100 - limit:
            display.append(f">={100 - limit}")
        elif share <= limit:
            display.append(f"<={limit}")
        else:
            display.append(str((share + Fraction(1, 2)).__floor__()))
    parameters = {
        "minimum_n": minimum,
        "limits": [list(limit) for limit in limits],
        "cases": [{"favourable": favourable, "n": n} for favourable, n in shares],
    }
    write(case, "extreme_percent_mask", parameters, {"display": display}, "masks", notes)


def noise(case, settings, notes):
    getcontext().prec = 60
    results = []
    for epsilon, sensitivity in settings:
        alpha = (-Decimal(epsilon) / sensitivity).exp()
        mass = [(1 - alpha) / (1 + alpha) * alpha**z for z in range(6)]
        # The tail and the variance as sums, not as closed forms.
        far = int(Decimal(140) * sensitivity / Decimal(epsilon)) + 50
        at_zero, power, tail, variance = mass[0], alpha, Decimal(0), Decimal(0)
        for z in range(1, far):
            probability = at_zero * power
            variance += 2 * z * z * probability
            tail += 2 * probability if z >= 10 else 0
            power *= alpha
        results.append({
            "alpha": float(alpha),
            "pmf_0_to_5": [float(value) for value in mass],
            "variance": float(variance),
            "p_abs_ge_10": float(tail),
        })
    parameters = {"cases": [{"epsilon": float(epsilon), "sensitivity": s} for epsilon, s in settings]}
    tolerance = {"abs": 1e-14, "rel": 1e-11}
    write(case, "dp_two_sided_geometric", parameters, {"cases": results}, "noise, 60 digits", notes, tolerance)


suppression(
    "disclosure_crossed_3x4", *crossed([[3, 22, 31, 18], [25, 4, 12, 40], [19, 27, 33, 28]]), 10,
    "two small groups in different rows and columns",
)
suppression(
    "disclosure_crossed_minimum_5", *crossed([[4, 6, 9], [0, 7, 12], [11, 2, 8]]), 5,
    "an empty group, which is no secret, and a minimum of 5",
)
suppression(
    "disclosure_equal_choices", *crossed([[3, 20], [20, 20], [20, 20]]), 10,
    "several sets of cells do equally well",
)
atoms = {"a1": 14, "a2": 2, "a3": 9, "b1": 30, "b2": 11, "c": 3, "direct": 6}
suppression(
    "disclosure_levels_and_types", atoms,
    {
        **{name: [name] for name in ["a1", "a2", "a3", "b1", "b2", "c"]},
        "A": ["a1", "a2", "a3"], "B": ["b1", "b2"],
        "primary": ["a1", "b1"], "secondary": ["a2", "a3", "b2", "c"],
        "community": list(atoms),
        "community again": list(atoms),
    }, 10,
    "two hierarchies over the same groups, a group that belongs to no school, and a cell that is published twice",
)
suppression(
    "disclosure_nothing_small", *crossed([[12, 15], [10, 30]]), 10, "nothing has to be withheld",
)
suppression(
    "disclosure_differences_of_unions",
    {"a": 3, "b": 4, "c": 30, "d": 25, "e": 12},
    {"abc": ["a", "b", "c"], "acd": ["a", "c", "d"], "bd": ["b", "d"], "ce": ["c", "e"], "all": ["a", "b", "c", "d", "e"]},
    10,
    "no cell is small, and a and b follow from overlapping unions",
)

three = {f"{s}{y}{g}": n for (s, y, g), n in zip(itertools.product("AB", "12", "xy"), [9, 2, 14, 0, 8, 11, 3, 21])}


def having(*letters):
    return [name for name in three if all(letter in name for letter in letters)]


queries(
    "disclosure_queries_three_filters", 5, three,
    {
        "all": having(), "A": having("A"), "x": having("x"), "A and x": having("A", "x"), "B and y": having("B", "y"),
        "year 1": having("1"), "year 1 and x": having("1", "x"), "A2y": having("A", "2", "y"), "B2x": having("B", "2", "x"),
        "x again": having("x"), "B": having("B"), "year 2 and A": having("2", "A"), "not B2x": [n for n in three if n != "B2x"],
    },
    "filters on three attributes one after another, one group empty, one question asked twice",
)
queries(
    "disclosure_queries_in_time", 10, {"first": 40, "second": 4, "third": 9, "fourth": 12},
    {
        "open": ["first"], "a day later": ["first", "second"], "a week later": ["first", "second", "third"],
        "at the end": ["first", "second", "third", "fourth"], "late ones": ["third", "fourth"],
    },
    "a group that grows: every batch of answers is an atom",
)
snapshots("disclosure_snapshots_minimum_5", 5, [0, 3, 5, 5, 9, 10, 14, 15, 15, 30, 34], "minimum of 5")
snapshots("disclosure_snapshots_never", 10, [0, 4, 9, 9], "never enough")
masks(
    "disclosure_masks_other_limits", 5, [(50, 4), (12, 15), (5, 30)],
    [(4, 5), (2, 5), (1, 5), (3, 4), (0, 5), (11, 12), (10, 12), (6, 12), (49, 50), (2, 50), (3, 50), (125, 200), (1, 8), (7, 16)],
    "other limits and another minimum; 62.5 is rounded up",
)
masks(
    "disclosure_masks_at_the_limits", 10, [(300, 1), (100, 2), (40, 5), (20, 10), (10, 20)],
    [(2, 10), (3, 10), (8, 10), (7, 10), (2, 20), (18, 20), (17, 20), (2, 40), (38, 40), (2, 100), (98, 100), (3, 300), (297, 300), (4, 300), (0, 10), (150, 299)],
    "shares at and beside every limit",
)
noise("disclosure_noise", [("0.1", 1), ("0.25", 3), ("2", 1), ("4", 5)], "sums over the whole range in 60 digits")
noise("disclosure_noise_weak", [("8", 1), ("0.05", 2), ("1.5", 7)], "from hardly any noise to a lot")
