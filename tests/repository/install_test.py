# SPDX-License-Identifier: MIT
"""What a user gets from `meson install`: a library that pkg-config finds, that C, C++ and Python
programs run with, shared and static, all giving the same units.

    install_test.py BUILD_FOLDER CC
"""
import atexit
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from tap import Skip, claims, run
from tree import ROOT

BUILD, CC = sys.argv[1:3]
CXX = shutil.which("g++") or shutil.which("clang++")
HERE = pathlib.Path(__file__).parent
WAV = ROOT / "tests/data/5652-19215-0032-pcm.wav"
N_UNIT = (39680 + 80) // 160
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="voq-install-"))
atexit.register(shutil.rmtree, SCRATCH)
MODEL = SCRATCH / "tiny.voq"
PREFIX = next(option["value"] for option in json.loads(
    (pathlib.Path(BUILD) / "meson-info/intro-buildoptions.json").read_text(encoding="utf-8"))
              if option["name"] == "prefix").lstrip("/")


def flags(*options):
    pc = next(SCRATCH.rglob("voq.pc")).parent
    return run("pkg-config", *options, "voq", env=os.environ | {
        "PKG_CONFIG_PATH": str(pc), "PKG_CONFIG_SYSROOT_DIR": str(SCRATCH)}).split()


def library():
    found = next(SCRATCH.rglob("libvoq.so"), None)
    if not found:
        raise Skip("built without a shared library")
    return found


def run_installed(*command):
    folder = next(SCRATCH.rglob("libvoq.*")).parent
    return run(*command, env=os.environ | {"LD_LIBRARY_PATH": str(folder)})


def units_of(program):
    return run_installed(program, MODEL, WAV).split()


def meson_installs_header_libraries_and_pkg_config():
    run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", SCRATCH)
    headers = [path.name for path in SCRATCH.rglob("*.h")]
    assert headers == ["voq.h"], f"installed headers: {headers}"
    assert list(SCRATCH.rglob("libvoq.*")) and list(SCRATCH.rglob("voq.pc"))


