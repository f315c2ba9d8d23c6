# SPDX-License-Identifier: MIT
"""If this fails, a program that was built with an earlier voq.h of the same minor version reads the wrong
field, or passes the wrong number, after the library is updated.

    abi_test.py CC [--refresh]

abi.txt has one row per field, struct and enumerator of voq.h: "STRUCT.FIELD OFFSET SIZE", "STRUCT SIZE",
"NAME NUMBER", on a 64-bit machine. A change that adds a field at the end of a struct, a struct or an
enumerator writes the table again by --refresh, and its diff shows new rows and larger structs, nothing else.
"""
import pathlib
import re
import sys
import tempfile

from tap import Skip, claims, none, run
from tree import ROOT, text

CC = sys.argv[1]
TABLE = pathlib.Path(__file__).with_name("abi.txt")
HEADER = re.sub(r"/\*.*?\*/", "", text("include/voq.h"), flags=re.S)
STRUCT = re.compile(r"\bstruct\s+(\w+)\s*\{(.*?)\}", re.S)
ENUM = re.compile(r"\benum\s+\w+\s*\{(.*?)\}", re.S)
DECLARATOR = re.compile(r"(\w+)\s*(?:\[[^\]]*\])?\s*$")


def fields(body):
    return [DECLARATOR.search(declarator)[1] for member in body.split(";") if member.strip()
            for declarator in member.split(",")]


STRUCTS = {name: fields(body) for name, body in STRUCT.findall(HEADER)}
ENUMERATORS = [name for body in ENUM.findall(HEADER) for name in re.findall(r"\b(VOQ_\w+)\s*=", body)]


def expressions():
    """Row: the C expressions of its numbers."""
    rows = {}
    for struct, names in STRUCTS.items():
        for name in names:
            rows[f"{struct}.{name}"] = [f"offsetof({struct}, {name})", f"sizeof((({struct} *)0)->{name})"]
        rows[struct] = [f"sizeof({struct})"]
    return rows | {name: [name] for name in ENUMERATORS}


def table():
    return {line.split()[0]: line.split()[1:] for line in TABLE.read_text(encoding="utf-8").splitlines()}


def compiled(body, *options):
    """A C file with this body, through the compiler of the build, which may be one for another machine."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "abi.c")
        source.write_text(f"#include <voq.h>\n{body}\n", encoding="utf-8")
        run(CC, "-I", ROOT / "include", source, "-o", source.with_suffix(""), *options)
        return "" if options else run(source.with_suffix(""))


def refresh():
    lines = [f'printf("{row}{" %d" * len(values)}\\n", {", ".join("(int)" + value for value in values)});'
             for row, values in expressions().items()]
    TABLE.write_text(compiled("#include <stdio.h>\nint main(void) {\n" + "\n".join(lines) + "\nreturn 0; }"), encoding="utf-8")


def every_struct_and_enumerator_of_voq_h_has_its_rows():
    assert len(STRUCTS) > 5 and len(ENUMERATORS) > 30, "this is not voq.h"
    rows = table()
    none(sorted(set(expressions()) - set(rows)), "in voq.h, but not in the table; add them by --refresh:")
    none(sorted(set(rows) - set(expressions())), "in the table, but no longer in voq.h:")


def fields_stay_where_programs_expect_them():
    compiled("", "-c")
    try:
        compiled("_Static_assert(sizeof(void *) == 8, \"\");", "-c")
    except AssertionError:
        raise Skip("the table describes 64-bit machines") from None
    rows = table()
    compiled("\n".join(f'_Static_assert({value} == {number}, "{row} was {" ".join(rows[row])}");'
                       for row, values in expressions().items() if row in rows
                       for value, number in zip(values, rows[row])), "-c")


# Matrices and sections never grow; the size of a layer is in voq_encoder, since it is an element of an array.
NEVER_GROW = {"voq_matrix", "voq_section"}
WITHOUT_SIZE = NEVER_GROW | {"voq_layer"}


def every_struct_begins_with_its_size_and_has_a_first_size():
    none([name for name, names in STRUCTS.items() if names[0] != "struct_size" and name not in WITHOUT_SIZE],
         "does not begin with struct_size:")
    first = re.findall(r"VERSIONED_UP_TO\((\w+), (\w+)\)", text("src/base/versioned.h"))
    none(sorted(set(STRUCTS) - {struct for struct, _ in first if struct != "type"} - NEVER_GROW),
         "no first size in versioned.h:")


if "--refresh" in sys.argv:
    refresh()
sys.exit(claims(every_struct_and_enumerator_of_voq_h_has_its_rows, fields_stay_where_programs_expect_them,
                every_struct_begins_with_its_size_and_has_a_first_size))
