# SPDX-License-Identifier: MIT
"""Many recordings, read and encoded by one process of the command, in the order of the paths.

The process gets a list in JSON, whose utterances are named by their number, and writes the rows of each as soon as all
before it are written: as a Kaldi archive, or, of several codebooks, as JSON Lines. A number that is left out is a
recording that failed, and its reason is among the messages that were written by then.
"""
from __future__ import annotations

import json
import os
import pathlib
import re
import sys
import tempfile
from typing import IO, Any, Dict, Iterable, Iterator, List, Tuple

import numpy as np

from . import _command
from ._errors import Error, warn
from ._places import path_argument

Rows = Iterator[Tuple[int, np.ndarray]]


def encode(model: Any, paths: Iterable[Any], jobs: int = 0, progress: Any = False, errors: str = "raise",
           names: str = "stem", features: bool = False) -> Iterator[Tuple[str, np.ndarray]]:
    """Checks the arguments of Model.encode_files now; returns the generator."""
    if isinstance(paths, (str, bytes, os.PathLike)):
        raise ValueError("paths is one path; pass a list of them")
    if errors not in ("raise", "warn"):
        raise ValueError(f'errors is {errors!r}; use "raise" or "warn"')
    if names not in ("stem", "path"):
        raise ValueError(f'names is {names!r}; use "stem" or "path"')
    if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 0:
        raise ValueError(f"jobs is {jobs!r}; it must be a number of threads, or 0: one per processor")
    listed = [os.fsdecode(path_argument(path)) for path in paths]
    named = listed if names == "path" else _stems(listed)
    return _generate(model, listed, named, jobs, _counter(progress, len(listed)), errors, features)


def _stems(paths: List[str]) -> List[str]:
    stems = [pathlib.PurePath(path).stem for path in paths]
    seen: Dict[str, str] = {}
    for stem, path in zip(stems, paths):
        if seen.setdefault(stem, path) is not path:
            raise ValueError(f"two recordings have the name {stem!r}: {seen[stem]} and {path}; pass names=\"path\"")
    return stems


def _counter(progress: Any, total: int) -> Any:
    if callable(progress):
        return progress
    if not progress:
        return lambda done, _: None
    return lambda done, _: print(f"\rvoq: {done} of {total} recordings", end="\n" if done == total else "",
                                 file=sys.stderr, flush=True)


def _generate(model: Any, paths: List[str], names: List[str], jobs: int, progress: Any, errors: str,
              features: bool) -> Iterator[Tuple[str, np.ndarray]]:
    if not paths:
        return
    with tempfile.TemporaryDirectory(prefix="voq-") as folder, tempfile.TemporaryFile() as messages:
        model.save(os.path.join(folder, "model.voq"))
        manifest = os.path.join(folder, "list.jsonl")
        _write_list(manifest, paths)
        by_text = not features and model.info["n_codebook"] > 1
        arguments = ["--quiet", f"--jobs={jobs}", "--model=" + os.path.join(folder, "model.voq"),
                     "--format=" + ("jsonl" if by_text else "ark"), *(["--features"] if features else []), manifest]
        process = _command.start("encode", arguments, messages)
        assert process.stdout is not None
        try:
            rows = _json_rows(process.stdout) if by_text else _archive_rows(process.stdout, model.info["dim"], features)
            for i, name, found in _with_failures(rows, paths, names, messages, process, manifest, errors):
                if found is not None:
                    yield name, found
                progress(i + 1, len(paths))
        finally:
            process.terminate()
            process.stdout.close()
            process.wait()


def _write_list(manifest: str, paths: List[str]) -> None:
    with open(manifest, "w", encoding="utf-8") as file:
        for i, path in enumerate(paths):
            try:
                path.encode("utf-8")
            except UnicodeEncodeError:
                raise ValueError(f"{path!r}: the name is not UTF-8; rename the file") from None
            file.write(json.dumps({"audio_filepath": os.path.abspath(path), "id": str(i)}) + "\n")


