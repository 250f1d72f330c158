"""Writes core_cases.json: results of the survey engine's core figures, computed from raw rows by other means.

Run: python make_core_cases.py > core_cases.json   (needs numpy, scipy and mpmath; made with numpy 2.4.6, scipy 1.17.1, mpmath 1.4.1)

Quantiles come from mpmath at 40 digits (from scipy above 500 degrees of freedom), hypergeometric intervals from exact fractions, everything else from numpy and scipy.
"""

import json
import random
import sys
from fractions import Fraction
from math import comb

import mpmath
import numpy as np
from scipy import stats

mpmath.mp.dps = 40
# The fewest persons that a figure may stand for.
MINIMUM = 5
NOT_SHOWN, PREFER_NOT, NOT_APPLICABLE, DONT_KNOW = 252, 253, 254, 255


def beta_quantile(p, a, b, start):
    """Solves I_x(a, b) = p for the log odds of x."""

    def excess(log_odds):
        x = 1 / (1 + mpmath.e ** (-log_odds))
        return mpmath.betainc(a, b, 0, x, regularized=True) - p

    return mpmath.findroot(excess, start)


def t_quantile(p, df):
    if df > 500:
        return float(stats.t.ppf(p, df))
    start = float(np.log(stats.t.ppf(p, df) ** 2 / df))
    odds = mpmath.e ** beta_quantile(2 * mpmath.mpf(p) - 1, mpmath.mpf(1) / 2, mpmath.mpf(df) / 2, start)
    return float(mpmath.sqrt(df * odds))


def f_quantile(p, df1, df2):
    if df2 > 500:
        return float(stats.f.ppf(p, df1, df2))
    start = float(np.log(stats.f.ppf(p, df1, df2) * df1 / df2))
    odds = mpmath.e ** beta_quantile(mpmath.mpf(p), mpmath.mpf(df1) / 2, mpmath.mpf(df2) / 2, start)
    return float(odds * df2 / df1)


def hypergeometric(x, n, population):
    """Population counts that neither one-sided test rejects, widened to hold x / n."""
    tail = Fraction(25, 1000)

    def probability(count, of_kind):
        return Fraction(comb(of_kind, count) * comb(population - of_kind, n - count), comb(population, n))

    plausible = [
        d
        for d in range(x, population - (n - x) + 1)
        if sum(probability(i, d) for i in range(x, n + 1)) > tail and sum(probability(i, d) for i in range(x + 1)) > tail
    ]
    low = min(Fraction(min(plausible), population), Fraction(x, n))
    high = max(Fraction(max(plausible), population), Fraction(x, n))
    return [float(low), float(high)]


def wilson(p, n):
    z = stats.norm.ppf(0.975)
    scale = 1 + z * z / n
    half = z / scale * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    centre = (p + z * z / (2 * n)) / scale
    return [min(float(centre - half), p), max(float(centre + half), p)]


def proportion(x, n, population):
    if population is None:
        return wilson(x / n, n)
    if population == n:
        return [x / n, x / n]
    if population <= 2000:
        return hypergeometric(x, n, population)
    return wilson(x / n, n * (population - 1) / (population - n))


def pooled_interval(favourable, valid, population):
    persons = valid > 0
    f, v = favourable[persons].astype(float), valid[persons].astype(float)
    n, share = len(v), f.sum() / v.sum()
    rest = 1.0 if population is None else 1 - n / population
    if rest == 0:
        return [share, share]
    if share in (0, 1):
        return wilson(share, n if population is None else n * (population - 1) / (population - n))
    residual = f - share * v
    variance = rest * n * np.var(residual, ddof=1) / v.sum() ** 2
    effective = v.sum() / rest
    if variance > 0:
        effective = min(effective, share * (1 - share) / variance)
    return wilson(share, effective)


def alpha_of(complete):
    n, k = complete.shape
    covariance = np.cov(complete, rowvar=False)
    value = k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())
    ends = [1 - (1 - value) * stats.f.ppf(q, n - 1, (n - 1) * (k - 1)) for q in (0.975, 0.025)]
    return {"value": float(value), "interval": [float(end) for end in ends], "n": n}


