# SPDX-License-Identifier: MIT
"""If this fails, a release goes out with changes that no commit has, or without a word on whether units change."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

from tap import Skip, claims, run
from tree import ROOT

PARTS = ["tools/release", "tools/setup.sh", "include/voq.h", "CHANGELOG.md", "subprojects/kissfft.wrap"]


def refused(change, *words, commit=True, argument=()):
    """tools/release on a small repository after a change: what it says and that it has written nothing."""
    if not shutil.which("git"):
        raise Skip("no git")
    with tempfile.TemporaryDirectory(prefix="voq-release-") as scratch:
        folder = pathlib.Path(scratch)
        for part in PARTS:
            (folder / part).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / part, folder / part)
        git(folder, "init", "--quiet")
        save(folder)
        change(folder)
        if commit:
            save(folder)
        before = sorted(folder.iterdir())
        done = subprocess.run([folder / "tools/release", *argument], capture_output=True, text=True, check=False)
        assert done.returncode == 2, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
        for word in words:
            assert word in done.stderr, f"no {word!r} in: {done.stderr}"
        assert sorted(folder.iterdir()) == before, "it left files"


def git(folder, *arguments):
    run("git", "-C", folder, "-c", "user.name=t", "-c", "user.email=t@localhost", *arguments)


def save(folder):
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "all")


def change_log(edit):
    def change(folder):
        path = folder / "CHANGELOG.md"
        path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    return change


def version():
    return next(line.split()[1].rstrip(",") for line in (ROOT / "CHANGELOG.md").read_text(
        encoding="utf-8").splitlines() if line.startswith("## "))


def a_tree_with_changes_is_refused():
    refused(change_log(lambda text: text + "more\n"), "the tree has changes; commit", commit=False)
    refused(lambda folder: (folder / "new").write_text("x"), "the tree has changes", commit=False)


def a_tree_without_git_is_refused():
    refused(lambda folder: shutil.rmtree(folder / ".git"), "in a clone of the project", commit=False)


def a_version_without_an_entry_is_refused():
    refused(change_log(lambda text: text.replace(f"## {version()}", "## 77.0.0")), f"no entry for {version()}; add one")


def an_entry_that_is_silent_about_units_is_refused():
    refused(change_log(lambda text: text.replace("**Units change", "**Nothing changes", 1)), "whether units change")


def a_version_that_has_a_tag_is_refused():
    refused(lambda folder: git(folder, "tag", f"v{version()}"), f"a tag v{version()} already", commit=False)


def an_argument_that_is_unknown_is_refused():
    refused(lambda folder: None, "takes nothing, or 'full'", argument=["now"])


sys.exit(claims(a_tree_with_changes_is_refused, a_tree_without_git_is_refused,
                a_version_without_an_entry_is_refused,
                an_entry_that_is_silent_about_units_is_refused, a_version_that_has_a_tag_is_refused,
                an_argument_that_is_unknown_is_refused))
