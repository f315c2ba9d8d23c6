# SPDX-License-Identifier: MIT
"""As tests/support/check.h, for scripts: claims are functions, run in order and reported as TAP.

A claim fails by AssertionError, whose text is printed line by line, or by any other exception;
raising Skip(reason) skips it.
"""
import subprocess
import traceback


class Skip(Exception):
    """The claim cannot be tested here; the text says why."""


def none(found, what):
    """Fails with the list if anything was found."""
    assert not found, "\n".join([what] + [f"  {item}" for item in found])


def run(*command, **options):
    """Returns the command's standard output; fails with all its output if it does not exit with 0."""
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False, **options)
    assert done.returncode == 0, (" ".join(map(str, command)) + f"\nexit code {done.returncode}\n"
                                  + done.stdout + done.stderr)
    return done.stdout


def claims(*functions):
    """Runs the claims and returns the exit code of the program."""
    failed = 0
    for number, claim in enumerate(functions, 1):
        verdict, note = "ok", ""
        try:
            claim()
        except Skip as why:
            note = f" # SKIP {why}"
        except Exception as error:  # a broken claim must not hide later ones
            text = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
            print("\n".join("# " + line for line in text.splitlines()))
            verdict, failed = "not ok", failed + 1
        print(f"{verdict} {number} - {claim.__name__}{note}", flush=True)
    print(f"1..{len(functions)}")
    return 1 if failed else 0
