# SPDX-License-Identifier: MIT
"""What the microphone hears is what is analysed, sample for sample, and the recording proves it."""
import json
import sys

from microphone import (Microphone, claims, gaps_of, ids_of, jumps, pcm, place_of, ramp,
                        samples_of, stats_of)

FAST = 8

# The device's buffer, at its own speed: a busy machine may keep us waiting for a while.
PATIENT = ("--latency", 1500)


def every_sample_of_the_device_is_recorded_and_its_units_are_those_of_encode():
    with Microphone(pcm("mic", rate=16000, speed=FAST)) as mic:
        done = mic.live("-d", "mic", *PATIENT, "--duration", 8, "--record", "x.wav")
        x = samples_of(mic.folder / "x.wav")
        assert len(x) == 8 * 16000, f"{len(x)} samples"
        assert list(x) == [value / 32768 for value in ramp(len(x))], f"jumps: {jumps(x)[:5]}"
        assert gaps_of(mic.folder / "x.wav") == []
        mic.same_units(ids_of(done.stdout))


def the_file_plugin_of_alsa_is_exact_too():
    signal = ramp(3 * 16000, first=5000)
    with Microphone(default=False) as mic:
        (mic.folder / "in.raw").write_bytes(signal.tobytes())
        mic.configure(pcm("slave", rate=16000, speed=FAST),
                      f'pcm.mic {{ type file slave.pcm "slave" file /dev/null '
                      f'infile "{mic.folder / "in.raw"}" format raw }}\n')
        done = mic.live("-d", "mic", *PATIENT, "--duration", 3, "--record", "x.wav")
        x = samples_of(mic.folder / "x.wav")
        assert list(x) == [value / 32768 for value in signal], f"jumps: {jumps(x)[:5]}"
        mic.same_units(ids_of(done.stdout))


def another_rate_is_resampled_and_recorded_at_the_models():
    with Microphone(pcm("mic", rate=44100, speed=4)) as mic:
        done = mic.live("-d", "mic", *PATIENT, "--duration", 4, "--record", "x.wav",
                        "--stats", "--json")
        assert len(samples_of(mic.folder / "x.wav")) == 4 * 16000
        mic.same_units(ids_of(done.stdout))
        stats = stats_of(done.stderr)
        assert stats["resampler_ms"] > 0, "the resampler's delay is not told"
        assert stats["units"] == 400
        # The same as from a file at the device's rate, up to where only the live one ends.
        (mic.folder / "played.s16").write_bytes(ramp(5 * 44100).tobytes())
        played = mic.units("played.s16", "--raw", "s16le", "--rate", 44100)
        assert ids_of(done.stdout)[:390] == played[:390]


def a_resampled_tone_stays_where_it_was():
    """A click at 0.5 s of 48 kHz is at 0.5 s of 16 kHz: soxr's delay is taken out."""
    with Microphone() as mic:
        click = ramp(0)
        click.extend(32000 if i == 24000 else 0 for i in range(48000))
        (mic.folder / "in.raw").write_bytes(click.tobytes())
        mic.configure(pcm("mic", rate=48000, speed=4, infile=mic.folder / "in.raw"))
        mic.live("-d", "mic", *PATIENT, "--duration", 1, "--record", "x.wav")
        x = list(map(abs, samples_of(mic.folder / "x.wav")))
        assert x.index(max(x)) == 8000, f"the click is at sample {x.index(max(x))}"


def channels_are_mixed_or_picked_and_gain_is_applied():
    with Microphone(pcm("mic", rate=16000, channels=2, speed=FAST)) as mic:
        pair = ramp(2 * 16000)
        mic.live("-d", "mic", *PATIENT, "--duration", 1, "--record", "mean.wav")
        mean = [(pair[2 * i] + pair[2 * i + 1]) / 65536 for i in range(16000)]
        assert list(samples_of(mic.folder / "mean.wav")) == mean
        mic.live("-d", "mic", *PATIENT, "--duration", 1, "--channel", 2, "--record", "right.wav")
        assert list(samples_of(mic.folder / "right.wav")) == [v / 32768 for v in pair[1::2]]
        done = mic.live("-d", "mic", *PATIENT, "--duration", 1, "--channel", 1, "--gain", "-20",
                        "--record", "soft.wav")
        soft = samples_of(mic.folder / "soft.wav")
        assert all(abs(a - b / 327680) < 1e-6 for a, b in zip(soft, pair[::2])), "not 20 dB softer"
        mic.same_units(ids_of(done.stdout), "soft.wav")
        assert "2 channels" in mic.live("-d", "mic", *PATIENT, "--channel", 3, code=2).stderr