def estimate(name, rows, lowest, categories, reversed_items, population, top):
    codes = np.array(rows)
    k = codes.shape[1]
    values = np.where((codes >= 1) & (codes <= categories), codes + (lowest - 1), np.nan).astype(float)
    hi = lowest + categories - 1
    for item in reversed_items:
        values[:, item] = lowest + hi - values[:, item]
    valid = (~np.isnan(values)).sum(axis=1)
    scored = valid * 2 >= k
    person = 100 * (np.nanmean(values[scored], axis=1) - lowest) / (hi - lowest)
    n = int(scored.sum())
    error = person.std(ddof=1) / np.sqrt(n) * (1 if population is None else np.sqrt(1 - n / population))
    half = stats.t.ppf(0.975, n - 1) * error
    unscored = int(((valid > 0) & ~scored).sum())
    over = "scored" if 0 < unscored < MINIMUM else "everyone"
    incomplete = int((valid < k).sum())
    # From here on, whose answers are pooled.
    shown = np.where((scored | (over == "everyone"))[:, None], values, np.nan)
    is_favourable = shown >= hi - top + 1
    pooled = is_favourable.sum() / (~np.isnan(shown)).sum()
    items = []
    for item in range(k):
        own = shown[:, item][~np.isnan(shown[:, item])]
        count = int((own >= hi - top + 1).sum())
        items.append(
            {
                "n_valid": len(own),
                "mean": float(100 * (own.mean() - lowest) / (hi - lowest)),
                "favourable": 100 * count / len(own),
                "favourable_interval": [100 * end for end in proportion(count, len(own), population)],
            }
        )
    flat = shown[~np.isnan(shown)]
    return {
        "name": name,
        "codes": rows,
        "lowest": lowest,
        "categories": categories,
        "reversed": reversed_items,
        "population": population,
        "expected": {
            "n": n,
            "responses": len(rows),
            "mean": float(person.mean()),
            "mean_interval": [float(max(person.mean() - half, 0)), float(min(person.mean() + half, 100))],
            "sd": float(person.std(ddof=1)) if n >= 20 else None,
            "pooled_over": over,
            "favourable": float(100 * pooled),
            "favourable_interval": [
                100 * end for end in pooled_interval(is_favourable.sum(axis=1), (~np.isnan(shown)).sum(axis=1), population)
            ],
            "distribution": [int((flat == value).sum()) for value in range(lowest, hi + 1)],
            "missing": None if 0 < incomplete < MINIMUM else {
                "blank": int((codes == 0).sum()),
                "dont_know": int((codes == DONT_KNOW).sum()),
                "not_applicable": int((codes == NOT_APPLICABLE).sum()),
                "prefer_not_to_say": int((codes == PREFER_NOT).sum()),
                "not_shown": int((codes == NOT_SHOWN).sum()),
            },
            "alpha": alpha_of(values[valid == k]),
            "items": items,
        },
    }


def rows(source, persons, k, categories, reversed_items, missing):
    """Answers that hang together: a person's level plus noise, cut into categories."""
    out = []
    for _ in range(persons):
        level = source.gauss(0.6, 0.2)
        row = []
        for item in range(k):
            if source.random() < missing:
                row.append(source.choice([0, 0, NOT_SHOWN, PREFER_NOT, NOT_APPLICABLE, DONT_KNOW, DONT_KNOW]))
                continue
            step = min(max(int((level + source.gauss(0, 0.2)) * categories), 0), categories - 1)
            row.append(categories - step if item in reversed_items else step + 1)
        out.append(row)
    return out


def main():
    source = random.Random(20260417)
    t_cases = [(p, df) for p in (0.6, 0.9, 0.975, 0.9995) for df in (1, 2, 4, 9, 29.5, 300, 9999, 10001, 123456)]
    f_cases = [
        (p, df1, df2)
        for p in (0.025, 0.5, 0.975)
        for df1, df2 in ((3, 3), (9, 81), (40, 40), (638, 3828), (20000, 20000), (99999, 399996))
    ]
    h_cases = [
        (x, n, population)
        for n, population in ((5, 6), (5, 40), (12, 14), (25, 30), (29, 30), (60, 120), (150, 1999))
        for x in sorted({0, 1, n // 3, n // 2, n - 1, n})
    ]
    estimates = [
        estimate("five-point scale, school of known size", rows(source, 48, 5, 5, [1, 4], 0.12), 1, 5, [1, 4], 63, 2),
        estimate("rating from 0 to 10, size unknown", rows(source, 30, 3, 11, [], 0.05), 0, 11, [], None, 3),
        estimate("four points, wider than the exact limit", rows(source, 90, 4, 4, [2], 0.2), 1, 4, [2], 5000, 2),
        estimate("few persons", rows(source, 11, 2, 5, [], 0.05), 1, 5, [], 30, 2),
        estimate("seven points", rows(source, 60, 6, 7, [0], 0.2), 1, 7, [0], 240, 3),
    ]
    json.dump(
        {
            "t_quantile": [{"p": p, "df": df, "value": t_quantile(p, df)} for p, df in t_cases],
            "f_quantile": [{"p": p, "df1": a, "df2": b, "value": f_quantile(p, a, b)} for p, a, b in f_cases],
            "hypergeometric": [
                {"x": x, "n": n, "population": population, "interval": hypergeometric(x, n, population)}
                for x, n, population in h_cases
            ],
            "estimate": estimates,
        },
        sys.stdout,
    )
    sys.stdout.write("\n")


main()
