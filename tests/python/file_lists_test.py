# SPDX-License-Identifier: MIT
"""encode_files: many recordings on several threads, in the order in which they were passed, and none lost silently."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

from package import (DATA, SCRATCH, WAV, claims, command, model_file, models, np, quiet, recordings, rejected, same,
                     speech, voq, write_wav)

RECORDINGS = [*recordings(), *sorted(DATA.glob("*.opus"))]


def units_and_order_are_those_of_the_command():
    paths = RECORDINGS[::-1]
    for name, model in models().items():
        if model.info["n_codebook"] > 1:
            continue
        lines = command("encode", "-q", "-m", model_file(model), *paths).decode().splitlines()
        for jobs in (1, 4):
            found = list(model.encode_files(paths, jobs=jobs))
            assert [f"{key}|{voq.to_text(units)}" for key, units in found] == lines, name


def several_codebooks_have_the_units_of_one_recording():
    model = models()["residual"]
    for (name, units), path in zip(model.encode_files(RECORDINGS), RECORDINGS):
        assert name == path.stem and units.dtype == np.uint32
        same(units, model.encode(path))


def recordings_may_be_repeated_and_named_by_path():
    paths = [str(WAV), WAV, os.path.relpath(WAV)]
    model = voq.load("lda-100")
    found = list(model.encode_files(paths, names="path"))
    assert [name for name, _ in found] == list(map(str, paths))
    rejected(lambda: model.encode_files(paths), WAV.stem, 'names="path"')


def names_of_files_may_have_any_letters():
    folder = SCRATCH / "names"
    folder.mkdir()
    names = ["a b", "ü é", "tab\tand\nline", "-o", "--help", "[x]*?", "%41", "quote\"'\\", "x" * 200, "a|b", "日本"]
    paths = [shutil.copy(WAV, folder / (name + ".wav")) for name in names]
    model = voq.load("lda-100")
    expected = model.encode(WAV)
    assert [name for name, units in model.encode_files(paths) if np.array_equal(units, expected)] == names
    for path in paths:
        same(model.encode(path), expected)
    home = os.getcwd()
    os.chdir(folder)
    try:
        same(model.encode("-o.wav"), expected)
        rejected(lambda: model.encode("-"))
    finally:
        os.chdir(home)
    rejected(lambda: model.encode(os.fsencode(folder) .decode() + "/\udcff.wav"), "UTF-8")
    rejected(lambda: model.encode("a\0.wav"), "zero")


def broken(folder):
    """Good recordings with broken ones between, and what is wrong with each of those."""
    good = [write_wav(f"{folder}/{i}.wav", speech()[i * 400:]) for i in range(3)]
    absent, text, cut, here = (SCRATCH / folder / name for name in ("absent.wav", "text.wav", "cut.flac", "folder"))
    text.write_text("no audio")
    cut.write_bytes((DATA / "5652-19215-0032.flac").read_bytes()[:20000])
    here.mkdir()
    return [absent, good[0], text, cut, good[1], here, good[2]], good, cut


def a_recording_that_fails_raises_at_its_turn():
    (SCRATCH / "raise").mkdir()
    paths, good, cut = broken("raise")
    model = voq.load("lda-100")
    for path in paths:
        generator, seen = model.encode_files([good[0], path, good[1]], names="path"), []
        if path in good:
            assert len(list(generator)) == 3
            continue
        seen.append(next(generator)[0])
        sentence = rejected(lambda: next(generator), str(path), kinds=voq.Error)
        assert seen == [str(good[0])] and sentence == rejected(lambda: model.encode(path), kinds=voq.Error)
    rejected(lambda: model.encode(cut), "8192 of 39680")


def failures_may_be_warnings_and_what_was_read_is_kept():
    (SCRATCH / "warn").mkdir()
    paths, good, cut = broken("warn")
    model = voq.load("lda-100")
    for jobs in (1, 3):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            found = dict(model.encode_files(paths, errors="warn", jobs=jobs))
        assert list(found) == ["0", "cut", "1", "2"]
        same(found["cut"], model.encode(speech()[:8192]))
        assert [str(path) for path in paths if path not in good] == [str(w.message).split(":")[0] for w in seen]
        assert {w.filename for w in seen} == {__file__}


def every_failure_of_a_repeated_or_strangely_named_recording_is_reported():
    folder = SCRATCH / "strange"
    folder.mkdir()
    cut = folder / "cut\n\u202e\t.flac"
    cut.write_bytes((DATA / "5652-19215-0032.flac").read_bytes()[:20000])
    paths = [cut, WAV, cut, folder / "absent", cut, folder / "absent"]
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        found = list(voq.load("lda-100").encode_files(paths, errors="warn", names="path"))
    assert len(found) == 4
    wanted = ["8192 of 39680", "8192 of 39680", "absent: cannot be opened", "8192 of 39680", "absent: cannot be opened"]
    assert len(seen) == 5 and all(text in str(w.message) for w, text in zip(seen, wanted)), list(map(str, seen))


def a_killed_command_is_an_error():
    from voq import _command
    plain, started = _command.start, []
    _command.start = lambda *arguments: started.append(plain(*arguments)) or started[-1]
    try:
        generator = voq.load("lda-100").encode_files(RECORDINGS * 200, names="path")
        next(generator)
        started[0].kill()
        rejected(lambda: list(generator), "exit code -9", kinds=voq.Error)
    finally:
        _command.start = plain


def relative_paths_are_those_of_the_caller():
    model, home = voq.load("lda-100"), os.getcwd()
    expected = model.encode(WAV)
    os.chdir(WAV.parent)
    try:
        same(model.encode(WAV.name), expected)
        rejected(lambda: model.encode("absent.wav"), "absent.wav: ")
    finally:
        os.chdir(home)


def a_recording_with_lost_samples_keeps_the_units_of_the_command():
    path = write_wav("lost.wav", speech())
    pathlib.Path(str(path) + ".gaps").write_text("16000\t1600\tx\n")
    model = voq.load("phone-256")
    line = command("encode", "-q", path).decode()
    assert f"lost|{voq.to_text(model.encode(path))}\n" == line
    pathlib.Path(str(path) + ".gaps").write_text("junk\n")
    rejected(lambda: model.encode(path), "lost.wav.gaps")


def vectors_are_read_from_files_too():
    model = voq.Model.from_codebook(np.eye(3))
    np.save(SCRATCH / "v.npy", np.eye(3, dtype=np.float32)[::-1])
    same(model.encode(SCRATCH / "v.npy"), [2, 1, 0])


def progress_is_counted():
    calls = []
    paths = RECORDINGS[:3]
    list(voq.load("lda-100").encode_files(paths, progress=lambda done, total: calls.append((done, total))))
    assert calls == [(1, 3), (2, 3), (3, 3)]
    code = f"import voq; list(voq.load('lda-100').encode_files({list(map(str, paths))}, progress=True))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    shown = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, check=True,
                           env=environment)
    assert "3 of 3" in shown.stderr and not shown.stdout, shown


def nothing_is_left_when_the_loop_ends_early():
    folder = tempfile.mkdtemp(dir=SCRATCH)
    plain, tempfile.tempdir = tempfile.tempdir, folder
    try:
        for _, units in voq.load("lda-100").encode_files(RECORDINGS * 50, names="path"):
            assert os.listdir(folder)
            break
        children = subprocess.run(["ps", "--no-headers", "-o", "pid", "--ppid", str(os.getpid())], capture_output=True,
                                  text=True, check=False).stdout.split() if shutil.which("ps") else []
        assert len(children) <= 1, "the command goes on"
        assert not os.listdir(folder)
    finally:
        tempfile.tempdir = plain


def no_path_gives_nothing_and_one_path_is_no_list():
    model = voq.load("lda-100")
    assert list(model.encode_files([])) == [] and list(model.encode_files(iter([]))) == []
    for arguments in ([str(WAV)], [WAV], [b"x"]):
        rejected(lambda: model.encode_files(*arguments), "list")
    for options in ({"errors": "ignore"}, {"names": "x"}, {"jobs": -1}, {"jobs": 1.5}, {"jobs": True}):
        rejected(lambda: model.encode_files([WAV], **options), next(iter(options)))


def two_loops_at_once_do_not_mix():
    one, other = voq.load("lda-100"), voq.load("mfcc-500")
    for (_, a), (_, b), path in zip(one.encode_files(RECORDINGS), other.encode_files(RECORDINGS), RECORDINGS):
        same(a, one.encode(path)), same(b, other.encode(path))


def without_the_command_arrays_work_and_paths_name_what_is_missing():
    from voq import _places
    plain = _places.command
    _places.command = lambda: None
    try:
        assert len(voq.load("lda-100").encode(speech())) == 248
        with quiet():
            rejected(lambda: voq.load("lda-100").encode(WAV), "the command voq")
    finally:
        _places.command = plain


sys.exit(claims(units_and_order_are_those_of_the_command, several_codebooks_have_the_units_of_one_recording,
                recordings_may_be_repeated_and_named_by_path, names_of_files_may_have_any_letters,
                a_recording_that_fails_raises_at_its_turn, failures_may_be_warnings_and_what_was_read_is_kept,
                every_failure_of_a_repeated_or_strangely_named_recording_is_reported, a_killed_command_is_an_error,
                relative_paths_are_those_of_the_caller, a_recording_with_lost_samples_keeps_the_units_of_the_command,
                vectors_are_read_from_files_too, progress_is_counted, nothing_is_left_when_the_loop_ends_early,
                no_path_gives_nothing_and_one_path_is_no_list, two_loops_at_once_do_not_mix,
                without_the_command_arrays_work_and_paths_name_what_is_missing))
