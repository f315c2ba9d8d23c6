# SPDX-License-Identifier: MIT
"""`voq live` among other programs: devices by name, signals, pipes, what it says and leaves."""
import fcntl
import json
import os
import signal
import subprocess
import sys
import time

from microphone import (Microphone, PATIENCE_S, claims, gaps_of, ids_of, jumps, pcm, samples_of,
                        stats_of)

MIC = pcm("mic", rate=16000)
F_SETPIPE_SZ = 1031  # of Linux; Python has the name since 3.10


def wait_for_bytes(path, n):
    """Until a recording has begun to grow."""
    until = time.monotonic() + PATIENCE_S
    while not path.exists() or path.stat().st_size < n:
        assert time.monotonic() < until, f"{path} stays empty"
        time.sleep(0.02)


def say(done):
    lines = done.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("voq: "), f"not one sentence:\n{done.stderr}"
    return lines[0]


# ---- devices -------------------------------------------------------------------------------------

def devices_are_listed_for_people_and_programs():
    with Microphone(pcm("kitchen", rate=16000), pcm("desk_left", rate=44100, channels=2)) as mic:
        devices = {d["name"]: d for d in json.loads(mic.live("--list-devices", "--json").stdout)}
        assert set(devices) == {"kitchen", "desk_left", "default"}, devices
        assert devices["kitchen"]["rates"] == [16000] and devices["kitchen"]["channels"] == 1
        left = devices["desk_left"]
        assert (left["rates"], left["channels"], left["api"]) == ([44100], 2, "ALSA"), left
        assert [d["default"] for d in devices.values()].count(True) == 1
        assert devices["default"]["default"]
        with open("/dev/full", "w") as full:
            running = mic.start("--list-devices", stdout=full)
            assert running.wait(PATIENCE_S) == 5 and "No space" in running.stderr.read()
        listed = mic.live("--list-devices")
        assert "kitchen" in listed.stdout and "44100 Hz" in listed.stdout and listed.stderr == ""


def a_device_is_chosen_by_number_name_or_a_part_of_it():
    with Microphone(pcm("desk", rate=16000), pcm("desk_left", rate=16000),
                    pcm("kitchen", rate=16000)) as mic:
        index = {d["name"]: d["index"]
                 for d in json.loads(mic.live("--list-devices", "--json").stdout)}
        for wanted, name in [("desk", "desk"), ("KITCH", "kitchen"), ("_left", "desk_left"),
                             (index["kitchen"], "kitchen")]:
            done = mic.live("-d", wanted, "--duration", 0.05)
            assert f'listening to "{name}"' in done.stderr, f"{wanted}: {done.stderr}"
        unknown = say(mic.live("-d", "garden", code=4))
        assert '"garden"' in unknown and "kitchen" in unknown and "desk_left" in unknown, unknown
        several = say(mic.live("-d", "des", code=2))
        assert "desk_left" in several and '"desk"' in several and "kitchen" not in several, several
        assert "99" in say(mic.live("-d", 99, code=4))


def without_any_device_one_sentence_says_so():
    with Microphone() as mic:
        mic.configure("pcm.default { type file_that_is_no_type }\n")
        assert "no microphone" in say(mic.live(code=4))
        listed = mic.live("--list-devices", "--json", code=4)
        assert listed.stdout.strip() == "[]" and "no microphone" in say(listed)


def wrong_usage_is_told_in_one_sentence():
    with Microphone(MIC) as mic:
        assert "voq encode" in say(mic.live("x.wav", code=2))
        assert "jsonl" in say(mic.live("-f", "nosuch", code=2))
        assert "--json" in say(mic.live("--json", code=2))
        assert "nosuchdir" in say(mic.live("-d", "mic", "--record", "nosuchdir/x.wav", code=5))
        (mic.folder / "old.wav").write_bytes(b"yesterday's")
        mic.live("-d", "garden", "--record", "old.wav", code=4)
        mic.live("-d", "mic", "--record", "old.wav", "-f", "nosuch", code=2)
        assert (mic.folder / "old.wav").read_bytes() == b"yesterday's", "a recording is lost"
        mic.model = "./nosuch.voq"
        assert "nosuch.voq" in say(mic.live(code=2))