def version():
    header = (ROOT / "include/voq.h").read_text(encoding="utf-8")
    return re.findall(r"#define VOQ_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header)


def a_program_of_another_version_that_may_break_it_does_not_load_the_library():
    major, minor, _ = version()
    soname = re.search(r"SONAME.*\[(.*)\]", run("readelf", "-d", library()))
    expected = f"libvoq.so.{major}" if int(major) else f"libvoq.so.0.{minor}"
    assert soname and soname[1] == expected, f"soname: {soname and soname[1]}, expected {expected}"
    assert library().with_name(expected).resolve().name == f"libvoq.so.{'.'.join(version())}"


def pkg_config_tells_the_version_of_the_header():
    assert flags("--modversion") == [".".join(version())]


def a_c_program_makes_a_model():
    run(CC, "-I", ROOT, ROOT / "tests/support/make_model.c", "-o", SCRATCH / "make_model", *flags("--cflags", "--libs"))
    run_installed(SCRATCH / "make_model", MODEL)
    assert MODEL.stat().st_size > 0


def a_c_program_gets_units_seven_samples_at_a_time():
    run(CC, HERE / "consumer.c", "-o", SCRATCH / "shared", *flags("--cflags", "--libs"))
    ids = units_of(SCRATCH / "shared")
    assert len(ids) == N_UNIT, f"{len(ids)} units, expected {N_UNIT}"
    assert len(set(ids)) > 3, f"only the units {set(ids)}"


def a_static_c_program_gets_the_same():
    if not list(SCRATCH.rglob("libvoq.a")):
        raise Skip("built without a static library")
    run(CC, "-static", HERE / "consumer.c", "-o", SCRATCH / "static",
        *flags("--cflags", "--libs", "--static"))
    assert units_of(SCRATCH / "static") == units_of(SCRATCH / "shared")


def a_cplusplus_program_gets_the_same():
    if not CXX:
        raise Skip("no C++ compiler")
    run(CXX, "-x", "c++", "-Wall", "-Werror", HERE / "consumer.c", "-o", SCRATCH / "plusplus",
        *flags("--cflags", "--libs"))
    assert units_of(SCRATCH / "plusplus") == units_of(SCRATCH / "shared")


def python_gets_the_same():
    ids = run(python_with_numpy(), "-B", HERE / "voq_numpy.py", library(), MODEL, WAV).split()
    assert ids == units_of(SCRATCH / "shared")


def python_quantizes_codewords_to_themselves():
    run(python_with_numpy(), "-B", "-c", """
import sys, numpy
from voq_numpy import Model
model = Model(*sys.argv[1:])
x = numpy.random.default_rng(1).normal(0, 10, (50, model.info.dim)).astype('f4')
ids, z_q = model.quantize(x)
again, same = model.quantize(z_q)
assert (again == ids).all() and (same == z_q).all() and len(set(ids[:, 0])) > 3
""", library(), MODEL, cwd=HERE)


def python_refuses_arrays_that_it_would_misread():
    run(python_with_numpy(), "-B", "-c", """
import sys, numpy
from voq_numpy import Model
model = Model(*sys.argv[1:])
dim = model.info.dim

def refused(call, *arguments, sentence):
    try:
        call(*arguments)
    except (ValueError, RuntimeError) as error:
        assert sentence in str(error), error
        return
    raise AssertionError(f"not refused: {sentence}")

sound = numpy.random.default_rng(1).normal(0, 3000, 8000).astype("i2")
for shape in (50000, dim + 1), (50000, dim - 1), (dim,), (2, 3, dim):
    refused(model.quantize, numpy.zeros(shape), sentence=f"[n][{dim}]")
refused(model.quantize, numpy.zeros((2, dim), complex), sentence="complex")
refused(model.quantize, numpy.full((2, dim), numpy.nan), sentence="frame 0, dimension 0 is NaN")
refused(model.encode, numpy.zeros((8000, 2), "f4"), sentence="one channel")
refused(model.encode, sound.astype("i4"), sentence="int32")
refused(model.encode, sound.astype("f4"), sentence="within +-1")
refused(Model, sys.argv[1], sys.argv[1], sentence="; give a .voq file")
as_float, as_int16 = model.encode(sound / 32768), model.encode(sound)
assert (as_float == as_int16).all() and len(set(as_int16[:, 0])) > 1
assert model.encode(sound[:0]).shape == (0, 1) and model.encode(sound[::2]).shape[0] == 25
""", library(), MODEL, cwd=HERE)


def python_with_numpy():
    """Debian's python3-numpy belongs to /usr/bin/python3, which need not be the first in PATH."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import numpy"], capture_output=True, check=False).returncode == 0:
            return python
    raise Skip("python3 has no numpy")


def the_installed_command_gets_the_same():
    line = run(SCRATCH / PREFIX / "bin/voq", "encode", "--quiet", "-m", MODEL, WAV)
    assert line.strip().partition("|")[2].split() == units_of(SCRATCH / "shared"), line


def the_installed_command_finds_every_shipped_model():
    voq, elsewhere = SCRATCH / PREFIX / "bin/voq", {"PATH": os.environ["PATH"]}
    for model in sorted((ROOT / "models").glob("*.voq")):
        told = run(voq, "info", model.stem, env=elsewhere)
        assert str(SCRATCH) in told, f"{model.stem} is not installed; voq took\n{told}"


sys.exit(claims(meson_installs_header_libraries_and_pkg_config,
                a_program_of_another_version_that_may_break_it_does_not_load_the_library,
                pkg_config_tells_the_version_of_the_header,
                a_c_program_makes_a_model, a_c_program_gets_units_seven_samples_at_a_time,
                a_static_c_program_gets_the_same, a_cplusplus_program_gets_the_same,
                python_gets_the_same, python_quantizes_codewords_to_themselves,
                python_refuses_arrays_that_it_would_misread,
                the_installed_command_gets_the_same,
                the_installed_command_finds_every_shipped_model))
