# SPDX-License-Identifier: MIT
"""What the pages say is what the program does.

    documentation_test.py BUILD_FOLDER

A block of README.md that begins with ```sh run is run, in a folder with build/, models/ and tests/
beside it; a block ```text output right after it is what it must print.
"""
import os
import pathlib
import re
import sys
import tempfile

from tap import Skip, claims, none, run
from tree import ROOT, files, text

BUILD = pathlib.Path(sys.argv[1])
BLOCK = re.compile(r"^```sh run\n(.*?)^```\n(?:\n*```text output\n(.*?)^```\n)?", re.M | re.S)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def examples_of_the_readme_run_and_print_what_it_says():
    blocks = BLOCK.findall(text("README.md"))
    if not blocks:
        raise Skip("README.md has no example to run")
    for commands, output in blocks:
        with tempfile.TemporaryDirectory() as scratch:
            for name in ("models", "tests", "include", "tools"):
                os.symlink(ROOT / name, pathlib.Path(scratch, name))
            os.symlink(BUILD, pathlib.Path(scratch, "build"))
            printed = run("bash", "-euo", "pipefail", "-c", commands, cwd=scratch)
        assert not output or printed == output, f"{commands}prints\n{printed}\nREADME.md says\n{output}"


def the_program_in_the_readme_is_the_one_that_is_tested():
    program = text("tests/live/own_callback.c").partition("\n")[2]
    assert f"```c\n{program}```" in text("README.md"), "README.md differs from tests/live/own_callback.c"


def links_between_pages_lead_somewhere():
    none([f"{page}: {link}" for page in files(".", suffixes={".md"}) for link in LINK.findall(text(page))
          if not (ROOT / page.parent / link).exists()], "broken:")


sys.exit(claims(examples_of_the_readme_run_and_print_what_it_says,
                the_program_in_the_readme_is_the_one_that_is_tested,
                links_between_pages_lead_somewhere))
