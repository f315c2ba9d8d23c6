# SPDX-License-Identifier: MIT
"""Python's arrays, units and models as files that the command reads."""
from __future__ import annotations

import os
import pathlib
import struct
from typing import Any, Iterable, List

import numpy as np

from . import _arrays, _command, _units
from ._model import Model
from ._places import is_path, model_path


def operands(corpus: Any, rate: Any, folder: pathlib.Path) -> List[str]:
    """Returns a corpus as arguments: paths as they are, arrays as files in the folder."""
    one = is_path(corpus) or hasattr(corpus, "ndim")
    if not one and not isinstance(corpus, Iterable):
        raise ValueError(f"the corpus is {type(corpus).__name__}; pass paths or arrays")
    listed = [corpus] if one else list(corpus)
    if not listed:
        raise ValueError("the corpus is empty")
    if all(map(is_path, listed)):
        if rate is not None:
            raise ValueError("rate is that of arrays; files state their own")
        return [_command.operand(path) for path in listed]
    if any(map(is_path, listed)):
        raise ValueError("the corpus is of paths or of arrays, not of both")
    arrays = [_arrays.plain(array, "corpus") for array in listed]
    if all(array.ndim == 2 and 1 not in array.shape for array in arrays):
        return [str(_write_vectors(folder / f"{i:07}.npy", array)) for i, array in enumerate(arrays)]
    if rate is None:
        raise ValueError("pass rate, the sampling rate of the arrays in Hz")
    recordings = folder / "corpus"
    recordings.mkdir()
    for i, array in enumerate(arrays):
        _write_wave(recordings / f"{i:07}.wav", _arrays.one_channel(array), _arrays.whole_rate(rate))
    return [str(recordings)]


def _write_vectors(path: pathlib.Path, array: np.ndarray) -> pathlib.Path:
    np.save(path, _arrays.vectors(array, array.shape[1]))
    return path


def _write_wave(path: pathlib.Path, x: np.ndarray, rate: int) -> None:
    """Writes one channel of int16 or float32, whose values the command reads back."""
    if x.nbytes >= 1 << 32:
        raise ValueError("a recording of 4 GB or more; pass the path of a file")
    kind, width = (1, 2) if x.dtype == np.int16 else (3, 4)
    form = struct.pack("<IHHIIHH", 16, kind, 1, rate, rate * width, width, 8 * width)
    with open(path, "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", min(x.nbytes + 36, 0xffffffff)) + b"WAVEfmt " + form + b"data"
                   + struct.pack("<I", x.nbytes))
        file.write(x.astype(x.dtype.newbyteorder("<"), copy=False).data)


def model_operand(model: Any, folder: pathlib.Path, number: int) -> str:
    """Returns the path of a model, which is written unless it is a file."""
    if not isinstance(model, Model):
        return _command.operand(os.fsdecode(model_path(model)))
    (folder / str(number)).mkdir()
    path = folder / str(number) / ((_plain_name(model.name) or "model") + ".voq")
    model.save(path)
    return str(path)


def _plain_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name).lstrip(".-")[:100]


def units_operand(units: Any, model: Any, folder: pathlib.Path) -> str:
    """Returns the path of a unit file; units in memory, {name: ids}, are written."""
    if is_path(units):
        return _command.operand(units)
    path = folder / "units.jsonl"
    _units.write_json_lines(path, units, model)
    return str(path)
