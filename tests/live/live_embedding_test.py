# SPDX-License-Identifier: MIT
"""A program with audio of its own gets the units of the command: own_callback.c of the README."""
import subprocess
import sys
import tempfile
from pathlib import Path

from tap import claims, run

OWN_CALLBACK, VOQ, MAKE_MODEL = (Path(path).resolve() for path in sys.argv[1:4])


def frames_of_10_ms_of_int16_give_the_units_of_encode():
    with tempfile.TemporaryDirectory(prefix="voq-embedding-") as scratch:
        model, speech = Path(scratch, "tiny.voq"), Path(scratch, "speech.s16")
        run(MAKE_MODEL, model)
        speech.write_bytes(b"".join((i * i * 31 % 60000 - 30000).to_bytes(2, "little", signed=True)
                                    for i in range(160 * 250)))
        with open(speech, "rb") as stdin:
            own = subprocess.run([OWN_CALLBACK, model], stdin=stdin, capture_output=True, text=True,
                                 check=True).stdout.splitlines()
        encoded = run(VOQ, "encode", "-m", model, "--raw", "s16le", "--rate", 16000, speech)
        units = encoded.strip().partition("|")[2].split()
        assert len(units) == 250
        assert own == [f"{i / 100:.2f} s: {unit}" for i, unit in enumerate(units)]


sys.exit(claims(frames_of_10_ms_of_int16_give_the_units_of_encode))
