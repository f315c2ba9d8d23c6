# SPDX-License-Identifier: MIT
"""A microphone on a machine that has none: ALSA with our own paced device (paced_pcm.c), in a
folder that is gone afterwards. `voq-live` runs against it as it does on a laptop.
"""
import array
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from tap import Skip, claims

VOQ, LIVE, MAKE_MODEL, PLUGIN = (Path(path).resolve() for path in sys.argv[1:5])
PATIENCE_S = 60  # a sanity limit, never a measurement

HEADER_BYTES = 94
INVERSE = pow(7919, -1, 65536)


def ramp(n, first=0):
    """What the device plays without an infile."""
    return array.array("h", (((first + i) * 7919 + 123) % 65536 - 32768 for i in range(n)))


def place_of(x):
    """Where in the ramp (modulo 65536) a float sample is from."""
    return ((round(x * 32768) + 32768 - 123) * INVERSE) % 65536


def samples_of(path):
    data = Path(path).read_bytes()
    n, = struct.unpack_from("<I", data, HEADER_BYTES - 4)
    return array.array("f", data[HEADER_BYTES:HEADER_BYTES + n])


def jumps(x):
    """[(index, samples missing before it)] of a recording of the ramp."""
    places = [place_of(value) for value in x]
    return [(i, (places[i] - places[i - 1] - 1) % 65536) for i in range(1, len(places))
            if places[i] != (places[i - 1] + 1) % 65536]


def gaps_of(path):
    """[(sample, lost, why)] of FILE.gaps."""
    path = Path(f"{path}.gaps")
    lines = path.read_text().splitlines() if path.exists() else []
    return [(int(a), int(b), why) for a, b, why in (line.split("\t") for line in lines)]


def pcm(name, kind="voqpaced", **settings):
    """An ALSA device as configuration text."""
    body = "".join(f" {key} {value if isinstance(value, int) else json.dumps(str(value))}"
                   for key, value in settings.items())
    return f"pcm.{name} {{ type {kind}{body} }}\n"


class Microphone:
    """with Microphone(pcm(...), ...) as mic: mic.live("--duration", 1)"""

    def __init__(self, *devices, default=True, kind=None):
        self.scratch = tempfile.TemporaryDirectory(prefix="voq-live-")
        self.folder = Path(self.scratch.name)
        self.model = self.folder / "tiny.voq"
        self.started = []
        subprocess.run([MAKE_MODEL, self.model, *([kind] if kind else [])], check=True)
        self.configure(*devices, default=default)

    def configure(self, *devices, default=True):
        # PortAudio aborts where all devices open and none is called default.
        text = f'pcm_type.voqpaced {{ lib "{PLUGIN}" }}\n' + "".join(devices)
        if default and "pcm.default " not in text:
            text += pcm("default", rate=16000, speed=4)
        (self.folder / "alsa.conf").write_text(text)

    def environment(self):
        keep = {key: value for key, value in os.environ.items()
                if not key.startswith(("PULSE", "JACK", "XDG_", "DISPLAY"))}
        # Standard error of voq-live is closed to what writes there by itself, sanitizers included.
        for name in "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS":
            keep[name] = f"{keep.get(name, '')}:log_path={self.folder}/sanitizer"
        keep["TSAN_OPTIONS"] += f":suppressions={Path(__file__).with_name('foreign_threads.supp')}"
        return keep | {"ALSA_CONFIG_PATH": str(self.folder / "alsa.conf"), "HOME": str(self.folder),
                       "XDG_RUNTIME_DIR": str(self.folder), "JACK_NO_START_SERVER": "1",
                       "TERM": "xterm-256color"}

    def command(self, *arguments):
        model = [] if "--list-devices" in arguments else ["-m", str(self.model)]
        return [str(LIVE), *model, *map(str, arguments)]

    def live(self, *arguments, code=0):
        """Runs to the end; the exit code must be this one."""
        done = subprocess.run(self.command(*arguments), env=self.environment(), cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False)
        assert done.returncode == code, (f"exit code {done.returncode}, expected {code}\n"
                                         + done.stderr + done.stdout[:2000] + self.reports())
        return done

    def reports(self):
        """What a sanitizer had to say."""
        return "".join(path.read_text() for path in self.folder.glob("sanitizer*"))

    def start(self, *arguments, stdout=subprocess.PIPE, **options):
        running = subprocess.Popen(self.command(*arguments), env=self.environment(),
                                   cwd=self.folder, stdin=subprocess.DEVNULL, stdout=stdout,
                                   stderr=subprocess.PIPE, text=True, **options)
        self.started.append(running)
        return running

    def encode(self, recording, *arguments):
        """What voq encode gives for a recording."""
        command = [VOQ, "encode", "-m", self.model, *map(str, arguments),
                   self.folder / recording]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S,
                              check=False)
        assert done.returncode == 0, f"voq encode: {done.returncode}\n{done.stderr}"
        return done.stdout

    def units(self, recording, *arguments):
        return self.encode(recording, *arguments).strip().partition("|")[2].split()

    def same_units(self, ids, recording="x.wav"):
        """The recording, encoded, gives the units that were heard."""
        encoded = self.units(recording)
        wrong = [i for i, pair in enumerate(zip(ids, encoded)) if pair[0] != pair[1]]
        assert ids == encoded, (f"{len(ids)} live units, {len(encoded)} encoded; "
                                f"first difference at {wrong[0] if wrong else 'the end'}")
        assert ids, "no units"

    def __enter__(self):
        return self

    def __exit__(self, *why):
        for running in self.started:
            if running.poll() is None:
                running.send_signal(signal.SIGKILL)
            running.wait()
            for stream in running.stdout, running.stderr:
                if stream:
                    stream.close()
        self.scratch.cleanup()


def ids_of(text):
    """Units of `-f ids`; an empty line is a gap."""
    return [line for line in text.splitlines() if line]


def stats_of(stderr):
    return json.loads([line for line in stderr.splitlines() if line.startswith("{")][-1])
