# SPDX-License-Identifier: MIT
"""Where the library, the command and the models are: in the wheel, or in a build or an installation of voq."""
from __future__ import annotations

import ctypes.util
import os
import pathlib
import shutil
import sys
from typing import Any, List, Optional

from ._errors import Error

HERE = pathlib.Path(__file__).resolve().parent


def library() -> str:
    """Returns the path or the name of libvoq: that of the wheel, else $VOQ_LIBRARY, else an installed one."""
    bundled = sorted((HERE / "_lib").glob("libvoq.so*"))
    found = str(bundled[0]) if bundled else os.environ.get("VOQ_LIBRARY") or ctypes.util.find_library("voq")
    if not found:
        raise ImportError("libvoq is not there; install the package by pip, or set VOQ_LIBRARY to libvoq.so of a build")
    return found


def _is_program(path: Optional[str]) -> bool:
    """A script of the same name, such as the one that pip makes of main below, would only lead back here."""
    if not path or not os.access(path, os.X_OK) or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def command() -> Optional[str]:
    """Returns the path of the program voq: that of the wheel, else $VOQ_COMMAND, else one on $PATH; None: none."""
    for path in (str(HERE / "_bin" / "voq"), os.environ.get("VOQ_COMMAND"), shutil.which("voq")):
        if _is_program(path):
            return path
    return None


def model_folders() -> List[pathlib.Path]:
    """Returns the folders whose models can be loaded by name; the first that has a name is used."""
    named = os.environ.get("VOQ_MODELS")
    folders = [pathlib.Path(named)] if named else []
    folders.append(HERE / "_models")
    for program in (command(), library()):
        if program and os.sep in program:
            folders.append(pathlib.Path(program).resolve().parents[1] / "share" / "voq" / "models")
    source = HERE.parents[2]
    if (source / "include" / "voq.h").is_file():
        folders.append(source / "models")
    return [folder for folder in folders if folder.is_dir()]


def is_path(x: Any) -> bool:
    return isinstance(x, (str, os.PathLike))


def path_argument(path: Any) -> bytes:
    """Returns a path for C, which a zero would cut short."""
    encoded = os.fsencode(path)
    if b"\0" in encoded:
        raise ValueError(f"the path {path!r} contains a zero byte")
    return encoded


def model_path(source: Any) -> bytes:
    """Returns the path of a model that is given by its path or, as for the command, by its name."""
    if not is_path(source):
        raise ValueError(f"a model is its name, its path or its bytes, not {type(source).__name__}")
    path = path_argument(source)
    if not isinstance(source, str) or "/" in source or source.endswith(".voq"):
        return path
    folders = model_folders()
    for folder in folders:
        if (folder / (source + ".voq")).is_file():
            return os.fsencode(folder / (source + ".voq"))
    known = ", ".join(sorted({model.stem for folder in folders for model in folder.glob("*.voq")})) or "none"
    raise Error(f'there is no model "{source}"; models that have a name here: {known}; or give a path such as '
                f"./{source}.voq")


def main() -> None:
    """Runs the command voq with the arguments of this program, in its place."""
    program = command()
    if not program:
        sys.exit("voq: this wheel holds the library without the command; build the command from source")
    sys.stdout.flush()
    os.execv(program, ["voq", *sys.argv[1:]])
