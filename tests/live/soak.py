# SPDX-License-Identifier: MIT
"""`voq live` for long, with a core busy beside it. By hand, on a machine that is otherwise idle:

    ninja -C build soak
    VOQ_SOAK_MINUTES=10 VOQ_SOAK_SPEED=20 ninja -C build soak

The first is ten minutes at the device's pace and judges latency and CPU; the second is hours of
audio in minutes and judges that nothing is lost and memory stays.
"""
import os
import subprocess
import sys
import time
from pathlib import Path

from microphone import Microphone, jumps, pcm, samples_of, stats_of

MINUTES = float(os.environ.get("VOQ_SOAK_MINUTES", "10"))
SPEED = int(os.environ.get("VOQ_SOAK_SPEED", "1"))


def memory_kb(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def watch(running):
    """Resident memory, every few seconds until it ends."""
    seen = []
    while running.poll() is None:
        try:
            seen.append(memory_kb(running.pid))
        except (OSError, StopIteration):
            break
        time.sleep(min(5, MINUTES * 6))
    return seen[1:-1]


def main():
    seconds = MINUTES * 60 * SPEED
    with Microphone(pcm("mic", rate=16000, speed=SPEED)) as mic:
        busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        try:
            with open(mic.folder / "ids", "wb") as ids:
                running = mic.start("-d", "mic", "--duration", seconds, "--latency",
                                    min(80 * SPEED, 1500), "--record", "x.wav", "--stats",
                                    "--json", stdout=ids)
                memory = watch(running)
            _, err = running.communicate()
        finally:
            busy.kill()
            busy.wait()
        assert running.returncode == 0, err
        stats = stats_of(err)
        print(f"{seconds / 3600:.2f} hours of audio in {stats['elapsed_s'] / 60:.1f} minutes, "
              f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        for key, value in stats.items():
            print(f"  {key:<20}{value}")
        print(f"  memory              {memory[0]} kB at the start, {memory[-1]} kB at the end")
        wrong = []
        holes = jumps(samples_of(mic.folder / "x.wav"))
        if stats["lost_samples"] or stats["dropped_units"] or holes:
            wrong.append("samples were lost")
        if memory[-1] > memory[0] + 512:
            wrong.append("memory grows")
        if SPEED == 1 and stats["latency_p999_ms"] >= 20:
            wrong.append("latency p99.9 is not under 20 ms")
        if SPEED == 1 and stats["cpu_percent"] >= 1:
            wrong.append("CPU is not under 1 % of a core")
        print("\n".join(wrong) or "passed")
        return 1 if wrong else 0


sys.exit(main())
