# SPDX-License-Identifier: MIT
"""Units in memory and in files. The command reads and writes the files, so every format is one that it knows."""
from __future__ import annotations

import json
import os
import pathlib
import tempfile
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Set, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from . import _arrays, _command, _places
from ._errors import Error, warn

Path = Union[str, "os.PathLike[str]"]


def dedup(ids: Any) -> Tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Returns (units, durations): one unit for each run of equal units, and the length of the run in frames.

    ids: whole numbers [n], or [n, n_codebook], where a run is of equal rows. numpy.repeat(units, durations, axis=0)
    restores them.
    """
    units = _arrays.unit_ids(ids)
    if not len(units):
        return units, np.zeros(0, np.int64)
    changes = units[1:] != units[:-1]
    starts = np.flatnonzero(np.r_[True, changes if units.ndim == 1 else changes.any(axis=1)])
    return units[starts], np.diff(np.r_[starts, len(units)])


def to_text(ids: Any, dedup: bool = False, separator: str = " ") -> str:
    """Returns units [n] as text, "3 3 17"; dedup: one unit for each run."""
    units = _arrays.unit_ids(ids, 1).reshape(-1)
    if dedup:
        units = _first_of_runs(units)
    return separator.join(map(str, units.tolist()))


def _first_of_runs(units: np.ndarray) -> np.ndarray:
    return dedup(units)[0]


def read_units(path: Path, **options: Any) -> Dict[str, NDArray[np.uint32]]:
    """Reads a unit file, or a folder of them, in any format of `voq convert`; returns {name: ids} in their order.

    ids are uint32 [n_frame], one for each frame, or [n_frame, n_codebook]. Files that hold runs are expanded by
    their durations. Frames in a gap have no unit and are left out, with a warning.

    options: those of `voq convert`, by keyword: tsv="dev.tsv" (names of km), hop=320, rate=16000 (default: 160 and
    16000, if the file does not state them), codes=100, durations_file="x.durations", from_="units" and so on.

    voq.Error: the file cannot be read; the text names the line.
    """
    arguments = [*_command.options(options, reserved=("output", "format", "dedup", "quiet")), "--quiet",
                 "--format=jsonl", "--dedup", _command.operand(path)]
    found: Dict[str, np.ndarray] = {}
    n_gap = 0
    for name, ids, gaps in _utterances(_convert(arguments, set(options))):
        found[name] = ids
        n_gap += gaps
    if n_gap:
        warn(f"{os.fsdecode(path)}: {n_gap} gaps, whose frames have no unit, are left out")
    return found


# What JSON Lines state and other files may not, by the option that the command then asks for.
_UNSTATED = {"hop": ["--hop=160", "--rate=16000"], "codes": ["--codes=2147483647"]}


def _convert(arguments: List[str], given: Set[str]) -> bytes:
    """Runs `voq convert`, and again with the default of what the file does not state."""
    try:
        return _command.run("convert", arguments)
    except Error as error:
        asked = [key for key in _UNSTATED if "add --" + key in str(error) and key not in given]
        if not asked:
            raise
    return _convert([*_UNSTATED[asked[0]], *arguments], given | set(asked))


def _utterances(text: bytes) -> Iterator[Tuple[str, np.ndarray, int]]:
    """Yields name, ids and the number of gaps of each utterance in JSON Lines of runs."""
    name, ids, lengths, n_gap, n_codebook = "", [], [], 0, 1  # type: str, List[Any], List[int], int, int
    for line in text.splitlines():
        record = json.loads(line)
        if "voq" in record:
            name, ids, lengths, n_gap, n_codebook = record.get("utt", ""), [], [], 0, record.get("cb", 1)
        elif "gap" in record:
            n_gap += 1
        elif "unit" in record:
            ids.append(record["unit"])
            lengths.append(record["n"])
        elif "end" in record:
            shape = (len(ids), n_codebook) if n_codebook > 1 else (len(ids),)
            yield name, np.repeat(np.array(ids, np.uint32).reshape(shape), np.array(lengths, int), axis=0), n_gap


def write_units(path: Path, units: Union[Mapping[str, Any], Iterable[Tuple[str, Any]]], format: Optional[str] = None,
                model: Any = None, **options: Any) -> None:
    """Writes a unit file, or a folder, in a format of `voq convert`: the bytes of `voq encode`.

    units: {name: ids}, or (name, ids) pairs such as those of Model.encode_files. format: gslm, km, units,
    units-names, npy, ark, jsonl, ctm, textgrid, fileid; default: by the suffix of the path, else gslm. model: the
    Model that made them; it states hop, rate, hash and the number of codes, which times and headers need (default:
    160 samples at 16,000 Hz).

    options: those of `voq convert`, by keyword: dedup=True, durations=True, dict="dict.km.txt", scp="units.scp",
    npy_type="i8", labels=True and so on.

    voq.Error: the format cannot hold these names or units. An existing file is replaced.
    """
    with tempfile.TemporaryDirectory(prefix="voq-") as name:
        source = pathlib.Path(name, "units.jsonl")
        write_json_lines(source, units, model)
        arguments = [*_command.options(options, reserved=("output", "quiet", "from", "features", "model")), "--quiet",
                     "--output=" + os.fsdecode(_places.path_argument(path))]
        if format is not None:
            arguments.append("--format=" + format)
        if options.get("labels"):
            model.save(pathlib.Path(name, "model.voq"))
            arguments.append("--model=" + str(pathlib.Path(name, "model.voq")))
        _command.run("convert", [*arguments, str(source)])


def write_json_lines(path: pathlib.Path, units: Any, model: Any) -> None:
    """Writes {name: ids} or pairs as JSON Lines of runs, with the facts of the model."""
    pairs = units.items() if isinstance(units, Mapping) else units
    with open(path, "w", encoding="utf-8") as file:
        for name, ids in pairs:
            array = _arrays.unit_ids(ids)
            file.write(json.dumps({**_header(array, model), "rle": True, "utt": name}) + "\n")
            runs, lengths = dedup(array)
            start = 0
            for unit, n in zip(runs.tolist(), lengths.tolist()):
                file.write(json.dumps({"i": start, "unit": unit, "n": n}) + "\n")
                start += n
            file.write(json.dumps({"end": start}) + "\n")


def _header(units: np.ndarray, model: Any) -> Dict[str, Any]:
    wide = units.shape[1] if units.ndim == 2 else 1
    header: Dict[str, Any] = {"voq": 1, "hop": 160, "rate": 16000}
    if model is not None:
        header.update(k=model.info["n_code"], model=model.hash)
    if model is not None and model.rate:
        header.update(hop=model.hop, rate=model.rate)
    if wide > 1:
        header["cb"] = wide
    return header
