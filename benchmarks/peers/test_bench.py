"""python3 -m unittest discover benchmarks/peers"""

import contextlib
import io
import pathlib
import tempfile
import unittest
from unittest import mock

import bench


def in_python(gradient, epsilon):
    """RMSprop in a plain loop, of the first 100 parameters."""
    values = gradient[:100]
    steps = [0]

    def step():
        steps[0] += 1

    return step, lambda: [bench.formula(g, epsilon, False, steps[0]) for g in values]


def descends_too_far(gradient, epsilon):
    step, parameters = in_python(gradient, epsilon)
    return step, lambda: [1.001 * p for p in parameters()]


def fails(gradient, epsilon):
    raise OSError("no such library")


def absent(gradient, epsilon):
    raise bench.Missing("it is not installed")


class BenchTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name, "new", "rows.tsv")

    def run_main(self, **contenders):
        """The exit code and what it said."""
        said = io.StringIO()
        with contextlib.redirect_stderr(said), mock.patch.object(bench, "one_thread"), mock.patch.dict(
            bench.CONTENDERS, {name: (make, False) for name, make in contenders.items()}, clear=True
        ):
            code = bench.main(
                ["--contenders", ",".join(contenders), "--parameters", "100,1000", "--rounds", "2"]
                + ["--seconds", "0.001", "--results", str(self.file)]
            )
        return code, said.getvalue()

    def rows(self):
        """The header's keys and the rows by column."""
        lines = self.file.read_text(encoding="utf-8").splitlines()
        keys = [line.split()[1] for line in lines if line.startswith("# ")]
        titles, *rows = [line.split("\t") for line in lines[len(keys) :]]
        return keys, [dict(zip(titles, row, strict=True)) for row in rows]

    def test_writes_header_and_rows(self):
        code, _ = self.run_main(PLAIN=in_python)
        self.assertEqual(0, code)
        keys, rows = self.rows()
        for key in ("command", "date", "CPU", "cores", "OS", "Python", "commit", "error"):
            self.assertIn(key, keys)
        self.assertEqual(["100", "1000"], [row["parameters"] for row in rows])
        self.assertEqual([self.file], list(self.file.parent.iterdir()))

    def test_row(self):
        cells = dict(zip(bench.COLUMNS, bench.row("PLAIN", 1000, [90e3, 130e3, 100e3]), strict=True))
        self.assertEqual("100000", cells["score"])
        self.assertEqual("20000", cells["error"])
        self.assertEqual("100.00", cells["ns/parameter"])
        self.assertEqual("0.20000", cells["GB/s"])
        self.assertEqual("step+change", cells["mode"])
        self.assertEqual("-", cells["ratio error"])

    def test_numbers_have_no_exponent(self):
        self.assertEqual("112720000", bench.number(112724999.0))
        self.assertEqual("0.0000012346", bench.number(1.23456e-6))

    def test_wrong_formula_is_not_timed(self):
        code, said = self.run_main(WRONG=descends_too_far, PLAIN=in_python)
        self.assertEqual(1, code)
        self.assertIn("FAILED WRONG: ArithmeticError: a gradient of ", said)
        self.assertEqual({"PLAIN"}, {row["contender"] for row in self.rows()[1]})

    def test_the_place_of_epsilon_matters(self):
        with self.assertRaises(ArithmeticError):
            bench.check(in_python, True)

    def test_says_what_is_skipped_and_what_failed(self):
        code, said = self.run_main(ABSENT=absent, PLAIN=in_python)
        self.assertEqual(0, code)
        self.assertIn("SKIPPED ABSENT: it is not installed", said)
        code, said = self.run_main(BROKEN=fails)
        self.assertEqual(1, code)
        self.assertIn("FAILED BROKEN: OSError: no such library", said)

    def test_keeps_the_old_file_where_nothing_ran(self):
        self.run_main(PLAIN=in_python)
        before = self.file.read_bytes()
        self.run_main(ABSENT=absent)
        self.assertEqual(before, self.file.read_bytes())

    def test_refuses_bad_options(self):
        for option, value, reason in (
            ("--contenders", "KERAS,TORCH", "must be among PYTORCH_EAGER, "),
            ("--parameters", "100,0", "must be a whole number of at least 1, got 0"),
            ("--rounds", "-1", "must be a whole number of at least 1, got -1"),
            ("--seconds", "nan", "must be a number above 0, got nan"),
        ):
            said = io.StringIO()
            with self.subTest(option), contextlib.redirect_stderr(said), self.assertRaises(SystemExit):
                bench.main([f"{option}={value}"])
            self.assertIn(reason, said.getvalue())


if __name__ == "__main__":
    unittest.main()