# ---- the end -------------------------------------------------------------------------------------

def a_first_signal_drains_and_ends_with_0():
    for number in signal.SIGINT, signal.SIGTERM:
        with Microphone(MIC) as mic:
            running = mic.start("-d", "mic", "--record", "x.wav")
            wait_for_bytes(mic.folder / "x.wav", 32000)
            running.send_signal(number)
            out, err = running.communicate(timeout=PATIENCE_S)
            assert running.returncode == 0, f"{running.returncode}: {err}"
            assert jumps(samples_of(mic.folder / "x.wav")) == []
            mic.same_units(ids_of(out))


def a_second_signal_ends_at_once():
    """The reader takes nothing, so that the first one cannot finish its work."""
    for number, code in (signal.SIGINT, 130), (signal.SIGTERM, 143):
        with Microphone(pcm("mic", rate=16000, speed=64)) as mic:
            running = mic.start("-d", "mic", "--latency", 2000, "--record", "x.wav", "-f", "jsonl")
            wait_for_bytes(mic.folder / "x.wav", 4 * 16000 * 30)
            until = time.monotonic() + PATIENCE_S
            while running.poll() is None and time.monotonic() < until:
                running.send_signal(number)
                time.sleep(0.3)
            assert running.returncode == code, running.returncode


def a_killed_run_leaves_a_valid_recording():
    with Microphone(MIC) as mic:
        running = mic.start("-d", "mic", "--record", "x.wav")
        wait_for_bytes(mic.folder / "x.wav", 40000)
        running.kill()
        out, _ = running.communicate(timeout=PATIENCE_S)
        heard, encoded = ids_of(out), mic.units("x.wav")
        assert jumps(samples_of(mic.folder / "x.wav")) == []
        # The last quarter of a second was not yet in the file, the last line may be cut; at the end
        # of a shorter file the look-ahead decides otherwise.
        n = min(len(heard) - 1, len(encoded) - 20)
        assert encoded[:n] == heard[:n], "other units"
        assert abs(len(encoded) - len(heard)) < 40, f"{len(heard)} heard, {len(encoded)} recorded"


def a_reader_that_goes_away_ends_it_quietly():
    for form in "ids", "jsonl", "gslm":
        with Microphone(MIC) as mic:
            running = mic.start("-d", "mic", "-f", form, "--quiet")
            if form != "gslm":
                running.stdout.readline()
            running.stdout.close()
            assert running.wait(timeout=PATIENCE_S) == 0
            assert running.stderr.read() == ""
            running.stdout = None


def a_standard_output_that_is_closed_is_no_other_file():
    """Its number must not become that of the recording."""
    with Microphone(MIC) as mic:
        done = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&-', *mic.command(
            "-d", "mic", "--duration", 1, "--record", "x.wav")], env=mic.environment(),
            cwd=mic.folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert done.returncode == 5 and "standard output: " in done.stderr, done
        assert jumps(samples_of(mic.folder / "x.wav")) == []


def a_slow_reader_loses_output_but_no_audio():
    with Microphone(pcm("mic", rate=16000, speed=8)) as mic:
        running = mic.start("-d", "mic", "--latency", 2000, "--duration", 60, "-f", "jsonl",
                            "--record", "x.wav", "--stats", "--json")
        wait_for_bytes(mic.folder / "x.wav", 4 * 16000 * 59)
        out, err = running.communicate(timeout=PATIENCE_S)
        assert running.returncode == 0, err
        records = [json.loads(line) for line in out.splitlines()]
        lost = [r for r in records if "gap" in r and r["why"] == "output"]
        assert lost and all(r["lost"] == 0 for r in lost), "nothing was marked as dropped"
        due = 0
        for r in records[1:-1]:
            assert r["i"] == due, f"expected {due}: {r}"
            due += r.get("gap", 1)
        assert due == records[-1]["end"] == 6000
        stats = stats_of(err)
        assert stats["dropped_units"] == sum(r["gap"] for r in lost) > 0, stats
        assert stats["units"] == 6000 and stats["lost_samples"] == 0, stats
        assert gaps_of(mic.folder / "x.wav") == [] and jumps(samples_of(mic.folder / "x.wav")) == []


