# SPDX-License-Identifier: MIT
"""What the pages say is what the program does.

    documentation_test.py BUILD_FOLDER

A block of README.md that begins with ```sh run is run, in a folder with build/, models/ and tests/
beside it; a block ```text output right after it is what it must print.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from tap import Skip, claims, none, run
from tree import ROOT, files, text

BUILD = pathlib.Path(sys.argv[1])
VOQ = BUILD / "tools/voq"
BLOCK = re.compile(r"^```sh run\n(.*?)^```\n(?:\n*```text output\n(.*?)^```\n)?", re.M | re.S)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
SUBCOMMANDS = ["encode", "convert", "info", "train", "eval", "live"]


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


def links_between_pages_lead_somewhere():
    none([f"{page}: {link}" for page in files(".", suffixes={".md"}) for link in LINK.findall(text(page))
          if not (ROOT / page.parent / link).exists()], "broken:")


def man_pages_and_help_name_the_same_options():
    wrong, seen = [], 0
    for name in SUBCOMMANDS:
        page = ROOT / f"tools/man/voq-{name}.1.scd"
        done = subprocess.run([VOQ, name, "--help"], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False)
        if done.returncode or not page.exists():
            continue
        seen += 1
        helped = set(OPTION.findall(done.stdout)) - {"--help"}
        written = set(OPTION.findall(page.read_text(encoding="utf-8").replace("\\-", "-"))) - {"--help"}
        wrong += [f"{name}: {option} is not in the man page" for option in sorted(helped - written)]
        wrong += [f"{name}: {option} is not in --help" for option in sorted(
            option for option in written - helped if f"*{option}" in page.read_text(encoding="utf-8"))]
    if not seen:
        raise Skip("no man page and no subcommand yet")
    none(wrong, "man pages and --help differ:")


sys.exit(claims(examples_of_the_readme_run_and_print_what_it_says, links_between_pages_lead_somewhere,
                man_pages_and_help_name_the_same_options))
