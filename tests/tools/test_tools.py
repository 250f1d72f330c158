"""The tools that the tests rely on, against figures worked out by hand.

    python -m unittest discover tests/tools
"""

import json
import subprocess
import sys
import tempfile
import unittest
from fractions import Fraction
from pathlib import Path

import indicators
import synthetic

TOOLS = Path(__file__).parent


def run(*arguments):
    done = subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


class Indicators(unittest.TestCase):
    def test_mean_and_interval_by_hand(self):
        # Scores 2 and 4 on 1..5: POMP 25 and 75, mean 50, sd 50/sqrt(2) = 35.355..., se 25, t(1) = 12.7062047...
        result = indicators.indicators([[2, 2], [4, 4]])
        self.assertEqual((result["n"], result["mean"], result["interval"]), (2, 50.0, [0.0, 100.0]))
        self.assertAlmostEqual(result["sd"], 1250**0.5, 12)
        self.assertAlmostEqual(result["se"], 25, 12)
        # Half of a population of four answered: se 25 x sqrt(1/2); everyone answered: se 0.
        self.assertAlmostEqual(indicators.indicators([[2, 2], [4, 4]], population=4)["se"], 25 / 2**0.5, 12)
        self.assertEqual(indicators.indicators([[2, 2], [4, 4]], population=2)["interval"], [50.0, 50.0])
        # Scores 50, 50, 50, 62.5: mean 53.125, sd 6.25, se 3.125, t(3) = 3.182446305.
        close = indicators.indicators([[3, 3], [3, 3], [3, 3], [3, 4]])
        self.assertAlmostEqual(close["interval"][0], 53.125 - 3.182446305 * 3.125, 7)

    def test_alpha_by_hand(self):
        # Two items with variance 5/3 each, sums 2, 5, 5, 8 with variance 6: alpha = 2 (1 - (10/3)/6) = 8/9.
        rows = [[1, 1], [2, 3], [3, 2], [4, 4]]
        self.assertAlmostEqual(indicators.indicators(rows)["alpha"], 8 / 9, 14)
        self.assertIsNone(indicators.indicators(rows[:3])["alpha"], "fewer than k + 2 rows")
        self.assertIsNone(indicators.indicators([[1, 3], [2, 3], [3, 3], [4, 3]])["alpha"], "no variance")

    def test_valid_share(self):
        # Of three items, half means two valid ones.
        result = indicators.indicators([[5, 5, None], [1, None, None], [None] * 3, [1, 1, 1]])
        self.assertEqual((result["n"], result["mean"], result["alpha_n"]), (2, 50.0, 1))
        self.assertEqual(indicators.indicators([[5, None]], share=Fraction(1, 2))["n"], 1)
        self.assertEqual(indicators.indicators([[None, None]])["mean"], None)

    def test_recoding(self):
        scale = (1, 5)
        self.assertEqual(indicators.recode("2", True, scale, set()), 4)
        self.assertIsNone(indicators.recode("", True, scale, set()))
        self.assertIsNone(indicators.recode("9", True, scale, {"9"}))
        with self.assertRaises(SystemExit):
            indicators.recode("9", False, scale, set())

    def test_command_line(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "answers.csv")
            file.write_text("class_id,A,B\n1,5,1\n1,5,1\n2,1,5\n2,,\n", encoding="utf-8")
            common = [TOOLS / "indicators.py", file, "--items", "A,B", "--reversed", "B"]
            code, out, _ = run(*common, "--by", "class_id")
            found = json.loads(out)
            self.assertEqual((code, found["1"]["mean"], found["2"]["mean"], found["2"]["n"]), (0, 100.0, 0.0, 1))
            code, out, _ = run(*common, "--where", "class_id=1", "--population", "2")
            self.assertEqual(json.loads(out)["interval"], [100.0, 100.0])
            self.assertNotEqual(run(*common[:-1], "C")[0], 0)
            self.assertNotEqual(run(*common, "--population", "2")[0], 0)


class Synthetic(unittest.TestCase):
    def test_school_is_plausible_and_repeatable(self):
        rows = list(synthetic.school(7))
        self.assertEqual(rows, list(synthetic.school(7)))
        self.assertNotEqual(rows, list(synthetic.school(8)))
        answers = [answer for _, row in rows for answer in row]
        self.assertEqual((len({number for number, _ in rows}), {len(row) for _, row in rows}), (30, {13}))
        self.assertEqual(set(answers), {None, 1, 2, 3, 4, 5})
        self.assertTrue(0.005 < answers.count(None) / len(answers) < 0.05)

    def test_scales_hang_together_for_any_seed(self):
        for seed in range(6):
            rows = [row for _, row in synthetic.school(seed)]
            self.assertTrue(600 <= len(rows) <= 780)
            for scale in "TK":
                columns = [place for place, item in enumerate(synthetic.ITEMS) if item[0] == scale]
                turned = [synthetic.ITEMS[place] in synthetic.REVERSED for place in columns]
                recoded = [
                    [row[place] and (6 - row[place] if turn else row[place]) for place, turn in zip(columns, turned)]
                    for row in rows
                ]
                result = indicators.indicators(recoded)
                self.assertTrue(0.7 < result["alpha"] < 0.95, (seed, scale, result["alpha"]))
                self.assertTrue(45 < result["mean"] < 85, (seed, scale, result["mean"]))

    def test_the_file_has_a_header_and_blank_fields(self):
        code, out, _ = run(TOOLS / "synthetic.py", "11")
        lines = out.splitlines()
        self.assertEqual((code, lines[0]), (0, "class_id,T1,T2,T3,T4,T5,T6,T7,K1,K2,K3,K4,K5,K6"))
        self.assertGreaterEqual(len(lines), 601)
        self.assertTrue(any(",," in line for line in lines))
        self.assertNotEqual(run(TOOLS / "synthetic.py")[0], 0)


if __name__ == "__main__":
    unittest.main()