def _with_failures(rows: Rows, paths: List[str], names: List[str], messages: Any, process: Any, manifest: str,
                   errors: str) -> Iterator[Tuple[int, str, Any]]:
    """Yields each recording with its rows, or None if it failed."""
    log, turn = _Log(messages, manifest), 0
    for number, found in rows:
        for i in range(turn, number):
            log.report(paths[i], errors, must=True)
            yield i, names[i], None
        log.report(paths[number], errors, must=False)
        yield number, names[number], found
        turn = number + 1
    code = process.wait()
    if code not in (0, _command.SOME_FAILED):
        raise Error(log.rest() or f"voq encode ended with exit code {code}")
    for i in range(turn, len(paths)):
        log.report(paths[i], errors, must=True)
        yield i, names[i], None


class _Log:
    """The messages of the command so far, by recording."""

    # What the command shows as "?", since a terminal would obey it: controls, directions, separators.
    _HIDDEN = re.compile("[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb"
                         "\U000e0000-\U000e007f]")

    def __init__(self, file: Any, manifest: str) -> None:
        self._file, self._manifest, self._read = file, manifest, 0
        self._lines: List[str] = []
        self._told: Dict[str, str] = {}

    def _update(self) -> None:
        file = self._file.fileno()
        content = os.pread(file, os.fstat(file).st_size - self._read, self._read)
        whole = content.rfind(b"\n") + 1
        self._read += whole
        self._lines += [_command.without_name(line) for line in content[:whole].decode("utf-8", "replace").splitlines()]

    def report(self, path: str, errors: str, must: bool) -> None:
        """Raises or warns with the messages about one recording; `must`: there is a failure to report."""
        self._update()
        shown = self._HIDDEN.sub("?", os.path.abspath(path))
        found, self._lines = _command.split(self._lines, shown)
        if found:  # also those of the same recording later in the list
            self._told[path] = "; ".join(dict.fromkeys(found)).replace(shown, self._HIDDEN.sub("?", path))
        if path not in self._told and not must:
            return
        text = self._told.get(path, f"{path}: could not be encoded")
        if errors == "raise":
            raise Error(text)
        warn(text)

    def rest(self) -> str:
        self._update()
        return "; ".join(self._lines).replace(self._manifest, "the list of paths")


def _exactly(stream: IO[bytes], n: int) -> bytes:
    content = stream.read(n)
    if len(content) < n:
        raise EOFError
    return content


def _archive_rows(stream: IO[bytes], dim: int, features: bool) -> Rows:
    """Reads a Kaldi archive of int vectors or float matrices, whose keys are numbers."""
    while True:
        key = b""
        while not key.endswith(b" "):
            byte = stream.read(1)
            if not byte:
                return
            key += byte
        try:
            if features:
                head = _exactly(stream, 15)  # \0 B F M space, \4 rows, \4 columns
                n = int.from_bytes(head[6:10], "little")
                rows = np.frombuffer(_exactly(stream, 4 * n * dim), "<f4").reshape(n, dim).astype(np.float32)
            else:
                n = int.from_bytes(_exactly(stream, 7)[3:], "little")  # \0 B, \4 count
                pairs = np.frombuffer(_exactly(stream, 5 * n), [("size", "u1"), ("id", "<u4")])
                rows = pairs["id"].astype(np.uint32)
        except EOFError:
            return  # the command was stopped; its exit code is reported
        yield int(key), rows


def _json_rows(stream: IO[bytes]) -> Rows:
    """Reads JSON Lines of several codebooks."""
    number, ids, n_codebook = 0, [], 1  # type: int, List[List[int]], int
    for line in stream:
        record = json.loads(line)
        if "voq" in record:
            number, ids, n_codebook = int(record["utt"]), [], record.get("cb", 1)
        elif "unit" in record:
            ids.append(record["unit"])
        elif "end" in record:
            yield number, np.array(ids, np.uint32).reshape(len(ids), n_codebook)
