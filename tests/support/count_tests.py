# SPDX-License-Identifier: MIT
"""Counts the claims of a Meson test run, and shows what failed and why something was skipped.

    count_tests.py LOG.json EXIT_CODE  ->  "PASSED FAILED SKIPPED" on stdout, the rest on stderr

LOG.json is Meson's testlog.json: one object per line, one line per program. The TAP output is
counted here because Meson's JUnit file reports timeouts, crashes and short plans as passed. Counted
as failed: a `not ok`, a skip without a reason, a program that fails without any `not ok`, and a run
that fails without any failed program.
"""
import json
import re
import sys

POINT = re.compile(r"^(not )?ok\b\s*\d*\s*(?:- )?(.*?)(?:\s*# *(SKIP|TODO)\b\S*\s*(.*))?$", re.I)
PLAN = re.compile(r"^1\.\.(\d+)(?:\s*# *SKIP\S*\s*(.*))?\s*$", re.I)


class Program:
    """The claims of one test program."""

    def __init__(self, test):
        self.test = test
        self.name = test["name"].split(" / ")[-1]
        self.passed = 0
        self.failed = []
        self.skipped = []
        output = test.get("stdout") or ""
        is_tap = any(PLAN.match(line) or POINT.match(line) for line in output.splitlines())
        if is_tap:
            self.read_tap(output)
        elif test["result"] in ("OK", "EXPECTEDFAIL"):
            self.passed = 1
        elif test["result"] == "SKIP":
            lines = (output + (test.get("stderr") or "")).strip().splitlines()
            self.skip(self.name, lines[-1] if lines else "")
        if test["result"] not in ("OK", "EXPECTEDFAIL", "SKIP") and not self.failed:
            self.failed.append(f"{self.name}: {test['result'].lower()}, exit code {test['returncode']}")

    def read_tap(self, output):
        for line in output.splitlines():
            point, plan = POINT.match(line), PLAN.match(line)
            if plan and plan[1] == "0":
                self.skip(self.name, plan[2] or "")
            elif point and (point[3] or "").upper() == "SKIP":
                self.skip(point[2], point[4])
            elif point and point[1] and not point[3]:
                self.failed.append(point[2])
            elif point:
                self.passed += 1

    def skip(self, claim, reason):
        if reason.strip():
            self.skipped.append(f"{claim}: {reason.strip()}")
        else:
            self.failed.append(f"{claim}: skipped without a reason")

    def tell(self):
        for line in self.skipped:
            print(f"    skipped {self.name}: {line}", file=sys.stderr)
        if self.failed:
            for line in self.failed:
                print(f"    FAILED {self.name}: {line}", file=sys.stderr)
            output = (self.test.get("stdout") or "") + (self.test.get("stderr") or "")
            for line in [line for line in output.splitlines() if not line.startswith("ok ")][:100]:
                print(f"        {line}", file=sys.stderr)


def main():
    path, exit_code = sys.argv[1], int(sys.argv[2])
    try:
        with open(path, encoding="utf-8") as log:
            programs = [Program(json.loads(line)) for line in log]
    except FileNotFoundError:
        programs = []
    for program in programs:
        program.tell()
    passed = sum(program.passed for program in programs)
    failed = sum(len(program.failed) for program in programs)
    skipped = sum(len(program.skipped) for program in programs)
    if not programs:
        print("    FAILED: no test ran", file=sys.stderr)
        failed = 1
    elif exit_code and not failed:
        print(f"    FAILED: meson test ended with {exit_code}", file=sys.stderr)
        failed = 1
    print(passed, failed, skipped)


main()
