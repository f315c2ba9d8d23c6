# SPDX-License-Identifier: MIT
"""Where the parts of the package lie."""
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
LIBRARY = HERE / "_lib" / "libvoq.so"
COMMAND = HERE / "_bin" / "voq"


def main():
    """The command `voq` of the wheel."""
    os.execv(COMMAND, [str(COMMAND), *sys.argv[1:]])
