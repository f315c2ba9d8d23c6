# SPDX-License-Identifier: MIT
"""An application links the static library and has functions of its own, with whatever names it likes.

    application_test.py LIBVOQ-CORE.a CC NM    (the archive of every object of the library)
"""
import pathlib
import sys
import tempfile

from tap import claims, run
from tree import ROOT

CORE, CC, NM = sys.argv[1:4]
HERE = pathlib.Path(__file__).parent
WAV = ROOT / "tests/data/5652-19215-0032-pcm.wav"
COMMON = ["add", "advance", "append", "check", "corrupt", "crc32c", "fail", "pack", "parse", "place", "put",
          "read_all", "read_word", "refuse", "reset", "run", "sha256_add", "sha256_begin", "sha256_end"]


def names_of_the_library():
    symbols = [words[2] for words in map(str.split, run(NM, "-g", "--defined-only", CORE).splitlines())
               if len(words) == 3]
    return sorted({name.removeprefix("voq_") for name in symbols if not name.startswith("__")} | set(COMMON))


def build(scratch, name, *sources):
    run(CC, "-I", ROOT / "include", "-I", ROOT, *sources, CORE, "-lm", "-o", scratch / name)
    return scratch / name


def an_application_with_functions_of_the_same_names_gets_the_same_units():
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        taken = scratch / "taken.c"
        taken.write_text("#include <stdlib.h>\n" + "".join(
            f"void {name}(void);\nvoid {name}(void) {{ abort(); }}\n" for name in names_of_the_library()))
        run(build(scratch, "make_model", ROOT / "tests/support/make_model.c", taken), scratch / "tiny.voq")
        units = [run(build(scratch, f"with-{len(more)}", HERE / "consumer.c", *more), scratch / "tiny.voq", WAV)
                 for more in ([], [taken])]
        assert units[0] == units[1] and units[0].count("\n") > 100


sys.exit(claims(an_application_with_functions_of_the_same_names_gets_the_same_units))