def a_pipe_that_does_not_block_is_waited_for_too():
    with Microphone(pcm("mic", rate=16000, speed=8)) as mic:
        reader, writer = os.pipe2(os.O_NONBLOCK)
        fcntl.fcntl(writer, F_SETPIPE_SZ, 4096)
        running = mic.start("-d", "mic", "--latency", 2000, "--duration", 12, "-f", "jsonl",
                            "--record", "x.wav", stdout=writer)
        os.close(writer)
        wait_for_bytes(mic.folder / "x.wav", 4 * 16000 * 11)
        os.set_blocking(reader, True)
        with open(reader) as file:
            out = file.read()
        assert running.wait(PATIENCE_S) == 0, running.stderr.read()
        assert json.loads(out.splitlines()[-1])["end"] == 1200


def a_slow_reader_of_large_pieces_does_not_hold_up_audio():
    """64 KiB at once do not fit into the pipe; 340 s have more than that."""
    with Microphone(pcm("mic", rate=16000, speed=64)) as mic:
        running = mic.start("-d", "mic", "--latency", 2000, "--duration", 360, "-f", "gslm",
                            "--record", "x.wav")
        fcntl.fcntl(running.stdout, F_SETPIPE_SZ, 4096)
        wav, at = mic.folder / "x.wav", 0
        until = time.monotonic() + PATIENCE_S
        while at < 340 * 16000:  # of the stream: a busy machine loses samples at this speed
            assert time.monotonic() < until, f"nothing is analysed behind sample {at}"
            time.sleep(0.2)
            recorded = wav.stat().st_size // 4 if wav.exists() else 0
            at = recorded + sum(lost for _, lost, _ in gaps_of(wav))
        out, _ = running.communicate(timeout=PATIENCE_S)
        assert running.returncode == 0 and out.endswith("\n")


def the_end_tells_every_figure():
    with Microphone(MIC) as mic:
        stats = stats_of(mic.live("-d", "mic", "--duration", 1, "--stats", "--json").stderr)
        assert stats["frames"] == stats["samples"] == 16000 and stats["units"] == 100, stats
        assert stats["gaps"] == stats["overruns"] == stats["dropped_units"] == 0, stats
        assert 0 < stats["ring_most_frames"] < stats["ring_frames"], stats
        assert 0 < stats["latency_p50_ms"] <= stats["latency_p99_ms"] <= stats["latency_max_ms"]
        assert stats["look_ahead_ms"] > 0 and stats["device_ms"] > 0
        assert "latency" in mic.live("-d", "mic", "--duration", 0.2, "--stats").stderr
        assert mic.live("-d", "mic", "--duration", 0.2, "--quiet").stderr == ""


sys.exit(claims(devices_are_listed_for_people_and_programs,
                a_device_is_chosen_by_number_name_or_a_part_of_it,
                without_any_device_one_sentence_says_so,
                wrong_usage_is_told_in_one_sentence,
                a_first_signal_drains_and_ends_with_0,
                a_second_signal_ends_at_once,
                a_killed_run_leaves_a_valid_recording,
                a_reader_that_goes_away_ends_it_quietly,
                a_standard_output_that_is_closed_is_no_other_file,
                a_slow_reader_loses_output_but_no_audio,
                a_pipe_that_does_not_block_is_waited_for_too,
                a_slow_reader_of_large_pieces_does_not_hold_up_audio,
                the_end_tells_every_figure))
