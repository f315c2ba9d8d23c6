# SPDX-License-Identifier: MIT
"""What is lost is told: where, how much and why. Devices fail here in every way that real ones do."""
import json
import signal
import sys

from microphone import (Microphone, PATIENCE_S, claims, gaps_of, ids_of, jumps, pcm, samples_of,
                        stats_of)

# How far the told length of a gap may be from the true one: what a device may be irregular by, about
# a period of it on a busy machine. The place of a gap is exact.
TOLERANCE = 480


def check_one_gap(mic, done, why, duration_s, hop):
    """The recording has one hole, where FILE.gaps says; the length is right; time goes on."""
    x, gaps = samples_of(mic.folder / "x.wav"), gaps_of(mic.folder / "x.wav")
    holes = jumps(x)
    assert len(holes) == 1, f"holes in the recording: {holes}"
    assert len(gaps) == 1, f"gaps told: {gaps}, holes: {holes}\n{done.stderr}"
    (at, missing), (sample, lost, told) = holes[0], gaps[0]
    assert (sample, told) == (at, why), f"hole at {at}, told {gaps[0]}"
    assert abs(lost - missing) <= TOLERANCE, f"{missing} samples missing, told {lost}"
    assert len(x) + lost == duration_s * 16000, "the time stamps are not true any more"
    records = [json.loads(line) for line in done.stdout.splitlines()]
    mic.same_units([str(r["unit"]) for r in records if "unit" in r])
    gap, = [r for r in records if "gap" in r]
    assert (gap["lost"], gap["why"]) == (lost, why), gap
    due = 0
    for r in records[1:-1]:
        assert r["i"] == due and r["s"] == due * hop, f"expected {due}: {r}"
        due += r.get("gap", 1)
    assert records[-1]["end"] == due
    after = -(-(sample + lost) // hop)
    assert gap["i"] + gap["gap"] == after, f"the grid has moved: {gap}, expected {after}"


def gap(why, duration_s, *more, kind=None, hop=160, **settings):
    with Microphone(kind=kind) as mic:
        mic.configure(pcm("mic", rate=16000, epoch=mic.folder / "epoch", **settings))
        done = mic.live("-d", "mic", "--duration", duration_s, "--record", "x.wav", "-f", "jsonl",
                        "--stats", "--json", *more)
        check_one_gap(mic, done, why, duration_s, hop)
        return stats_of(done.stderr), done.stderr


def an_overrun_is_a_gap_of_the_right_place_and_length():
    stats, _ = gap("overrun", 2, fault="overrun", at=700, **{"for": 200})
    assert stats["overruns"] == stats["gaps"] == 1 and stats["lost_samples"] > 3000, stats


def a_loss_that_nobody_reports_is_found_by_counting_against_time():
    gap("overrun", 2, fault="skip", at=700, **{"for": 150})


def an_encoder_with_a_stride_keeps_its_time_across_a_gap():
    gap("overrun", 2, kind="encoder", hop=320, fault="overrun", at=700, **{"for": 200})


def a_silent_device_is_opened_again():
    stats, said = gap("device", 3, fault="silent", at=500, **{"for": 900})
    assert stats["reopened"] == 1
    assert said.count("no longer delivers sound") == 1 and said.count("is back") == 1, said


def a_device_whose_clock_stands_is_opened_again():
    gap("device", 3, fault="stall", at=500, **{"for": 900})


def a_device_that_was_pulled_out_is_opened_again():
    gap("device", 3, fault="gone", at=500, **{"for": 1200})


def a_device_that_never_returns_from_a_read_is_left_behind():
    gap("device", 4, fault="block", at=500, **{"for": 600})


def once_ends_where_the_device_dies():
    with Microphone() as mic:
        mic.configure(pcm("mic", rate=16000, epoch=mic.folder / "epoch", fault="gone", at=300,
                          **{"for": 100000}))
        done = mic.live("-d", "mic", "--once", "--record", "x.wav", code=4)
        assert '"mic" no longer delivers sound' in done.stderr
        mic.same_units(ids_of(done.stdout))


def the_default_device_stands_in_where_asked():
    with Microphone() as mic:
        mic.configure(pcm("mic", rate=16000, epoch=mic.folder / "epoch", fault="gone", at=300,
                          **{"for": 100000}),
                      pcm("default", rate=48000, channels=2))
        done = mic.live("-d", "mic", "--fallback", "--duration", 2, "--record", "x.wav")
        assert 'listening to "default", 48000 Hz, 2 channels' in done.stderr
        (sample, lost, why), = gaps_of(mic.folder / "x.wav")
        assert why == "device" and lost > 0
        assert len(samples_of(mic.folder / "x.wav")) + lost == 32000
        mic.same_units(ids_of(done.stdout))


def a_device_that_was_plugged_in_later_is_found():
    with Microphone() as mic:
        late = mic.folder / "late"  # not there: `default` refuses to be opened
        mic.configure(pcm("mic", rate=16000, epoch=mic.folder / "epoch", fault="gone", at=300,
                          **{"for": 1000000}),
                      pcm("default", rate=16000, epoch=late, fault="gone", at=0, **{"for": 1}))
        running = mic.start("-d", "mic", "--fallback")
        said = [running.stderr.readline()]
        while "no longer delivers sound" not in said[-1]:
            said.append(running.stderr.readline())
            assert said[-1], f"ended: {said}"
        late.write_text("1.0")
        assert 'listening to "default"' in running.stderr.readline()
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=PATIENCE_S)
        assert running.returncode == 0


