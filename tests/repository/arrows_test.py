# SPDX-License-Identifier: MIT
"""Dependencies go one way, so that a part can be read, changed and reused without the rest.

The tables are the design, in src/README.md and tools/README.md; a new arrow is a decision, made there.
"""
import re
import sys

from tap import claims, none
from tree import ROOT, files, text

TABLE = "Includes go one way, and a test reads this table:\n\n"


def arrows_of(folder):
    """The table in a folder's README: its rooms, and whose headers each may include."""
    found = {}
    for line in text(f"{folder}/README.md").partition(TABLE)[2].splitlines():
        match = re.fullmatch(r"    (\w+) -> ([\w, ]+)", line)
        if not match:
            break
        below = [] if match[2] == "nothing" else match[2].split(", ")
        found[f"{folder}/{match[1]}"] = [f"{folder}/{name}" for name in below]
    return found


# Folder: the folders whose headers it may include, beside its own and include/voq.h.
ARROWS = {"include": [], **arrows_of("src"), **arrows_of("tools")}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.M)
# Headers of other projects: where each may be used.
FOREIGN = {
    "sndfile.h": "tools/audio",
    "soxr.h": "tools/audio",
    "zlib.h": "tools/base",
    "portaudio.h": "tools/live",
    "mpi.h": "tools/train",
    "kiss_fft": "src/kernel",
}
SOURCES = files("src", "tools", "include", suffixes={".c", ".h"})


def includes():
    for path in SOURCES:
        for quoted, angled in INCLUDE.findall(text(path)):
            yield path, quoted, angled


def allowed(path, quoted):
    folder, target = str(path.parent), quoted.rpartition("/")[0]
    if quoted == "voq.h" or target == folder or target.startswith(folder + "/"):
        return True
    if "/" not in quoted:
        return folder == "src/kernel" and quoted.startswith("kiss_fft")
    if target in ARROWS.get(folder, []):
        return True
    return folder in ("tools/train", "tools/learn", "tools/base") and target.startswith("src/") and shared_with_training(quoted)


def shared_with_training(header):
    """A private header of src that training uses says so in its first lines."""
    return (ROOT / header).exists() and "train" in " ".join(text(header).splitlines()[1:3]).lower()


def every_folder_of_sources_is_in_the_table():
    none(sorted({str(path.parent) for path in SOURCES} - set(ARROWS) - {"src/kernel/no_xmmintrin"}),
         "no row in src/README.md or tools/README.md:")


def arrows_point_down_the_table():
    order = list(ARROWS)
    none([f"{folder} -> {target}" for i, folder in enumerate(order) for target in ARROWS[folder]
          if target not in order[i + 1:]], "to no row below its own:")


def includes_follow_the_arrows():
    none([f"{path} includes {quoted}" for path, quoted, _ in includes()
          if quoted and not allowed(path, quoted)], "against the arrows:")


def own_header_comes_first():
    wrong = []
    for path in SOURCES:
        own = str(path.with_suffix(".h"))
        quoted = [q or a for q, a in INCLUDE.findall(text(path))]
        if path.suffix == ".c" and own in quoted and quoted[0] != own:
            wrong.append(path)
    none(wrong, "includes something before its own header:")


def other_projects_are_met_in_one_folder_each():
    none([f"{path} includes {angled or quoted}" for path, quoted, angled in includes()
          for name, folder in FOREIGN.items()
          if (angled or quoted).startswith(name) and str(path.parent) != folder],
         "a foreign header outside its folder:")


def the_library_does_no_io_but_the_model_file():
    calls = re.compile(r"\b(fopen|fread|fwrite|printf|fprintf|puts|getenv|exit|abort|system|open)\s*\(")
    none([f"{path}: {match[1]}" for path in files("src", suffixes={".c", ".h"})
          if str(path) != "src/model/file.c" for match in calls.finditer(text(path))],
         "the library prints, exits or opens something:")


def file_names_are_unique():
    seen, twice = {}, []
    for path in files("src", "tools", "include", "tests", suffixes={".c", ".h", ".py", ".sh"}):
        if path.name in seen:
            twice.append(f"{seen[path.name]} and {path}")
        seen[path.name] = path
    none(twice, "two files of one name:")


sys.exit(claims(every_folder_of_sources_is_in_the_table, arrows_point_down_the_table,
                includes_follow_the_arrows, own_header_comes_first,
                other_projects_are_met_in_one_folder_each,
                the_library_does_no_io_but_the_model_file, file_names_are_unique))
