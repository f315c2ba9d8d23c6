#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""voq beside its peers on one core: the front end and the whole line, the search of several sizes, and k-means. By
hand, with a Python that has the peers:

    taskset -c 0 tests/bench/peers.py RECORDING.wav [build/tools/voq]

It runs tools/bench-peers, search_peers.py and kmeans_peers.py of this folder, each of which may also be started alone,
and repeats at the end the last paragraph of each, which has the ratios. RECORDING.wav has one channel of 16 kHz and 16
bits; ten minutes of speech are enough.
"""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def ratios(program, *arguments):
    """Passes on what a program prints; returns its last paragraph."""
    paragraph = []
    with subprocess.Popen([sys.executable, program, *arguments], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            paragraph = [] if line == "\n" else paragraph + [line]
    if process.returncode:
        sys.exit(process.returncode)
    return "".join(paragraph)


def main():
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    recording, voq = sys.argv[1], pathlib.Path((sys.argv + [ROOT / "build/tools/voq"])[2]).resolve()
    found = [ratios(ROOT / "tools/bench-peers", recording, voq),
             ratios(HERE / "search_peers.py", recording, "--build", voq.parents[1]),
             ratios(HERE / "kmeans_peers.py", "--voq", voq)]
    print("\n" + "\n".join(found), end="")


main()
