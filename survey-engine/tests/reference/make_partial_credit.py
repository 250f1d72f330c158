"""Cases of the partial credit model: synthetic answers, and results that do not come from the engine.

Run: python make_partial_credit.py   (writes pcm_*.json, wle_*.json and pcm_synthetic_*.csv beside itself)
Versions: Python 3, numpy 2.4.6, scipy 1.17.1; R 4.2.2 with psychotools 0.7.2 and jsonlite through make_partial_credit.R for
thresholds of complete answers, of answers with blanks and with unchosen categories.

What is independent: gamma by plain convolution per person's pattern, maximised by BFGS and polished by root finding; standard
errors from a numerical Jacobian; integrals by adaptive quadrature instead of a grid; estimates of persons by bracketing.
"""

import csv
import json
import subprocess
from pathlib import Path

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq, minimize, root

HERE = Path(__file__).parent


# ---------------------------------------------------------------- data
def simulate(seed, thresholds, n, mean=0.0, sd=1.0, blank=0.0):
    rng = np.random.default_rng(seed)
    theta = rng.normal(mean, sd, n)
    rows = np.full((n, len(thresholds)), -1)
    for j, delta in enumerate(thresholds):
        eta = np.concatenate([[0.0], np.cumsum(delta)])
        logit = theta[:, None] * np.arange(len(eta)) - eta
        p = np.exp(logit - logit.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        rows[:, j] = (rng.random(n)[:, None] > p.cumsum(1)).sum(1).clip(0, len(delta))
    rows[rng.random(rows.shape) < blank] = -1
    return rows


def write(name, rows, low, reverse, high):
    out = rows + low
    for j in reverse:
        out[:, j] = np.where(rows[:, j] < 0, -1, low + high - out[:, j])
    text = [[("" if x < 0 else str(v)) for x, v in zip(r, o)] for r, o in zip(rows, out)]
    with open(HERE / name, "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow([f"q{j + 1}" for j in range(rows.shape[1])])
        w.writerows(text)


def complete(rows):
    return rows[(rows >= 0).all(1)]


# ---------------------------------------------------------------- conditional likelihood
def split(eta, sizes):
    out, at = [], 0
    for m in sizes:
        out.append(np.concatenate([[0.0], eta[at : at + m]]))
        at += m
    return out


def closed(rows):
    """Categories nobody chose are taken out, as psychotools' nullcats = "downcode"."""
    out = rows.copy()
    for j in range(rows.shape[1]):
        seen = np.unique(rows[rows[:, j] >= 0, j])
        for new, old in enumerate(seen):
            out[rows[:, j] == old, j] = new
    return out


def cond_loglik(eta, rows, sizes):
    items = split(eta, sizes)
    value = 0.0
    for pattern in np.unique(rows >= 0, axis=0):
        mine = rows[((rows >= 0) == pattern).all(1)]
        used = np.flatnonzero(pattern)
        if len(used) < 2:
            continue
        gamma = np.ones(1)
        for j in used:
            gamma = np.convolve(gamma, np.exp(-items[j]))
            value -= items[j][mine[:, j]].sum()
        value -= np.log(gamma)[mine[:, used].sum(1)].sum()
    return value


def slope(eta, rows, sizes):
    """Gradient per person's answers: expected minus observed, the expectation by removing one item at a time."""
    items = split(eta, sizes)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    out = np.zeros(len(eta))
    for pattern in np.unique(rows >= 0, axis=0):
        mine = rows[((rows >= 0) == pattern).all(1)]
        used = np.flatnonzero(pattern)
        if len(used) < 2:
            continue
        score = mine[:, used].sum(1)
        for j in used:
            rest = np.ones(1)
            for i in used:
                if i != j:
                    rest = np.convolve(rest, np.exp(-items[i]))
            gamma = np.convolve(rest, np.exp(-items[j]))
            for x in range(1, sizes[j] + 1):
                at = score - x
                ok = (at >= 0) & (at < len(rest))
                p = np.where(ok, rest[at.clip(0, len(rest) - 1)], 0) * np.exp(-items[j][x]) / gamma[score]
                out[starts[j] + x - 1] += p.sum() - (mine[:, j] == x).sum()
    return out


def to_thresholds(eta, sizes):
    return [np.diff(e) for e in split(eta, sizes)]


def cml(rows):
    rows = closed(rows)
    sizes = [int(rows[:, j].max()) for j in range(rows.shape[1])]
    fix = lambda free: np.concatenate([[0.0], free])
    fit = minimize(
        lambda f: -cond_loglik(fix(f), rows, sizes),
        np.zeros(sum(sizes) - 1),
        jac=lambda f: -slope(fix(f), rows, sizes)[1:],
        method="BFGS",
        options={"gtol": 1e-6},
    )
    fit = root(lambda f: slope(fix(f), rows, sizes)[1:], fit.x, tol=1e-12)
    step = 1e-5
    free = fit.x
    hessian = np.array(
        [
            (slope(fix(free + step * e), rows, sizes) - slope(fix(free - step * e), rows, sizes))[1:] / (2 * step)
            for e in np.eye(len(free))
        ]
    )
    cov = np.zeros((sum(sizes), sum(sizes)))
    cov[1:, 1:] = np.linalg.inv(-(hessian + hessian.T) / 2)
    d = np.zeros_like(cov)
    at = 0
    for m in sizes:
        for x in range(m):
            d[at, at] = 1
            if x:
                d[at, at - 1] = -1
            at += 1
    d = d - d.mean(0)
    delta = np.concatenate(to_thresholds(fix(free), sizes))
    delta -= delta.mean()
    se = np.sqrt(np.diag(d @ cov @ d.T))
    cut = np.cumsum(sizes)[:-1]
    return np.split(delta, cut), np.split(se, cut), cond_loglik(fix(free), rows, sizes)


# ---------------------------------------------------------------- marginal likelihood
def log_items(items, theta):
    return [np.array([x * theta - e for x, e in enumerate(item)]) for item in items]


def marginal(rows):
    rows = closed(rows)
    sizes = [int(rows[:, j].max()) for j in range(rows.shape[1])]
    scores = np.bincount(rows.sum(1), minlength=sum(sizes) + 1)
    totals = np.concatenate([[(rows[:, j] == x).sum() for x in range(1, m + 1)] for j, m in enumerate(sizes)])
    nodes, weights = np.polynomial.hermite_e.hermegauss(180)

    def deviance(p):
        items, sd = split(p[:-1], sizes), np.exp(p[-1])
        theta = nodes * sd
        kernel = -sum(np.logaddexp.reduce(log, axis=0) for log in log_items(items, theta))
        logs = kernel + np.outer(np.arange(len(scores)), theta)
        top = logs.max(1, keepdims=True)
        integral = np.log((np.exp(logs - top) * weights).sum(1) / np.sqrt(2 * np.pi)) + top[:, 0]
        return -2 * (-(totals * p[:-1]).sum() + (scores * integral).sum())

    start = np.zeros(sum(sizes) + 1)
    fit = minimize(deviance, start, method="BFGS", options={"gtol": 1e-4, "maxiter": 2000})
    for _ in range(3):
        fit = minimize(deviance, fit.x, method="BFGS", options={"gtol": 1e-5, "maxiter": 2000})
    items, sd = split(fit.x[:-1], sizes), float(np.exp(fit.x[-1]))

    # The figures by adaptive quadrature.
    def kernel(theta):
        return -sum(np.logaddexp.reduce([x * theta - e for x, e in enumerate(item)]) for item in items)

    value, means, variances = 0.0, [], []
    for r in range(len(scores)):
        log = lambda t: r * t + kernel(t) - t * t / (2 * sd * sd)
        mode = minimize(lambda t: -log(t[0]), [0.0]).x[0]
        top = log(mode)
        part = lambda power: quad(
            lambda t: t**power * np.exp(log(t) - top), mode - 9 * sd, mode + 9 * sd, epsabs=0, epsrel=1e-12, limit=400, points=[mode]
        )[0]
        m0, m1, m2 = part(0), part(1), part(2)
        value += scores[r] * (np.log(m0) + top - np.log(sd * np.sqrt(2 * np.pi)))
        means.append(m1 / m0)
        variances.append(m2 / m0 - (m1 / m0) ** 2)
    value -= (totals * fit.x[:-1]).sum()
    n, means, variances = scores.sum(), np.array(means), np.array(variances)
    mean = (scores * means).sum() / n
    spread = (scores * (means - mean) ** 2).sum() / n
    error = (scores * variances).sum() / n
    return to_thresholds(fit.x[:-1], sizes), sd * sd, -2 * value, spread / (spread + error)


# ---------------------------------------------------------------- persons and items
def moments(delta, theta):
    eta = np.concatenate([[0.0], np.cumsum(delta)])
    x = np.arange(len(eta))
    p = np.exp(x * theta - eta)
    p /= p.sum()
    mean = (p * x).sum()
    return mean, *[(p * (x - mean) ** k).sum() for k in (2, 3, 4)]


def person(thresholds, r):
    top = sum(map(len, thresholds))
    total = lambda theta, k: sum(moments(d, theta)[k] for d in thresholds)
    wle = brentq(lambda t: r - total(t, 0) + total(t, 2) / (2 * total(t, 1)), -25, 25, xtol=1e-13)
    mle = brentq(lambda t: r - total(t, 0), -30, 30, xtol=1e-13) if 0 < r < top else None
    return wle, 1 / np.sqrt(total(wle, 1)), mle


def wle_expected(thresholds, rows):
    table = [person(thresholds, r) for r in range(sum(map(len, thresholds)) + 1)]
    theta = np.array([table[r][0] for r in rows.sum(1)])
    mse = float(np.mean([table[r][1] ** 2 for r in rows.sum(1)]))
    var = float(theta.var(ddof=1))
    rel = 1 - mse / var
    return {
        "raw_score": list(range(len(table))),
        "wle": [t[0] for t in table],
        "se": [t[1] for t in table],
        "mle": [t[2] for t in table],
        "mean_wle": float(theta.mean()),
        "sd_wle": float(theta.std(ddof=1)),
        "mean_squared_error": mse,
        "person_separation_reliability": rel,
        "separation_index": float(np.sqrt(rel / (1 - rel))) if rel >= 0 else None,
    }


def fit_expected(names, thresholds, rows):
    top = sum(map(len, thresholds))
    rows = rows[(rows.sum(1) > 0) & (rows.sum(1) < top)]
    theta = {r: person(thresholds, r)[2] for r in np.unique(rows.sum(1))}
    out = {k: {} for k in ("outfit_mnsq", "infit_mnsq", "outfit_z", "infit_z")}
    for j, name in enumerate(names):
        m = np.array([moments(thresholds[j], theta[r]) for r in rows.sum(1)])
        e, v, c4 = m[:, 0], m[:, 1], m[:, 3]
        res = (rows[:, j] - e) ** 2
        n = len(rows)
        outfit, infit = (res / v).mean(), res.sum() / v.sum()
        q_out = np.sqrt((c4 / v**2).sum() / n**2 - 1 / n)
        q_in = np.sqrt((c4 - v**2).sum() / v.sum() ** 2)
        wh = lambda ms, q: (np.cbrt(ms) - 1) * 3 / q + q / 3
        out["outfit_mnsq"][name], out["infit_mnsq"][name] = float(outfit), float(infit)
        out["outfit_z"][name], out["infit_z"][name] = float(wh(outfit, q_out)), float(wh(infit, q_in))
    t = np.array([theta[r] for r in rows.sum(1)])
    se2 = np.array([1 / sum(moments(d, theta[r])[1] for d in thresholds) for r in rows.sum(1)])
    var = t.var(ddof=1)
    return {"n_used": len(rows), **out, "mle_separation_reliability": float((var - se2.mean()) / var)}


# ---------------------------------------------------------------- cases
def save(case_id, method, data, parameters, expected, tolerance, by, notes):
    case = {
        "id": case_id,
        "method": method,
        "input_csv": data,
        "parameters": parameters,
        "expected": expected,
        "tolerance": tolerance,
        "produced_by": by,
        "notes": notes,
    }
    (HERE / f"{case_id}.json").write_text(json.dumps(case, indent=1) + "\n")


def psychotools(rows):
    """Thresholds, their errors and the log-likelihood by R; the answers go in on standard input."""
    text = "\n".join(",".join("NA" if x < 0 else str(x) for x in row) for row in rows)
    run = ["Rscript", str(HERE / "make_partial_credit.R")]
    out = subprocess.run(run, input=text + "\n", capture_output=True, text=True, check=True).stdout
    return json.loads(out)


PYTHON = {"software": "numpy 2.4.6, scipy 1.17.1", "call": "make_partial_credit.py"}
BOTH = {"software": "R 4.2.2, psychotools 0.7.2", "call": "make_partial_credit.R; second implementation in make_partial_credit.py"}
CML = {"abs": 1e-4, "rel": 1e-6, "per_field": {"threshold_se": {"abs": 1e-4, "rel": 2e-3}, "cond_loglik": {"abs": 1e-4, "rel": 1e-9}}}

SETS = {
    # name: (seed, thresholds, n, mean, sd, blank, low, reversed items)
    "five_by_five": (1, [np.array([-2.2, -0.8, 0.4, 1.9]) + s for s in (-0.9, -0.3, 0.1, 0.4, 0.7)], 600, 0.5, 1.4, 0.06, 1, [1, 4]),
    "two_items": (2, [np.array([-1.5, 0.0, 1.2]), np.array([-0.6, 0.5, 1.9])], 250, 0.2, 1.2, 0.0, 0, []),
    "yes_no": (3, [np.array([d]) for d in (-1.6, -0.7, -0.1, 0.3, 0.9, 1.7)], 320, 0.0, 1.3, 0.1, 0, [2]),
    "disordered": (4, [np.array([0.8, -0.7, 0.5, 0.1]) + s for s in (-0.5, 0.0, 0.5, 1.0)], 260, -0.4, 1.0, 0.0, 1, []),
    "wide": (5, [np.linspace(-2.5, 2.5, 6) + s for s in np.linspace(-0.8, 0.8, 12)], 900, 0.4, 1.5, 0.0, 1, [0, 7]),
    "small": (6, [np.array([-1.0, 0.6]) + s for s in (-0.4, 0.0, 0.5)], 60, 0.0, 1.5, 0.0, 1, []),
}


def gaps():
    """Unchosen categories: the lowest of one item, the highest of another, one in the middle of a third."""
    rows = simulate(7, [np.array([-1.5, -0.2, 1.1]) + s for s in (-0.6, -0.1, 0.2, 0.5)], 500, 0.3, 1.3)
    rows = rows[(rows[:, 0] > 0) & (rows[:, 1] < 3) & (rows[:, 2] != 2)]
    return rows


def main():
    data = {}
    for name, (seed, thresholds, n, mean, sd, blank, low, reverse) in SETS.items():
        data[name] = (simulate(seed, thresholds, n, mean, sd, blank), low, reverse, low + len(thresholds[0]))
    data["gaps"] = (gaps(), 0, [3], 3)
    data["gaps_at_ends"] = (data["gaps"][0][:, [0, 1, 3]], 1, [], 4)
    for name, (rows, low, reverse, high) in data.items():
        csv_name = f"pcm_synthetic_{name}.csv"
        write(csv_name, rows, low, reverse, high)
        names = [f"q{j + 1}" for j in range(rows.shape[1])]
        base = {"items": names, "reverse": [names[j] for j in reverse], "scale_min": low, "scale_max": high}
        listwise = {**base, "recode": "category = recoded value - scale_min (0..m)", "missing": "listwise"}
        full = complete(rows)
        named = lambda values: {k: [float(x) for x in v] for k, v in zip(names, values)}
        delta, se, loglik = cml(full)
        r = psychotools(full)
        worst = max(np.abs(np.concatenate(delta) - np.array(r["thresholds"])))
        worst_se = max(np.abs(np.concatenate(se) / np.array(r["threshold_se"]) - 1))
        print(f"{name}: n {len(full)}, psychotools differs by {worst:.1e}, se by {worst_se:.1e}, loglik {loglik - r['loglik']:.1e}")
        assert worst < 5e-5 and worst_se < 1e-3
        expected = {
            "n": len(full),
            "category_counts": {k: np.bincount(full[:, j], minlength=high - low + 1).tolist() for j, k in enumerate(names)},
            "raw_score_counts": np.bincount(full.sum(1), minlength=len(names) * (high - low) + 1).tolist(),
            "thresholds": named(delta),
            "threshold_se": named(se),
            "cond_loglik": float(loglik),
        }
        save(f"pcm_cml_{name}", "pcm_cml", csv_name, listwise, expected, CML, BOTH, "Python's numbers, within 5e-5 of psychotools'.")

        if (rows < 0).any():
            used = rows[(rows >= 0).sum(1) > 1]
            delta_m, se_m, loglik_m = cml(used)
            r = psychotools(used)
            worst = max(np.abs(np.concatenate(delta_m) - np.array(r["thresholds"])))
            print(f"{name} with blanks: n {len(used)}, psychotools differs by {worst:.1e}, loglik {loglik_m - r['loglik']:.1e}")
            assert worst < 5e-5
            patterns = ["".join("01"[int(x >= 0)] for x in row) for row in used]
            expected = {
                "n": len(used),
                "patterns": {p: patterns.count(p) for p in sorted(set(patterns))},
                "thresholds": named(delta_m),
                "threshold_se": named(se_m),
                "cond_loglik": float(loglik_m),
            }
            missing = {**base, "missing": "available items; rows with fewer than 2 answers dropped"}
            save(f"pcm_cml_missing_{name}", "pcm_cml_missing", csv_name, missing, expected, CML, BOTH, "As pcm_cml, per pattern.")

        if name in ("five_by_five", "yes_no", "disordered", "gaps", "two_items"):
            delta_p, variance, deviance, reliability = marginal(full)
            expected = {
                "n": len(full),
                "thresholds": named(delta_p),
                "latent_variance": variance,
                "deviance": deviance,
                "eap_reliability": reliability,
            }
            tolerance = {"abs": 2e-4, "rel": 1e-5, "per_field": {"deviance": {"abs": 1e-5, "rel": 1e-9}, "latent_variance": {"abs": 2e-4, "rel": 2e-4}}}
            save(f"pcm_mml_{name}", "pcm_mml", csv_name, listwise, expected, tolerance, PYTHON, "Gauss-Hermite with 180 nodes; the figures by adaptive quadrature.")

        if "gaps" not in name:
            used = {**listwise, "thresholds": named([np.round(d, 3) for d in delta])}
            rounded = [np.round(d, 3) for d in delta]
            exact = {"abs": 1e-7, "rel": 1e-8}
            save(f"wle_table_{name}", "wle_table", csv_name, used, wle_expected(rounded, full), exact, PYTHON, "Roots by Brent's method.")
            used = {**used, "person_estimate": "MLE per raw score, respondents with raw score 0 or max excluded"}
            save(f"pcm_fit_{name}", "pcm_item_fit", csv_name, used, fit_expected(names, rounded, full), exact, PYTHON, "Person by person.")


main()
