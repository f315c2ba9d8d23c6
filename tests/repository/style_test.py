# SPDX-License-Identifier: MIT
"""What a reviewer should not have to say. Greps only: no formatter's version decides."""
import re
import sys

from tap import claims, none
from tree import ROOT, files, text

C = files("src", "tools", "include", "tests", suffixes={".c", ".h", ".cc"})
SCRIPTS = files("tools", "tests", suffixes={".py", ".sh"}) + [
    path for path in files("tools", ".ci", suffixes={""}) if (ROOT / path).read_bytes()[:2] == b"#!"]
WEB = files("tools", "tests", suffixes={".js", ".mjs", ".ts"})
BUILD = [path for path in files(".", suffixes={".build"}) if path.name == "meson.build"]
PROSE = files(".", suffixes={".md", ".scd", ".txt"})


def lines(paths):
    for path in paths:
        for number, line in enumerate(text(path).split("\n"), 1):
            yield f"{path}:{number}", line


def c_has_no_tabs():
    none([where for where, line in lines(C) if "\t" in line], "tabs:")


def c_fits_in_100_columns_and_javascript_in_120():
    none([where for where, line in lines(C) if len(line) > 100], "longer than 100:")
    none([where for where, line in lines(WEB) if len(line) > 120], "longer than 120:")


def no_line_ends_in_space_or_carriage_return():
    none([where for where, line in lines(C + SCRIPTS + WEB + BUILD + PROSE) if line != line.rstrip(" \t\r")],
         "trailing white space:")


def files_end_in_one_newline():
    none([path for path in C + SCRIPTS + WEB + BUILD + PROSE
          if text(path) and (not text(path).endswith("\n") or text(path).endswith("\n\n"))],
         "no newline, or an empty line, at the end:")


def sources_begin_with_their_licence():
    wrong = [path for path in C if not text(path).startswith("/* SPDX-License-Identifier: MIT */\n")]
    wrong += [path for path in SCRIPTS + BUILD
              if "# SPDX-License-Identifier: MIT" not in text(path).split("\n")[:2]]
    wrong += [path for path in WEB if not text(path).startswith("// SPDX-License-Identifier: MIT\n")]
    none(wrong, "no SPDX line at the top:")


def nothing_names_a_place_on_somebodys_machine():
    place = re.compile(r"""(?<![\w.])/(?:home|work|opt|Users)/\w""")
    none([where for where, line in lines(C + SCRIPTS + WEB + BUILD + PROSE) if place.search(line)
          and not where.startswith("tests/repository/style_test.py")], "an absolute path:")


def nothing_is_left_for_later():
    later = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
    none([where for where, line in lines(C + SCRIPTS + WEB + BUILD) if later.search(line)
          and "style_test.py" not in where and "count_tests.py" not in where], "left for later:")


sys.exit(claims(c_has_no_tabs, c_fits_in_100_columns_and_javascript_in_120, no_line_ends_in_space_or_carriage_return,
                files_end_in_one_newline, sources_begin_with_their_licence,
                nothing_names_a_place_on_somebodys_machine, nothing_is_left_for_later))
