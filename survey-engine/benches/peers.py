"""The engine against numpy, polars and duckdb: processor seconds for the same figures from the same answers in memory.

Run through `benches/against-peers`, which builds and installs what is needed:

    python benches/peers.py FOLDER PROGRAM

makes the workload in FOLDER unless it is there (a million persons, forty five-point answers of which 3 % are missing, four groups,
two hundred schools, from a fixed seed), lets PROGRAM (`examples/tabulate.rs`) count it, and computes three things by each of the others:

    means       the mean of each item
    favourable  the percentage of answers of 4 or 5, per item, group and school: 32,000 figures
    alphas      Cronbach's alpha of eight scales of five items, from the persons who answered all five

Every result is compared with the engine's. A figure is the median of five after one that does not count, on one thread. The best
mix takes for each of the three the fastest of the others, each used as its documentation teaches. A further line, which is not in
the mix, is numpy with the engine's own ways of counting written out in it, and with the answers put item by item beforehand. All
times are of the process, user and system together.
"""

import hashlib
import json
import os
import subprocess
import sys
import time

os.environ["POLARS_MAX_THREADS"] = "1"
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import duckdb
import numpy as np
import polars as pl

PERSONS, ITEMS, SCALES, GROUPS, SCHOOLS = 1_000_000, 40, 8, 4, 200
NAMES = [f"i{item:02d}" for item in range(ITEMS)]
ROUNDS = 5
# Of the forty million answers.
SHA256 = "f30a38cd3ab87834d5dea57dc29bea94d39c0126db4fc7d3104343a0f8f92e03"


def make(folder):
    """Answers with a person's, a scale's and a school's share of the variance, written to the folder."""
    rng = np.random.Generator(np.random.PCG64(20240611))
    group = rng.choice(GROUPS, size=PERSONS, p=[0.60, 0.25, 0.12, 0.03]).astype(np.uint8)
    school = rng.integers(0, SCHOOLS, size=PERSONS).astype(np.uint8)
    of_school = rng.normal(0, 0.3, SCHOOLS)[school]
    of_person = rng.normal(0, 1, PERSONS)
    answers = np.empty((PERSONS, ITEMS), np.uint8)
    for scale in range(SCALES):
        trait = 0.6 * of_person + 0.8 * rng.normal(0, 1, PERSONS) + of_school
        for item in range(5):
            answer = np.clip(np.rint(3 + 0.9 * trait + 0.8 * rng.normal(0, 1, PERSONS)), 1, 5).astype(np.uint8)
            answer[rng.random(PERSONS) < 0.03] = 0
            answers[:, 5 * scale + item] = answer
    os.makedirs(folder, exist_ok=True)
    for name, values in (("x", answers), ("group", group), ("school", school)):
        values.tofile(f"{folder}/{name}.bin")


def seconds(call):
    """Median processor seconds, and the result."""
    result = call()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        result = call()
        times.append(time.process_time() - start)
    return sorted(times)[ROUNDS // 2], result


def alpha(covariance):
    k = len(covariance)
    return k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())


def numpy_calls(answers, group, school):
    def means():
        # Blanks are 0, so they do not add to the sum.
        return answers.sum(axis=0, dtype=np.int64) / np.count_nonzero(answers, axis=0)

    def favourable():
        wide = (group.astype(np.uint32) * SCHOOLS + school) * 8
        percent = np.empty((GROUPS * SCHOOLS, ITEMS))
        for item in range(ITEMS):
            counts = np.bincount(wide + answers[:, item], minlength=GROUPS * SCHOOLS * 8).reshape(-1, 8)
            percent[:, item] = 100 * counts[:, 4:6].sum(axis=1) / counts[:, 1:6].sum(axis=1)
        return percent.ravel()

    def alphas():
        found = []
        for scale in range(SCALES):
            items = answers[:, 5 * scale : 5 * scale + 5]
            found.append(alpha(np.cov(items[(items > 0).all(axis=1)], rowvar=False)))
        return found

    return {"means": [means], "favourable": [favourable], "alphas": [alphas]}


def tuned_numpy_calls(answers, group, school):
    """The engine's own ways, written in numpy, on answers that somebody has put item by item before."""
    by_item = np.ascontiguousarray(answers.T)

    def means():
        return [item.sum(dtype=np.int64) / np.count_nonzero(item) for item in by_item]

    def favourable():
        wide = (group.astype(np.uint16) * SCHOOLS + school) * 8
        percent = np.empty((GROUPS * SCHOOLS, ITEMS))
        for at, item in enumerate(by_item):
            counts = np.bincount(wide + item, minlength=GROUPS * SCHOOLS * 8).reshape(-1, 8)
            percent[:, at] = 100 * counts[:, 4:6].sum(axis=1) / counts[:, 1:6].sum(axis=1)
        return percent.ravel()

    def alphas():
        # The patterns of five answers are counted, then weighed.
        digits = np.array(np.unravel_index(np.arange(8**5), (8,) * 5))
        usable = ((digits > 0) & (digits < 6)).all(axis=0)
        values = digits[:, usable].astype(float)
        found = []
        for scale in range(SCALES):
            first, *others = by_item[5 * scale : 5 * scale + 5]
            pattern = first.astype(np.uint16)
            for item in others:
                pattern <<= 3
                pattern |= item
            weights = np.bincount(pattern, minlength=8**5)[usable].astype(float)
            n = weights.sum()
            sums = values @ weights
            products = (values * weights) @ values.T
            found.append(alpha((products - np.outer(sums, sums) / n) / (n - 1)))
        return found

    return {"means": [means], "favourable": [favourable], "alphas": [alphas]}


