# SPDX-License-Identifier: MIT
"""Whoever builds voq in another way than we do gets a library that works: shared, static, without
the tools, inside another Meson project, from CMake, from a release tarball without a network.

    layouts_test.py SOURCE_OF_KISSFFT CC
"""
import atexit
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from tap import Skip, claims, run
from tree import ROOT

KISSFFT, CC = pathlib.Path(sys.argv[1]), sys.argv[2]
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="voq-layouts-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
MODEL = ROOT / "models/mfcc-100.voq"
WAV = ROOT / "tests/data/5652-19215-0032-pcm.wav"
CONSUMER = ROOT / "tests/repository/consumer.c"
N_UNIT = (39680 + 80) // 160
# What could be had from a network is asked of a port where nobody listens.
OFFLINE = os.environ | {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https")}
BARE = ["-Dtools=false", "-Dtests=false"]
KISSFFT_OPTION = f"-Dkissfft={KISSFFT}"


def install(name, *options):
    """Configures, builds and installs; returns the installed tree."""
    build, tree = SCRATCH / name, SCRATCH / (name + "-tree")
    run("meson", "setup", build, ROOT, "--prefix=/usr", "--libdir=lib", KISSFFT_OPTION, *options)
    run("ninja", "-C", build)
    run("meson", "install", "-C", build, "--no-rebuild", "--destdir", tree)
    return tree / "usr"


def installed(name, *options):
    tree = SCRATCH / (name + "-tree") / "usr"
    return tree if tree.exists() else install(name, *options)


def check_units(program, tree=None):
    environment = os.environ | ({"LD_LIBRARY_PATH": str(tree / "lib")} if tree else {})
    ids = run(program, MODEL, WAV, env=environment).split()
    assert len(ids) == N_UNIT and len(set(ids)) > 3, f"{program}: {len(ids)} units"


def consume(tree, *static):
    """Builds the consumer by pkg-config and runs it."""
    flags = run("pkg-config", "--cflags", "--libs", *static, "voq", env=os.environ | {
        "PKG_CONFIG_PATH": str(tree / "lib/pkgconfig"), "PKG_CONFIG_SYSROOT_DIR": str(tree.parent)})
    program = tree / "consumer"
    run(CC, CONSUMER, "-o", program, *flags.split())
    check_units(program, tree)


def libraries(tree):
    return sorted({path.name.partition(".so")[0] + (".so" if ".so" in path.name else "")
                   for path in (tree / "lib").glob("libvoq*")})


def the_static_library_alone_installs_and_serves():
    tree = installed("static", "-Ddefault_library=static", *BARE)
    assert libraries(tree) == ["libvoq.a"], libraries(tree)
    consume(tree, "--static")


def the_shared_library_alone_installs_and_serves():
    tree = installed("shared", "-Ddefault_library=shared", *BARE)
    assert libraries(tree) == ["libvoq.so"], libraries(tree)
    consume(tree)


def a_release_without_debug_information_tests_and_installs():
    tree = install("release", "--buildtype=release", "-Ddebug=false", "-Dtools=false")
    assert libraries(tree) == ["libvoq.a", "libvoq.so"], libraries(tree)
    run("meson", "test", "-C", SCRATCH / "release", "--suite", "model", "--suite", "quantize")


def the_tools_configure_with_every_kind_of_library():
    for kind in ("static", "shared"):
        run("meson", "setup", SCRATCH / f"tools-{kind}", ROOT, f"-Ddefault_library={kind}", KISSFFT_OPTION)
        shutil.rmtree(SCRATCH / f"tools-{kind}")


def installing_compiles_no_test_where_tests_are_off():
    run("meson", "setup", SCRATCH / "off", ROOT, "-Dtests=false", KISSFFT_OPTION)
    targets = run("ninja", "-C", SCRATCH / "off", "-t", "targets", "all")
    assert "tests/" not in targets, "test programs are among the targets"


def parent(name, fallback="'voq'"):
    """A project with voq as its subproject, on links to this tree."""
    folder = SCRATCH / name
    inner = folder / "subprojects/voq"
    inner.mkdir(parents=True)
    for entry in ROOT.iterdir():
        if not entry.name.startswith((".", "build")) and entry.name != "subprojects":
            (inner / entry.name).symlink_to(entry)
    (inner / "subprojects").mkdir()
    shutil.copy(ROOT / "subprojects/kissfft.wrap", inner / "subprojects")
    shutil.copytree(ROOT / "subprojects/packagefiles", inner / "subprojects/packagefiles")
    (folder / "meson.build").write_text(
        "project('parent', 'c')\n"
        f"voq = dependency('voq', fallback: {fallback})\n"
        "executable('parent', 'consumer.c', dependencies: voq)\n")
    shutil.copy(CONSUMER, folder)
    return folder


def configure_again_and_again(folder, *options):
    build = folder / "build"
    run("meson", "setup", build, folder, *options, env=OFFLINE)
    run("meson", "setup", "--reconfigure", build, folder, env=OFFLINE)
    run("meson", "setup", "--wipe", build, folder, env=OFFLINE)
    run("ninja", "-C", build, env=OFFLINE)
    check_units(build / "parent")


def another_project_takes_voq_as_a_subproject_offline():
    configure_again_and_again(parent("by-option"), f"-Dvoq:kissfft={KISSFFT}")


def a_parent_that_names_the_variable_of_the_dependency_gets_the_same():
    folder = parent("by-variable", "['voq', 'voq_dep']")
    told = run("meson", "setup", folder / "build", folder, f"-Dvoq:kissfft={KISSFFT}")
    assert "Inconsistency" not in told, told


def a_subproject_finds_kissfft_unpacked_beside_it():
    folder = parent("unpacked")
    unpacked = folder / "subprojects/voq/subprojects/kissfft-131.1.0"
    shutil.copytree(KISSFFT, unpacked)
    shutil.copy(ROOT / "subprojects/packagefiles/kissfft/meson.build", unpacked)
    configure_again_and_again(folder)


def a_subproject_finds_the_tarball_in_the_parents_packagecache():
    cache = ROOT / "subprojects/packagecache"
    if not cache.is_dir() or not list(cache.glob("*.tar.gz")):
        raise Skip("no tarball of KissFFT in subprojects/packagecache")
    folder = parent("cache")
    shutil.copytree(cache, folder / "subprojects/packagecache")
    configure_again_and_again(folder)


def project_version(build_file=ROOT / "meson.build"):
    return re.search(r"version: '([0-9.]+)'", build_file.read_text(encoding="utf-8"))[1]


def cmake_consumer(folder, finds, tree):
    """Builds the consumer by CMake and runs it."""
    folder.mkdir()
    shutil.copy(CONSUMER, folder)
    (folder / "CMakeLists.txt").write_text(
        f"cmake_minimum_required(VERSION 3.16)\nproject(consumer C)\n{finds}\n"
        "add_executable(consumer consumer.c)\ntarget_link_libraries(consumer PRIVATE voq::voq)\n")
    run("cmake", "-G", "Ninja", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={tree}")
    run("cmake", "--build", folder / "build")
    check_units(folder / "build/consumer")


def cmake_finds_the_package_shared_and_static():
    if not shutil.which("cmake"):
        raise Skip("cmake is not installed")
    for kind in ("shared", "static"):
        tree = installed(kind, f"-Ddefault_library={kind}", *BARE)
        version = project_version().rpartition(".")[0]
        moved = tree.parent.rename(SCRATCH / f"moved-{kind}") / "usr"
        cmake_consumer(SCRATCH / f"cmake-{kind}",
                       f"find_package(voq {version} REQUIRED)\nfind_package(voq REQUIRED)", moved)


def cmake_finds_the_package_where_libraries_stand_outside_the_prefix():
    if not shutil.which("cmake"):
        raise Skip("cmake is not installed")
    build, folder = SCRATCH / "outside", SCRATCH / "cmake-outside"
    run("meson", "setup", build, ROOT, f"--prefix={SCRATCH}/prefix", f"--libdir={SCRATCH}/elsewhere/lib",
        "-Ddefault_library=static", KISSFFT_OPTION, *BARE)
    run("meson", "install", "-C", build)
    cmake_consumer(folder, "find_package(voq REQUIRED)", SCRATCH / "elsewhere")


def cmake_refuses_another_version():
    if not shutil.which("cmake"):
        raise Skip("cmake is not installed")
    package = next(SCRATCH.rglob("voqConfigVersion.cmake"))
    for version, compatible in (("0.1", "FALSE"), ("0.1.0", "FALSE"), ("99.0", "FALSE"), ("0", "TRUE"),
                                (project_version(), "TRUE")):
        script = SCRATCH / "version.cmake"
        parts = version.split(".")
        script.write_text(f'set(PACKAGE_FIND_VERSION "{version}")\n'
                          f'set(PACKAGE_FIND_VERSION_MAJOR "{parts[0]}")\n'
                          f'set(PACKAGE_FIND_VERSION_MINOR "{(parts + ["0"])[1]}")\n'
                          f"set(PACKAGE_FIND_VERSION_COUNT {len(parts)})\n"
                          f'include("{package}")\n'
                          'message("compatible: ${PACKAGE_VERSION_COMPATIBLE}")\n')
        done = subprocess.run(["cmake", "-P", script], capture_output=True, text=True, check=True)
        assert f"compatible: {compatible}" in done.stderr, f"{version}: {done.stderr}"


def a_build_folder_takes_a_new_version_and_its_soname():
    """Until 1.0 the soname has the minor version, from then on the major version alone."""
    folder = SCRATCH / "versions"
    folder.mkdir()
    for name in ("meson.build", "meson_options.txt", "include"):
        run("cp", "-r", ROOT / name, folder)
    for name in ("src", "models"):
        (folder / name).symlink_to(ROOT / name)
    run("meson", "setup", folder / "build", folder, KISSFFT_OPTION, *BARE)
    for version, soname in (("0.77.5", "libvoq.so.0.77"), ("1.8.9", "libvoq.so.1")):
        set_version(folder, version)
        run("ninja", "-C", folder / "build", "build.ninja")
        rules = (folder / "build/build.ninja").read_text(encoding="utf-8")
        assert re.search(rf"-Wl,-soname,{re.escape(soname)}\s", rules), f"{version}: no soname {soname}"


def set_version(folder, version):
    header, build_file = folder / "include/voq.h", folder / "meson.build"
    changed = header.read_text(encoding="utf-8")
    for part, number in zip(("MAJOR", "MINOR", "PATCH"), version.split(".")):
        changed = re.sub(rf"(VOQ_VERSION_{part}) \d+", rf"\1 {number}", changed)
    header.write_text(changed, encoding="utf-8")
    build_file.write_text(build_file.read_text(encoding="utf-8").replace(
        f"version: '{project_version(build_file)}'", f"version: '{version}'"), encoding="utf-8")


def a_release_tarball_configures_offline():
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        raise Skip("not a git checkout, or no git: meson dist needs both")
    run("meson", "setup", SCRATCH / "dist", ROOT, *BARE)
    run("meson", "dist", "-C", SCRATCH / "dist", "--include-subprojects", "--no-tests",
        "--allow-dirty", "--formats", "gztar")
    run("tar", "-xzf", next((SCRATCH / "dist/meson-dist").glob("*.tar.gz")), "-C", SCRATCH)
    source = next(path for path in SCRATCH.glob("voq-*") if (path / "meson.build").exists())
    run("meson", "setup", SCRATCH / "from-dist", source, *BARE, env=OFFLINE)
    run("ninja", "-C", SCRATCH / "from-dist")


def a_build_folder_of_an_older_checkout_is_set_up_again():
    folder = SCRATCH / "updated"
    (folder / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools/setup.sh", folder / "tools")
    (folder / "machine.ini").write_text("[properties]\n")
    (folder / "meson.build").write_text("project('updated')\n")
    run("meson", "setup", folder / "build", folder)
    (folder / "meson_options.txt").write_text("option('tests', type: 'boolean', value: true)\n")
    (folder / "meson.build").write_text("project('updated')\nassert(not get_option('tests'), 'tests are on')\n")
    for _ in range(2):
        run("bash", "-c", "source tools/setup.sh; configure build --cross-file machine.ini -Dtests=false",
            cwd=folder)


sys.exit(claims(the_static_library_alone_installs_and_serves,
                the_shared_library_alone_installs_and_serves,
                a_release_without_debug_information_tests_and_installs,
                the_tools_configure_with_every_kind_of_library,
                installing_compiles_no_test_where_tests_are_off,
                another_project_takes_voq_as_a_subproject_offline,
                a_parent_that_names_the_variable_of_the_dependency_gets_the_same,
                a_subproject_finds_kissfft_unpacked_beside_it,
                a_subproject_finds_the_tarball_in_the_parents_packagecache,
                cmake_finds_the_package_shared_and_static,
                cmake_finds_the_package_where_libraries_stand_outside_the_prefix,
                cmake_refuses_another_version,
                a_build_folder_takes_a_new_version_and_its_soname,
                a_release_tarball_configures_offline,
                a_build_folder_of_an_older_checkout_is_set_up_again))
