# SPDX-License-Identifier: MIT
"""The project's own files, found without git, since a release tarball has no repository."""
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]


def files(*folders, suffixes):
    """Paths relative to the root, sorted, of files with one of the suffixes ('' for none)."""
    found = []
    for folder in folders:
        for path, names, leaves in os.walk(ROOT / folder):
            below = pathlib.Path(path).relative_to(ROOT)
            names[:] = sorted(n for n in names if n != "__pycache__" and not n.startswith(("build-", "kissfft-"))
                              and below / n != pathlib.Path("build"))
            found += [below / leaf for leaf in leaves if pathlib.Path(leaf).suffix in suffixes]
    return sorted(found)


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")