def frame(answers, group, school):
    columns = {name: answers[:, at] for at, name in enumerate(NAMES)}
    table = pl.DataFrame({"group": group, "school": school, **columns})
    return table.with_columns(pl.when(pl.col(name) == 0).then(None).otherwise(pl.col(name)).alias(name) for name in NAMES)


def polars_calls(table, parquet):
    share = [(100 * (pl.col(name) >= 4).mean()).alias(name) for name in NAMES]

    def means():
        return table.select(pl.col(NAMES).mean()).row(0)

    def ordered(result):
        return result.sort("group", "school").select(NAMES).to_numpy().ravel()

    def favourable():
        return ordered(table.group_by("group", "school").agg(share))

    def favourable_from_parquet():
        return ordered(pl.scan_parquet(parquet).group_by("group", "school").agg(share).collect())

    def alphas():
        found = []
        for scale in range(SCALES):
            names = NAMES[5 * scale : 5 * scale + 5]
            complete = table.select(names).drop_nulls()
            covariances = [pl.cov(a, b).alias(f"{a}*{b}") for a in names for b in names if a <= b]
            row = complete.select(covariances).row(0, named=True)
            covariance = np.array([[row[f"{min(a, b)}*{max(a, b)}"] for b in names] for a in names])
            found.append(alpha(covariance))
        return found

    return {"means": [means], "favourable": [favourable, favourable_from_parquet], "alphas": [alphas]}


def duckdb_calls(table):
    connection = duckdb.connect()
    connection.execute("set threads to 1")
    connection.register("arrow", table.to_arrow())
    connection.execute("create table answers as select * from arrow")
    query = connection.execute

    def means():
        return query(f"select {', '.join(f'avg({name})' for name in NAMES)} from answers").fetchone()

    def favourable():
        each = ", ".join(f"100.0 * count(*) filter (where {name} >= 4) / count({name}) as {name}" for name in NAMES)
        result = query(f'select {each} from answers group by "group", school order by "group", school').fetchnumpy()
        return np.column_stack([result[name] for name in NAMES]).ravel()

    def alphas():
        found = []
        for scale in range(SCALES):
            names = NAMES[5 * scale : 5 * scale + 5]
            pairs = ", ".join(f"covar_samp({a}, {b})" for a in names for b in names)
            complete = " and ".join(f"{name} is not null" for name in names)
            row = query(f"select {pairs} from answers where {complete}").fetchone()
            found.append(alpha(np.array(row).reshape(5, 5)))
        return found

    return {"means": [means], "favourable": [favourable], "alphas": [alphas]}


def main():
    folder, program = sys.argv[1:]
    if not os.path.exists(f"{folder}/school.bin"):
        make(folder)
    answers = np.fromfile(f"{folder}/x.bin", np.uint8).reshape(PERSONS, ITEMS)
    group, school = (np.fromfile(f"{folder}/{name}.bin", np.uint8) for name in ("group", "school"))
    sum_of_answers = hashlib.sha256(answers.tobytes()).hexdigest()
    if sum_of_answers != SHA256:
        sys.exit(f"the workload in {folder} is another one ({sum_of_answers}); remove it")
    parquet = f"{folder}/x.parquet"
    table = frame(answers, group, school)
    if not os.path.exists(parquet):
        table.write_parquet(parquet)

    engine = json.loads(subprocess.run([program, folder], check=True, capture_output=True, text=True).stdout)
    peers = {
        f"numpy {np.__version__}": numpy_calls(answers, group, school),
        f"polars {pl.__version__}": polars_calls(table, parquet),
        f"duckdb {duckdb.__version__}": duckdb_calls(table),
        "numpy, tuned": tuned_numpy_calls(answers, group, school),
    }
    parts = ("means", "favourable", "alphas")
    best = dict.fromkeys(parts, float("inf"))
    print(f"{'processor seconds':<20}" + "".join(f"{part:>12}" for part in parts) + f"{'together':>12}")
    for name, calls in peers.items():
        own = []
        for part in parts:
            times = []
            for call in calls[part]:
                time_taken, result = seconds(call)
                if not np.allclose(result, engine[part], rtol=1e-9, atol=0):
                    sys.exit(f"{name}: {call.__name__} differs from the engine")
                times.append(time_taken)
            own.append(min(times))
            if name != "numpy, tuned":
                best[part] = min(best[part], min(times))
        print(f"{name:<20}" + "".join(f"{value:12.4f}" for value in own) + f"{sum(own):12.4f}")
    mix = sum(best.values())
    print(f"{'best mix':<20}" + "".join(f"{best[part]:12.4f}" for part in parts) + f"{mix:12.4f}")
    for name, key in (("loop by hand", "by_hand"), ("engine", "engine"), ("bytes read once", "read_once")):
        print(f"{name:<20}" + " " * 36 + f"{engine[key]:12.4f}")
    print(f"\nbest mix / engine       {mix / engine['engine']:8.1f}")
    print(f"engine / loop by hand   {engine['engine'] / engine['by_hand']:8.2f}")
    print("All results are equal.")


if __name__ == "__main__":
    main()
