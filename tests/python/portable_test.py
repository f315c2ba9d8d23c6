# SPDX-License-Identifier: MIT
"""If this fails, machines with an older C library or another CPU get other units, or a library that does not load.

Run by tools/python/build-wheel with $VOQ_WHEEL, one of the wheels without the command.
"""
import atexit
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import wave
import zipfile

from tap import Skip, claims, run
from tree import ROOT, text

WHEEL = pathlib.Path(os.environ.get("VOQ_WHEEL", ""))
TAG = re.fullmatch(r".*-py3-none-manylinux2014_(\w+)\.manylinux_2_17_\1\.whl", WHEEL.name)
if not TAG:
    print("1..0 # SKIP no wheel; tools/python/build-wheel --portable makes them and runs this")
    sys.exit(0)
CPU = TAG[1]
HERE = os.uname().machine
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="voq-portable-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
KNOWN = dict(re.findall(r"^  (RECORDING|MODEL|UNITS_SHA256): (\S+)$", text(".github/workflows/check.yml"), re.M))


def check(units):
    found = hashlib.sha256("".join(f"{unit}\n" for unit in units).encode()).hexdigest()
    assert found == KNOWN["UNITS_SHA256"], units


def unpacked():
    with zipfile.ZipFile(WHEEL) as wheel:
        wheel.extractall(SCRATCH)
    return SCRATCH / "voq"


def a_c_program_has_the_units_of_every_machine():
    cc = "cc" if CPU == HERE else f"{CPU}-linux-gnu-gcc"
    emulator = [] if CPU == HERE else [f"qemu-{CPU}-static", "-L", f"/usr/{CPU}-linux-gnu"]
    for program in [cc, *emulator[:1]]:
        if not shutil.which(program):
            raise Skip(f"no {program}")
    library = unpacked() / "_lib/libvoq.so"
    library = library.rename(library.with_name(re.search(r"SONAME.*\[(.*)\]", run("readelf", "-d", library))[1]))
    program = SCRATCH / "consumer"
    run(cc, "-I", ROOT / "include", ROOT / "tests/repository/consumer.c", library, f"-Wl,-rpath,{library.parent}",
        "-o", program)
    check(run(*emulator, program, ROOT / KNOWN["MODEL"], ROOT / KNOWN["RECORDING"]).split())


def need_this_machine():
    if CPU != HERE:
        raise Skip(f"this machine is not {CPU}")


def the_module_has_the_units_of_every_machine():
    need_this_machine()
    import numpy
    import voq
    with wave.open(str(ROOT / KNOWN["RECORDING"])) as file:
        samples = numpy.frombuffer(file.readframes(file.getnframes()), "<i2")
    check(voq.load(pathlib.Path(KNOWN["MODEL"]).stem).encode(samples, rate=16000))


def the_command_says_that_it_is_in_the_other_wheel():
    need_this_machine()
    done = subprocess.run([pathlib.Path(sys.executable).parent / "voq", "--version"], capture_output=True, text=True,
                          check=False, env={"PATH": "/nowhere"})
    assert done.returncode and "without the command" in done.stderr and "Trace" not in done.stderr, done.stderr


def no_library_but_libc_and_its_kind_is_needed():
    needed = re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "-d", next(unpacked().glob("_lib/*"))))
    assert set(needed) <= {"libc.so.6", "libm.so.6", "ld-linux-aarch64.so.1"}, needed


def the_licences_are_inside():
    folder = unpacked() / "_licences"
    assert sorted(path.name for path in folder.iterdir()) == ["KissFFT.txt", "README.txt", "zig.txt"]
    assert "Permission is hereby granted" in (folder / "zig.txt").read_text(encoding="utf-8")


sys.exit(claims(a_c_program_has_the_units_of_every_machine, the_module_has_the_units_of_every_machine,
                the_command_says_that_it_is_in_the_other_wheel, no_library_but_libc_and_its_kind_is_needed,
                the_licences_are_inside))
