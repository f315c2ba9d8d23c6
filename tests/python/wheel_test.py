# SPDX-License-Identifier: MIT
"""If this fails, whoever installs the wheel gets a command or a library that does not work on another machine.

Run by tools/python/build-wheel with the Python of an environment that has the wheel; $VOQ_WHEEL is its path.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

from tap import Skip, claims, none, run
from tree import ROOT, text

WHEEL = pathlib.Path(os.environ["VOQ_WHEEL"]) if "VOQ_WHEEL" in os.environ else None
COMMAND = pathlib.Path(sys.executable).parent / "voq"
RECORDING = ROOT / "tests/data/5652-19215-0032"
# What a machine with glibc and Python has anyway.
FOUND_ANYWHERE = re.compile(r"(ld-linux[\w-]*|linux-vdso|libc|libm|libz|libpthread|libdl|librt)\.so")


def package():
    import voq
    return pathlib.Path(voq.__file__).parent


def names():
    with zipfile.ZipFile(WHEEL) as wheel:
        return wheel.namelist()


def metadata(name):
    with zipfile.ZipFile(WHEEL) as wheel:
        return wheel.read(next(path for path in wheel.namelist() if path.endswith(f".dist-info/{name}"))).decode()


def programs():
    return sorted(path for path in [*(package() / "_bin").iterdir(), package() / "_lib/libvoq.so"])


def one_wheel_serves_every_python_from_3_9():
    tags = re.findall(r"^Tag: (.*)$", metadata("WHEEL"), re.M)
    assert len(tags) == 1 and re.fullmatch(r"py3-none-manylinux_2_\d+_\w+", tags[0]), tags
    assert WHEEL.name.endswith(f"-{tags[0]}.whl"), WHEEL.name
    assert "Requires-Python: >=3.9" in metadata("METADATA")


def numpy_is_all_that_the_wheel_needs():
    assert re.findall(r"^Requires-Dist: (.*)$", metadata("METADATA").partition("Provides-Extra")[0], re.M) == ["numpy"]
    listed = json.loads(run(sys.executable, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"))
    assert {part["name"] for part in listed} - {"pip", "setuptools"} == {"numpy", "voq"}, listed


def the_wheel_installs_where_glibc_is_2_34():
    assert int(re.search(r"manylinux_2_(\d+)", WHEEL.name)[1]) <= 34, WHEEL.name


def versions_of_header_package_module_and_command_agree():
    import voq
    version = ".".join(re.findall(r"#define VOQ_VERSION_\w+ (\d+)", text("include/voq.h")))
    assert f"\nVersion: {version}\n" in metadata("METADATA"), metadata("METADATA")
    assert voq.__version__ == version, voq.__version__
    assert run(COMMAND, "--version") == f"voq {version}\n"


def no_library_of_the_machine_is_needed_but_libc_and_zlib():
    foreign = []
    for program in programs():
        for line in run("ldd", program).splitlines():
            name, _, place = line.strip().partition(" => ")
            if not FOUND_ANYWHERE.match(pathlib.Path(name.split()[0]).name) and str(package().parent) not in place:
                foreign.append(f"{program.name}: {line.strip()}")
    none(foreign, "not in the wheel:")


def the_licence_of_everything_inside_is_inside():
    folder = package() / "_licences"
    listed = (folder / "README.txt").read_text(encoding="utf-8")
    stated = set(re.findall(r"^- .*: ([\w.+-]+\.txt)$", listed, re.M))
    libraries = list((package().parent / "voq.libs").glob("*.so*"))
    assert len(stated) == len(libraries) + 1, f"{sorted(stated)} for KissFFT and {libraries}"
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    none(sorted(stated - set(texts)), "stated, but not there:")
    none([f"{name} refers to {other}" for name in stated for other in
          re.findall(r"common-licenses/([\w.-]*\w)", texts[name]) if f"{other}.txt" not in texts], "no text:")
    assert "Redistributions in binary form" in texts["KissFFT.txt"]
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names())


def the_command_has_the_units_of_every_machine():
    value = dict(re.findall(r"^  (RECORDING|MODEL|UNITS_SHA256): (\S+)$", text(".github/workflows/check.yml"), re.M))
    for name in ROOT / value["RECORDING"], f"{RECORDING}.flac":
        line = run(COMMAND, "encode", "-q", "-m", pathlib.Path(value["MODEL"]).stem, name)
        ids = line.strip().partition("|")[2].split()
        assert hashlib.sha256("".join(f"{unit}\n" for unit in ids).encode()).hexdigest() == value["UNITS_SHA256"], line


def the_command_reads_pipes_and_returns_its_exit_codes():
    shell = f'"{COMMAND}" encode -q - < "{RECORDING}-pcm.wav" | wc -w; "{COMMAND}" encode nowhere.wav; echo $?'
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["248", "3"] and "nowhere.wav" in done.stderr, done.stdout + done.stderr


def the_command_trains_measures_converts_and_describes():
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(folder, "m.voq")
        run(COMMAND, "train", "-q", "-k", "8", "--seed", "3", "-o", model, ROOT / "tests/data")
        run(COMMAND, "convert", "-q", model, "-o", model.with_suffix(".npy"))
        assert "codes" in run(COMMAND, "info", model)
        help_text = run(COMMAND, "eval", "--help")
        assert "PNMI" in help_text, help_text


def live_says_what_it_needs():
    done = subprocess.run([COMMAND, "live"], capture_output=True, text=True, check=False,
                          env=os.environ | {"PATH": "/nowhere"})
    assert done.returncode == 2 and "sound system" in done.stderr and "portaudio19-dev" in done.stderr, done.stderr


def shipped_models():
    return sorted(path.stem for path in (ROOT / "models").glob("*.voq"))


def moved(folder):
    """The installed package, copied to another folder."""
    for part in "voq", "voq.libs":
        shutil.copytree(package().parent / part, pathlib.Path(folder, "moved", part))
    return pathlib.Path(folder, "moved/voq")


def listed(command):
    models = json.loads(run(command, "models", "--json", env={"PATH": os.environ["PATH"]}, cwd="/"))
    return {model["name"]: model for model in models}


def the_command_finds_the_models_wherever_the_package_lies():
    with tempfile.TemporaryDirectory() as folder:
        found = listed(moved(folder) / "_bin/voq")
        assert sorted(found) == shipped_models(), sorted(found)
        none([m["file"] for m in found.values() if not m["file"].startswith(f"{folder}/moved/")], "from elsewhere:")
        none([name for name, model in found.items() if model["pnmi"] is None], "no card:")


def the_module_finds_the_models_wherever_the_package_lies():
    with tempfile.TemporaryDirectory() as folder:
        script = "import voq; print(voq.__file__)\nfor name in %r: print(voq.load(name).hash)" % shipped_models()
        place, *hashes = run(sys.executable, "-c", script, cwd="/", env={
            "PATH": os.environ["PATH"], "PYTHONPATH": str(moved(folder).parent)}).split()
        assert place == f"{folder}/moved/voq/__init__.py", place
        assert hashes == [model["hash"] for _, model in sorted(listed(COMMAND).items())], hashes


def the_folders_of_the_build_are_in_no_program():
    places = [str(ROOT), "build-via-sdist", ".mesonpy-"]
    none([f"{program.name}: {place}" for program in programs() for place in places
          if place.encode() in program.read_bytes()], "names a folder:")


def the_source_distribution_builds_without_a_network():
    path = next(WHEEL.parent.glob("voq-*.tar.gz"), None)
    if not path:
        raise Skip("the tree has changes, or no git; no source distribution was made")
    with tarfile.open(path) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"pyproject.toml", "meson.build", "include/voq.h", "tools/python/voq/__init__.py", "models/lda-100.voq",
              "LICENSE", "subprojects/kissfft-131.1.0/kiss_fftr.c", "subprojects/kissfft-131.1.0/COPYING"}
    none(sorted(needed - inside), "not in it:")
    none([name for name in inside if "packagecache" in name or name.startswith("build")], "in it, but not needed:")


if not WHEEL:
    print("1..0 # SKIP no wheel; tools/python/build-wheel makes one and runs this")
    sys.exit(0)
sys.exit(claims(one_wheel_serves_every_python_from_3_9, numpy_is_all_that_the_wheel_needs, the_wheel_installs_where_glibc_is_2_34,
                versions_of_header_package_module_and_command_agree,
                no_library_of_the_machine_is_needed_but_libc_and_zlib, the_licence_of_everything_inside_is_inside,
                the_command_has_the_units_of_every_machine, the_command_reads_pipes_and_returns_its_exit_codes,
                the_command_trains_measures_converts_and_describes, live_says_what_it_needs,
                the_command_finds_the_models_wherever_the_package_lies,
                the_module_finds_the_models_wherever_the_package_lies, the_folders_of_the_build_are_in_no_program,
                the_source_distribution_builds_without_a_network))
