# SPDX-License-Identifier: MIT
"""What compilers that are not ours accept: the header alone, and the library without a build system.

    header_test.py CC
"""
import shutil
import sys
import tempfile

from tap import Skip, claims, run
from tree import ROOT, files

CC = sys.argv[1]
CXX = shutil.which("g++") or shutil.which("clang++")
STRICT = ["-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-fsyntax-only"]


def voq_h_alone_is_strict_c99():
    run(CC, "-std=c99", *STRICT, "-x", "c", ROOT / "include/voq.h")


def voq_h_alone_is_strict_cplusplus():
    if not CXX:
        raise Skip("no C++ compiler")
    run(CXX, "-std=c++11", *STRICT, "-x", "c++", ROOT / "include/voq.h")


def the_library_outside_the_kernels_is_plain_c11():
    sources = [path for path in files("src", suffixes={".c"}) if path.parts[1] != "kernel"]
    with tempfile.TemporaryDirectory() as scratch:
        run(CC, "-std=c11", "-pedantic-errors", "-c", "-I", ROOT, "-I", ROOT / "include",
            *(ROOT / path for path in sources), cwd=scratch)


sys.exit(claims(voq_h_alone_is_strict_c99, voq_h_alone_is_strict_cplusplus,
                the_library_outside_the_kernels_is_plain_c11))
