# SPDX-License-Identifier: MIT
"""If this fails, a contributor follows a step that leads nowhere, or a release says the wrong thing about units.

    guides_test.py BUILD_FOLDER
"""
import hashlib
import json
import pathlib
import re
import sys

from tap import claims, none, run
from tree import ROOT, files, text

BUILD = pathlib.Path(sys.argv[1])
# README.md names folders of the projects that use voq, too; its examples are run.
PAGES = [".editorconfig", "tests/fuzz/oss-fuzz/build.sh", "tests/fuzz/oss-fuzz/Dockerfile", "tools/check",
         "tools/quickstart", "tools/release", *files(".github", suffixes={".yml"}),
         *(page for page in files(".", suffixes={".md"}) if str(page) != "README.md")]
WORKFLOW = text(".github/workflows/check.yml")
PATH = re.compile(r"(?<![\w./-])(?:\./)?((?:src|tools|tests|models|include|subprojects)/[\w./-]*\w)")
SUITE = re.compile(r"--(?:no-)?suite[ =](\w+)")
OPTION = re.compile(r"(?<![\w-])-D(\w+)=")
TESTS = json.loads((BUILD / "meson-info/intro-tests.json").read_text(encoding="utf-8"))
SUITES = {suite.rpartition(":")[2] for test in TESTS for suite in test["suite"]}
SPEEDS = {"quick", "slow"}


def mentioned(pattern, pages):
    return [(page, found) for page in pages for found in pattern.findall(text(page))]


def every_path_that_a_guide_names_is_there():
    paths = mentioned(PATH, PAGES)
    assert len(paths) > 50, f"{len(paths)} paths: these are not the guides"
    none(sorted({f"{page}: {path}" for page, path in paths
                 if "NAME" not in path and not (ROOT / path).exists()}), "not there:")


def every_suite_and_setting_that_a_guide_names_is_there():
    settings = {option["name"] for option in json.loads(
        (BUILD / "meson-info/intro-buildoptions.json").read_text(encoding="utf-8"))}
    pages = [*PAGES, "README.md"]
    none([f"{page}: --suite {suite}" for page, suite in mentioned(SUITE, pages) if suite not in SUITES], "no suite:")
    none([f"{page}: -D{name}" for page, name in mentioned(OPTION, pages) if name not in settings], "no setting:")


def the_page_on_tests_has_every_suite():
    rows = {name for row in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", text("tests/README.md"), re.M)
            for name in re.findall(r"\w+", row)}
    none(sorted(SUITES - SPEEDS - rows), "no row in tests/README.md:")


def the_quick_suite_has_a_test_of_every_part():
    quick = {suite.rpartition(":")[2] for test in TESTS if any(s.endswith(":quick") for s in test["suite"])
             for suite in test["suite"]}
    none(sorted(SUITES - quick - {"realtime", "slow"}), "not in quick:")


def every_test_that_is_called_slow_is_there():
    listed = re.search(r"foreach name : (\[.*?\])\n  speed", text("tests/meson.build"), re.S)[1]
    names = set(re.findall(r"'([^']+)'", listed))
    none(sorted(names - {test["name"] for test in TESTS}), "in the list of tests/meson.build, but no test:")


def the_changelog_has_this_version_and_the_hash_of_every_model():
    version = ".".join(re.findall(r"#define VOQ_VERSION_\w+ (\d+)", text("include/voq.h")))
    entry = re.search(rf"^## {re.escape(version)}\b.*?(?=^## |\Z)", text("CHANGELOG.md"), re.M | re.S)
    assert entry, f"CHANGELOG.md has no entry for {version}"
    assert "**Units change" in entry[0], f"the entry for {version} does not say whether units change"
    models = [line.split()[:2] for line in run(BUILD / "tools/voq", "models").splitlines()[1:]]
    assert models, "voq models lists none"
    none([f"{name} {hash_}" for name, hash_ in models if f"`{name}`" not in entry[0] or hash_ not in entry[0]],
         f"the entry for {version} lacks:")


def the_workflow_expects_the_units_of_today():
    value = dict(re.findall(r"^  (RECORDING|MODEL|UNITS_SHA256): (\S+)$", WORKFLOW, re.M))
    line = run(BUILD / "tools/voq", "encode", "-q", "-m", ROOT / value["MODEL"], ROOT / value["RECORDING"])
    ids = line.strip().partition("|")[2].split()
    found = hashlib.sha256("".join(f"{unit}\n" for unit in ids).encode()).hexdigest()
    assert found == value["UNITS_SHA256"], f"UNITS_SHA256 in check.yml must be {found}"


sys.exit(claims(every_path_that_a_guide_names_is_there, every_suite_and_setting_that_a_guide_names_is_there,
                the_page_on_tests_has_every_suite, the_quick_suite_has_a_test_of_every_part,
                every_test_that_is_called_slow_is_there,
                the_changelog_has_this_version_and_the_hash_of_every_model, the_workflow_expects_the_units_of_today))
