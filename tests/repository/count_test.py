# SPDX-License-Identifier: MIT
"""tools/check counts honestly: what Meson's own report hides is a failure here."""
import json
import pathlib
import subprocess
import sys
import tempfile

from tap import claims
from tree import ROOT


def counted(*programs, exit_code=0):
    """"PASSED FAILED SKIPPED" of programs given as (result, standard output)."""
    with tempfile.TemporaryDirectory() as scratch:
        log = pathlib.Path(scratch, "testlog.json")
        log.write_text("".join(json.dumps({"name": "voq:unit / some", "result": result, "returncode": 0,
                                           "stdout": output}) + "\n" for result, output in programs))
        done = subprocess.run([sys.executable, "-B", ROOT / "tests/support/count_tests.py", log, str(exit_code)],
                              capture_output=True, text=True, check=True)
    return done.stdout.strip()


def same(got, expected):
    assert got == expected, f"counted {got}, expected {expected}"


def claims_are_counted_and_not_programs():
    same(counted(("OK", "ok 1 - a\nok 2 - b # SKIP no root\n1..2\n"), ("OK", "ok 1 - c\n1..1\n")), "2 0 1")


def a_failed_claim_counts_once():
    same(counted(("ERROR", "ok 1 - a\nnot ok 2 - b\n1..2\n"), exit_code=1), "1 1 0")


def a_crash_after_passed_claims_is_a_failure():
    same(counted(("ERROR", "1..9\nok 1 - a\n"), exit_code=1), "1 1 0")


def a_timeout_is_a_failure():
    same(counted(("TIMEOUT", "ok 1 - a\n"), exit_code=1), "1 1 0")


def a_skip_without_a_reason_is_a_failure():
    same(counted(("OK", "ok 1 - a # SKIP\nok 2 - b # SKIP  \n1..2\n")), "0 2 0")


def a_whole_program_can_be_skipped():
    same(counted(("SKIP", "1..0 # SKIP no audio\n"), ("SKIP", "no clang here\n")), "0 0 2")


def programs_without_tap_count_as_one():
    same(counted(("OK", ""), ("FAIL", "bad\n"), exit_code=1), "1 1 0")


def a_bad_end_of_meson_is_a_failure_whatever_was_counted():
    same(counted(("OK", "ok 1 - a\n1..1\n"), exit_code=2), "1 1 0")


def a_run_of_no_tests_is_a_failure():
    same(counted(), "0 1 0")


sys.exit(claims(claims_are_counted_and_not_programs, a_failed_claim_counts_once,
                a_crash_after_passed_claims_is_a_failure, a_timeout_is_a_failure,
                a_skip_without_a_reason_is_a_failure, a_whole_program_can_be_skipped,
                programs_without_tap_count_as_one, a_bad_end_of_meson_is_a_failure_whatever_was_counted,
                a_run_of_no_tests_is_a_failure))