def what_is_wanted_ends_though_the_device_does_not_come_back():
    with Microphone() as mic:
        mic.configure(pcm("mic", rate=16000, epoch=mic.folder / "epoch", fault="gone", at=500,
                          **{"for": 1000000}))
        done = mic.live("-d", "mic", "--duration", 2, "--record", "x.wav", "-f", "jsonl",
                        "--stats", "--json")
        (sample, lost, why), = gaps_of(mic.folder / "x.wav")
        assert sample == len(samples_of(mic.folder / "x.wav")) and sample + lost == 32000
        *records, end = map(json.loads, done.stdout.splitlines())
        assert end["end"] == 200 and records[-1]["why"] == why == "device", records[-1]
        assert stats_of(done.stderr)["lost_samples"] == lost
        told = [json.loads(line) for line in mic.encode("x.wav", "-f", "jsonl").splitlines()]
        assert told[-1]["end"] == 200 and told[-2]["gap"] == records[-1]["gap"], told[-2:]
        mic.same_units([str(r["unit"]) for r in records if "unit" in r])


def a_gap_at_another_rate_counts_samples_of_the_recording():
    with Microphone() as mic:
        mic.configure(pcm("mic", rate=48000, epoch=mic.folder / "epoch", fault="overrun", at=500,
                          **{"for": 150}))
        done = mic.live("-d", "mic", "--duration", 1.5, "--record", "x.wav")
        (sample, lost, why), = gaps_of(mic.folder / "x.wav")
        assert why == "overrun" and abs(sample - 8000) < 1600, f"gap at {sample}"
        assert 2400 <= lost < 8000, f"{lost} samples lost of 0.15 s or a little more"
        assert len(samples_of(mic.folder / "x.wav")) + lost == 24000
        mic.same_units(ids_of(done.stdout))


sys.exit(claims(an_overrun_is_a_gap_of_the_right_place_and_length,
                a_loss_that_nobody_reports_is_found_by_counting_against_time,
                an_encoder_with_a_stride_keeps_its_time_across_a_gap,
                a_silent_device_is_opened_again,
                a_device_whose_clock_stands_is_opened_again,
                a_device_that_was_pulled_out_is_opened_again,
                a_device_that_never_returns_from_a_read_is_left_behind,
                once_ends_where_the_device_dies,
                the_default_device_stands_in_where_asked,
                a_device_that_was_plugged_in_later_is_found,
                what_is_wanted_ends_though_the_device_does_not_come_back,
                a_gap_at_another_rate_counts_samples_of_the_recording))
