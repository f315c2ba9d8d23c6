# SPDX-License-Identifier: MIT
"""Ten minutes of speech through model.encode and through `voq encode`: CPU seconds, the best of several runs.

    python_speed.py [MODEL...]
"""
import pathlib
import resource
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
from package import SCRATCH, command, np, speech, voq, write_wav  # noqa: E402

SECONDS = 600


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def least(clock, work, n=7):
    """Returns the least that the clock advances while the work is done."""
    found = []
    for _ in range(n):
        start = clock()
        work()
        found.append(clock() - start)
    return min(found)


x = np.resize(speech(), SECONDS * 16000)
floats = (x / 32768).astype(np.float32)
path = write_wav("ten-minutes.wav", x)
for name in sys.argv[1:] or ["lda-100", "mfcc-500"]:
    model = voq.load(name)
    ours = {"float32": least(time.process_time, lambda: model.encode(floats)),
            "int16": least(time.process_time, lambda: model.encode(x))}
    arguments = ["encode", "-q", "-j", "1", "-m", name, "-f", "ark", "-o", SCRATCH / "u.ark", path]
    theirs = least(children, lambda: command(*arguments))
    shares = [f"model.encode of {kind} {SECONDS / used:.0f} ({theirs / used:.0%})" for kind, used in ours.items()]
    print(f"{name}: voq encode {SECONDS / theirs:.0f} times real time; {'; '.join(shares)}")
