# SPDX-License-Identifier: MIT
"""What is in the machine code that users get.

    objects_test.py BUILD_FOLDER NM OBJDUMP
"""
import pathlib
import re
import sys

from tap import Skip, claims, none, run
from tree import text

BUILD, NM, OBJDUMP = sys.argv[1:4]
CORE = pathlib.Path(BUILD, "src/libvoq-core.a")  # every object of the library
SHARED = pathlib.Path(BUILD, "src/libvoq.so")
FUNCTION = re.compile(r"^VOQ_(?:API|CHECKED)\s[^;(]*\b(voq_\w+)\(", re.M)
# x86: vfmadd and its kin; aarch64: fmadd, fmsub, fnmadd, fnmsub, fmla, fmls.
# Functions of libm that learning does not call: C libraries round them differently, or with the CPU.
LIBM = re.compile(r"(a?(sin|cos|tan)h?|atan2|sincos|exp(2|10|m1)?|log(2|10|1p|b)?|pow|cbrt|hypot|erfc?|[lt]gamma"
                  r"|fmod|remainder|remquo|fma|fmax|fmin|fdim|floor|ceil|trunc|l?l?round|l?lrint|nearbyint|ldexp"
                  r"|frexp|modf|scalbl?n|ilogb)[fl]?")
FUSED = re.compile(r"\t(vfn?m\w+|fn?madd|fn?msub|fml[as]l?2?)\b")


def shared():
    if not SHARED.exists():
        raise Skip("built without a shared library")
    return SHARED


def the_library_exports_the_functions_of_voq_h_and_nothing_else():
    exported = {line.split()[-1] for line in run(NM, "-D", "--defined-only", shared()).splitlines()}
    declared = set(FUNCTION.findall(text("include/voq.h")))
    assert len(declared) > 20, f"{len(declared)} functions: this is not voq.h"
    none(sorted(exported - declared), "exported, but not in voq.h:")
    none(sorted(declared - exported), "in voq.h, but not exported:")


def external_names(archive):
    lines = run(NM, "-g", "--defined-only", archive).splitlines()
    return {words[2] for words in map(str.split, lines) if len(words) == 3 and not words[2].startswith("__")}


def no_name_of_the_static_library_meets_one_of_an_application():
    names = external_names(CORE)
    assert len(names) > 100, f"{len(names)} names: this is not the library"
    none(sorted(name for name in names if not name.startswith("voq_")), "do not begin with voq_:")


def no_function_of_the_tools_is_defined_twice():
    archives = sorted(pathlib.Path(BUILD, "tools").glob("*/*.a"))
    if not archives:
        raise Skip("built without the tools")
    places = {}
    for archive in [CORE, *archives]:
        for name in external_names(archive):
            places.setdefault(name, []).append(archive.name)
    none([f"{name} in {', '.join(where)}" for name, where in sorted(places.items()) if len(where) > 1],
         "the linker takes one of:")


def learning():
    return sorted(pathlib.Path(BUILD, "tools/learn").glob("*.a"))


def calls():
    """File: the files of the project whose functions or tables it uses, by their objects."""
    objects = sorted(path for folder in ("src", "tools") for path in pathlib.Path(BUILD, folder).rglob("*.c.o"))
    defines, uses = {}, {}
    for line in run(NM, "-A", "-P", *objects).splitlines():
        place, _, rest = line.partition(": ")
        file = f"{pathlib.Path(place).parents[1].relative_to(BUILD)}/{pathlib.Path(place).stem}"
        name, kind = rest.split()[:2]
        if kind in "TDRBVW":
            defines[name] = file
        elif kind == "U":
            uses.setdefault(file, set()).add(name)
    return {file: {defines[name] for name in names if name in defines} - {file} for file, names in uses.items()}


def reached(graph, start):
    seen, open_ = set(), [start]
    while open_:
        for file in graph.get(open_.pop(), ()):
            if file not in seen:
                seen.add(file)
                open_.append(file)
    return seen


def no_files_call_each_other_in_a_circle():
    graph = calls()
    assert len(graph) > 20, f"{len(graph)} files: these are not the objects"
    none(sorted(file for file in graph if file in reached(graph, file)), "can be reached from itself:")


def no_instruction_rounds_once_for_two_operations():
    code = run(OBJDUMP, "-d", "--no-show-raw-insn", CORE, *learning())
    assert code.count("\n") > 5000, "nothing was disassembled"
    none(sorted({match[1] for match in FUSED.finditer(code)}), "fused operations, which change bits:")


def learning_needs_nothing_of_libm_that_is_not_exact():
    if not learning():
        raise Skip("built without the tools")
    needed = {line.split()[-1] for line in run(NM, "-u", *learning()).splitlines() if line.strip().startswith("U ")}
    assert "malloc" in needed, "these are not the objects"
    none(sorted(name for name in needed if LIBM.fullmatch(name)), "called in tools/learn:")


def kissfft_is_inside_and_not_the_systems():
    needed = re.findall(r"NEEDED\s+(\S+)", run(OBJDUMP, "-p", shared()))
    none([name for name in needed if not re.match(r"lib(c|m|asan|tsan|ubsan)\.|ld-linux", name)],
         "libvoq.so needs:")


sys.exit(claims(the_library_exports_the_functions_of_voq_h_and_nothing_else,
                no_name_of_the_static_library_meets_one_of_an_application,
                no_function_of_the_tools_is_defined_twice,
                no_files_call_each_other_in_a_circle,
                no_instruction_rounds_once_for_two_operations,
                learning_needs_nothing_of_libm_that_is_not_exact,
                kissfft_is_inside_and_not_the_systems))
