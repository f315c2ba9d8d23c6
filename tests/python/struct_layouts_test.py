# SPDX-License-Identifier: MIT
"""If a struct of ctypes had another layout than that of include/voq.h, calls would corrupt memory."""
import ctypes
import os
import re
import subprocess
import sys

from package import ROOT, SCRATCH, Skip, claims, voq
from voq import _native

HEADER = ROOT / "include/voq.h"


def in_python():
    rows = []
    for struct in _native.STRUCTS:
        rows.append(f"{struct.__name__} {ctypes.sizeof(struct)}")
        rows += [f"{struct.__name__}.{name} {getattr(struct, name).offset} {getattr(struct, name).size}"
                 for name, _ in struct._fields_]
    return rows


def in_c():
    compiler = os.environ.get("CC", "cc")
    source = SCRATCH / "layouts.c"
    lines = ['#include "voq.h"', "#include <stdio.h>", "int main(void)", "{"]
    for struct in _native.STRUCTS:
        s = struct.__name__
        lines.append(f'printf("{s} %zu\\n", sizeof({s}));')
        lines += [f'printf("{s}.{f} %zu %zu\\n", offsetof({s}, {f}), sizeof((({s} *)0)->{f}));'
                  for f, _ in struct._fields_]
    source.write_text("\n".join([*lines, "}", ""]))
    try:
        subprocess.run([*compiler.split(), "-I", HEADER.parent, source, "-o", SCRATCH / "layouts"], check=True)
    except FileNotFoundError:
        raise Skip(f"no C compiler {compiler}") from None
    return subprocess.run([SCRATCH / "layouts"], check=True, capture_output=True, text=True).stdout.splitlines()


def every_struct_has_the_size_and_offsets_of_the_header():
    expected = in_c()
    different = [f"{got}, in C {wanted}" for got, wanted in zip(in_python(), expected) if got != wanted]
    assert not different and len(in_python()) == len(expected), "\n".join(different)


def header():
    return re.sub(r"/\*.*?\*/", "", HEADER.read_text(encoding="utf-8"), flags=re.S)


def every_field_of_the_header_is_there():
    for struct in _native.STRUCTS:
        body = re.search(r"typedef struct %s \{(.*?)\} %s;" % (struct.__name__, struct.__name__), header(), re.S)[1]
        names = [re.sub(r"\[.*", "", name).split()[-1].lstrip("*") for line in body.split(";") if line.strip()
                 for name in line.split(",")]
        assert names == [name for name, _ in struct._fields_], f"{struct.__name__}: the header has {names}"


def every_function_has_the_number_of_arguments_of_the_header():
    for name, (_, arguments) in _native._FUNCTIONS.items():
        found = re.search(r"\bvoq_%s\(([^)]*)\)" % name, header())
        assert found, f"voq_{name} is not in the header"
        n = 0 if found[1] == "void" else found[1].count(",") + 1
        assert n == len(arguments), f"voq_{name}: {len(arguments)} arguments, the header has {n}"


def the_version_is_that_of_the_header():
    numbers = re.findall(r"#define VOQ_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", HEADER.read_text(encoding="utf-8"))
    assert voq.__version__ == ".".join(numbers), f"{voq.__version__}, the header has {numbers}"


sys.exit(claims(every_struct_has_the_size_and_offsets_of_the_header, every_field_of_the_header_is_there,
                every_function_has_the_number_of_arguments_of_the_header, the_version_is_that_of_the_header))
