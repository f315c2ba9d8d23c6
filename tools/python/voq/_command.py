# SPDX-License-Identifier: MIT
"""The bundled command voq, as a process: options from keywords, its messages as exceptions and warnings."""
from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from typing import Any, Callable, Dict, IO, List, Sequence, Tuple

from . import _places
from ._errors import Error, warn

SOME_FAILED = 3  # exit code: some inputs failed, the others are done


def options(values: Dict[str, Any], reserved: Sequence[str] = ()) -> List[str]:
    """Returns the options of the command: cap_speaker=100 is --cap-speaker=100, True an option without a value, a
    list an option that is repeated, a dict one that is repeated as KEY=VALUE. None and False are left out. from_ is
    --from."""
    made: List[str] = []
    for key, value in values.items():
        if key.rstrip("_") in reserved:
            raise ValueError(f"{key} cannot be set here")
        flag = "--" + key.rstrip("_").replace("_", "-")
        if isinstance(value, dict):
            value = [f"{name}={_text(setting)}" for name, setting in value.items()]
        for item in value if isinstance(value, (list, tuple)) else [value]:
            if item is None or item is False:
                continue
            made.append(flag if item is True else f"{flag}={_text(item)}")
    return made


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return os.fsdecode(value) if _places.is_path(value) else str(value)


def operand(path: Any) -> str:
    """Returns a path that the command cannot take for an option or for standard input."""
    text = os.fsdecode(_places.path_argument(path))
    return "./" + text if text.startswith("-") else text


def start(name: str, arguments: Sequence[str], stderr: Any) -> "subprocess.Popen[bytes]":
    """Starts the command; its standard output is a pipe."""
    program = _places.command()
    if not program:
        raise Error("this needs the command voq, which this package does not hold; install a wheel with the command, "
                    "or set VOQ_COMMAND to the program of a build")
    if any("\0" in argument for argument in arguments):
        raise ValueError("an argument contains a zero byte")
    return subprocess.Popen([program, name, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=stderr)


def run(name: str, arguments: Sequence[str], show: bool = False,
        is_result: Callable[[bytes], bool] = lambda _: False) -> bytes:
    """Runs the command and returns its standard output.

    Its messages are shown as they come if `show`. Raises voq.Error with its sentence if it fails; but if only some
    inputs failed, and is_result of the output is true, warns about them.
    """
    lines: List[str] = []
    with start(name, arguments, subprocess.PIPE) as process:
        reader = threading.Thread(target=_collect, args=(process.stderr, lines, show), daemon=True)
        reader.start()
        try:
            assert process.stdout is not None
            output = process.stdout.read()
            code = process.wait()
        except BaseException:
            process.terminate()
            raise
        finally:
            reader.join()
    if code not in (0, SOME_FAILED):
        raise Error("; ".join(lines[-10:]) or f"voq {name} ended with exit code {code}")
    if code == SOME_FAILED:
        text = "; ".join(lines) or f"voq {name}: some inputs failed"
        if not is_result(output):
            raise Error(text)
        warn(text)
    return output


def _collect(stream: IO[bytes], lines: List[str], show: bool) -> None:
    for line in stream:
        text = line.decode("utf-8", "replace")
        lines.append(without_name(text))
        if show:
            with contextlib.suppress(AttributeError, OSError, ValueError):  # standard error is gone
                sys.stderr.write(text)
                sys.stderr.flush()


def without_name(line: str) -> str:
    """Returns a message without "voq: "."""
    line = line.rstrip("\n")
    return line[5:] if line.startswith("voq: ") else line


def split(lines: Sequence[str], path: str) -> Tuple[List[str], List[str]]:
    """Returns the messages about a file, and the others."""
    about = (path + ":", path + ".gaps:")
    return ([line for line in lines if line.startswith(about)], [line for line in lines if not line.startswith(about)])
