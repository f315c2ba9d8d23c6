# SPDX-License-Identifier: MIT
"""Models that are made of parts: a front end alone, or an existing codebook."""
from __future__ import annotations

import ctypes
import os
import pathlib
import tempfile
from typing import Any, Sequence, Tuple

import numpy as np

from . import _arrays, _command
from ._errors import Error
from ._native import ARGUMENT, GRID_MIRROR, check, lib, voq_error, voq_frontend, voq_parts
from ._places import is_path

PROFILES = ("kaldi", "kaldi-fbank", "hubert", "librosa", "encoder")


def frontend(profile: str, settings: Sequence[Tuple[str, str]] = ()) -> voq_frontend:
    """Returns a front end: a profile and the options that change it, by the names of their tools."""
    made, error = voq_frontend(), voq_error()
    if lib.frontend_profile(_c_text(profile), made):
        raise ValueError(f"there is no profile {profile!r}; choose one of: {', '.join(PROFILES)}")
    for key, value in settings:
        status = lib.frontend_set(made, _c_text(key), _c_text(value), error)
        if status == ARGUMENT:
            raise ValueError(error.text.decode("utf-8", "replace"))
        check(status, error)
    return made


def _c_text(text: str) -> bytes:
    """Returns a text for C, which a zero would cut short."""
    if "\0" in text:
        raise ValueError(f"{text!r} contains a zero byte")
    return text.encode()


def frontend_text(pointer: Any) -> str:
    """Returns the options of a front end, one line "key=value" for each."""
    n = ctypes.c_size_t(0)
    lib.frontend_text(pointer, None, 0, n)
    text = ctypes.create_string_buffer(n.value + 1)
    check(lib.frontend_text(pointer, text, n.value + 1, n))
    return text.value.decode()


def make(cls: Any, codebook: Any, source: Any, name: str) -> Any:
    """Makes the model of Model.from_codebook."""
    codeword = _codewords(codebook)
    parts, keep = voq_parts(), source
    if isinstance(source, str) and source in PROFILES:
        keep = frontend(source)
        keep.grid = GRID_MIRROR
        parts.frontend = ctypes.pointer(keep)
    elif source is not None:
        keep = source if isinstance(source, cls) else cls(source)
        parts = keep._parts()
        parts.section, parts.n_section, parts.label, parts.label_probability = None, 0, None, None
    parts.codeword = _arrays.address(codeword)
    parts.n_codebook, parts.n_code, parts.dim = codeword.shape
    parts.name = _c_text(name or getattr(keep, "name", "") or "codebook")
    parts.provenance = b"codebook=imported\n"
    return cls._make(parts)


def _codewords(codebook: Any) -> np.ndarray:
    """Returns float32 [n_codebook][K][dim]."""
    if is_path(codebook):
        codebook = _read(codebook)
    array = _arrays.plain(getattr(codebook, "cluster_centers_", codebook), "codebook")
    if array.ndim not in (2, 3) or array.size == 0 or array.dtype.kind not in "fiu":
        raise ValueError(f"the codebook is {array.dtype}{list(array.shape)}; expected numbers [K][dim], or "
                         "[n_codebook][K][dim]")
    if max(array.shape) > 0xffffffff:
        raise ValueError("the codebook is too large")
    return _arrays.ready(array if array.ndim == 3 else array[np.newaxis], np.float32)


def _read(path: Any) -> np.ndarray:
    """Reads a codebook of another tool by `voq convert`, which runs no pickle."""
    with tempfile.TemporaryDirectory(prefix="voq-") as folder:
        converted = pathlib.Path(folder, "codebook.npy")
        _command.run("convert", ["--output=" + str(converted), _command.operand(path)])
        if not converted.is_file():
            raise Error(f"{os.fsdecode(path)}: is no codebook")
        return np.load(converted, allow_pickle=False)


def of_frontend(cls: Any, made: voq_frontend, name: str) -> Any:
    """Makes a model that makes the features of a front end, and no units."""
    return cls._make(voq_parts(frontend=ctypes.pointer(made), name=_c_text(name)))
