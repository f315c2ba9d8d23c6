# SPDX-License-Identifier: MIT
"""Through a real sound server, from a pipe to the units: what most desktops look like."""
import os
import shutil
import subprocess
import sys
import threading
import time
import wave
from pathlib import Path

from microphone import Microphone, PATIENCE_S, Skip, claims, gaps_of, ids_of, ramp, samples_of

RATE = 44100  # what PortAudio takes from the server's ALSA device
SECONDS = 4
TRIES = 5


class Server:
    """A PulseAudio of our own, whose source "mic" is a pipe."""

    def __init__(self, folder):
        if not shutil.which("pulseaudio") or not shutil.which("pactl"):
            raise Skip("pulseaudio is not installed")
        if not list(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")):
            raise Skip("libasound2-plugins is not installed")
        self.socket, self.pipe = folder / "native", folder / "pipe"
        self.environment = os.environ | {"XDG_RUNTIME_DIR": str(folder), "HOME": str(folder),
                                         "PULSE_SERVER": f"unix:{self.socket}"}
        self.process = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
             "--disable-shm=yes", f"--log-target=file:{folder}/log", "-L",
             f"module-native-protocol-unix socket={self.socket} auth-anonymous=1 "
             "auth-cookie-enabled=0", "-L",
             f"module-pipe-source source_name=mic file={self.pipe} format=s16le rate={RATE} "
             "channels=1"],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE_S
        while subprocess.run(["pactl", "info"], env=self.environment, check=False,
                             stdin=subprocess.DEVNULL, capture_output=True).returncode != 0:
            assert self.process.poll() is None and time.monotonic() < until, "no pulseaudio"
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.process.terminate()
        self.process.wait()


def play(pipe, data, stop):
    """At about its pace, and zeros behind it until somebody has heard enough."""
    step = RATE // 50 * 2
    with open(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK), "wb", buffering=0) as file:
        at = 0
        while not stop.is_set():
            at += file.write(data[at:at + step] or bytes(step)) or 0
            time.sleep(0.018)


def write_wave(path, data):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(data)


def delivers_every_sample():
    """False where the server lost some on a busy machine and voq said so."""
    with Microphone() as mic, Server(mic.folder) as server:
        mic.configure("pcm_type.pulse { lib libasound_module_pcm_pulse.so }\n"
                      f'pcm.mic {{ type pulse server "unix:{server.socket}" device "mic" }}\n')
        data = ramp(RATE * SECONDS).tobytes()
        running = mic.start("-d", "mic", "--duration", SECONDS - 1, "--record", "x.wav")
        said = running.stderr.readline()
        assert "listening" in said, said + running.communicate()[1]
        stop = threading.Event()
        player = threading.Thread(target=play, args=(server.pipe, data, stop), daemon=True)
        player.start()
        try:
            out, err = running.communicate(timeout=PATIENCE_S)
        finally:
            stop.set()
            player.join()
        assert running.returncode == 0, err + mic.reports()
        if gaps_of(mic.folder / "x.wav"):
            return False
        assert len(samples_of(mic.folder / "x.wav")) == 16000 * (SECONDS - 1)
        mic.same_units(ids_of(out))
        # The same samples as a file, by the same resampler, up to where only one of them ends.
        write_wave(mic.folder / "played.wav", data)
        whole = mic.units("played.wav")
        n = 100 * (SECONDS - 1) - 10
        assert ids_of(out)[:n] == whole[:n], "not the samples that were played"
        return True


def a_sound_server_delivers_every_sample():
    assert any(delivers_every_sample() for _ in range(TRIES)), f"samples were lost {TRIES} times"


sys.exit(claims(a_sound_server_delivers_every_sample))