def short_periods_lose_nothing():
    with Microphone(pcm("mic", rate=16000, period=64, speed=2)) as mic:
        done = mic.live("-d", "mic", *PATIENT, "--duration", 2, "--record", "x.wav")
        x = samples_of(mic.folder / "x.wav")
        assert len(x) == 32000 and place_of(x[0]) == 0 and jumps(x) == []
        mic.same_units(ids_of(done.stdout))


def every_format_tells_the_same_units():
    with Microphone(pcm("mic", rate=16000, speed=FAST)) as mic:
        def units(form, *more):
            return mic.live("-d", "mic", *PATIENT, "--duration", 1.5, "-f", form, *more).stdout
        ids = ids_of(units("ids"))
        assert len(ids) == 150
        runs = [line.split() for line in units("runs").splitlines()]
        assert [unit for unit, n in runs for _ in range(int(n))] == ids
        assert all(a[0] != b[0] for a, b in zip(runs, runs[1:])), "a run that is cut in two"
        assert units("gslm", "--name", "talk").strip() == "talk|" + " ".join(ids)

        records = [json.loads(line) for line in units("jsonl").splitlines()]
        head, body, end = records[0], records[1:-1], records[-1]
        assert head["utt"] == "mic" and head["hop"] == 160 and head["rate"] == 16000
        assert [str(r["unit"]) for r in body] == ids
        assert [(r["i"], r["s"]) for r in body] == [(i, i * 160) for i in range(150)]
        assert all(a["w"] <= b["w"] for a, b in zip(body, body[1:])), "wall clock runs backwards"
        assert end["end"] == 150
        merged = [json.loads(line) for line in units("jsonl", "--dedup").splitlines()][1:-1]
        assert [[str(r["unit"]), str(r["n"])] for r in merged] == runs


def an_encoder_tells_a_unit_of_each_stride():
    """A model's hop, not that of its front end, is what units are counted and timed by."""
    for kind, hop, late_ms in ("encoder", 320, 27.5), ("encoder-10ms", 160, 27.5):
        with Microphone(pcm("mic", rate=16000, speed=FAST), kind=kind) as mic:
            done = mic.live("-d", "mic", *PATIENT, "--duration", 2, "--record", "x.wav", "-f", "jsonl",
                            "--stats", "--json")
            head, *body, end = [json.loads(line) for line in done.stdout.splitlines()]
            n = 32000 // hop
            assert (head["hop"], end["end"], len(body)) == (hop, n, n), (head, end)
            assert [(r["i"], r["s"]) for r in body] == [(i, i * hop) for i in range(n)]
            mic.same_units([str(r["unit"]) for r in body])
            stats = stats_of(done.stderr)
            assert (stats["units"], stats["look_ahead_ms"]) == (n, late_ms), stats
            assert stats["delay_ms"] >= late_ms + stats["device_ms"], stats


def labels_are_those_of_encode():
    with Microphone(pcm("mic", rate=16000, speed=FAST), kind="encoder") as mic:
        for form in "ctm", "textgrid":
            done = mic.live("-d", "mic", *PATIENT, "--duration", 1, "--record", "x.wav", "--labels",
                            "-f", form, "--name", "x")
            assert "(AH)" in done.stdout, done.stdout[:400]
            assert done.stdout == mic.encode("x.wav", "-q", "--labels", "-f", form), form


sys.exit(claims(every_sample_of_the_device_is_recorded_and_its_units_are_those_of_encode,
                the_file_plugin_of_alsa_is_exact_too,
                another_rate_is_resampled_and_recorded_at_the_models,
                a_resampled_tone_stays_where_it_was,
                channels_are_mixed_or_picked_and_gain_is_applied,
                short_periods_lose_nothing,
                every_format_tells_the_same_units,
                an_encoder_tells_a_unit_of_each_stride,
                labels_are_those_of_encode))
