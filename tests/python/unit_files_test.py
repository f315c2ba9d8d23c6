# SPDX-License-Identifier: MIT
"""Unit files from Python are those of the command, and what is read is what was written."""
import sys
import warnings

from package import (DATA, SCRATCH, WAV, claims, command, model_file, models, np, rejected, same, speech, voq)

RECORDINGS = [DATA / "5652-19215-0010.flac", WAV]
FORMATS = ("gslm", "km", "units", "units-names", "npy", "ark", "jsonl", "ctm", "textgrid", "fileid")


def content(path):
    if path.is_dir():
        return {file.name: file.read_bytes() for file in path.iterdir()}
    return path.read_bytes()


def every_format_has_the_bytes_of_the_command():
    for model in (voq.load("lda-100"), models()["encoder"]):
        units = dict(model.encode_files(RECORDINGS))
        for format in FORMATS:
            ours, theirs = (SCRATCH / f"{who}-{format}-{model.hash}" for who in ("ours", "theirs"))
            command("encode", "-q", "-m", model_file(model), "-f", format, "-o", theirs, *RECORDINGS)
            voq.write_units(ours, units, format=format, model=model)
            assert content(ours) == content(theirs), f"{format} differs"


def several_codebooks_have_the_bytes_of_the_command():
    model = models()["residual"]
    for format in ("npy", "jsonl", "textgrid"):
        command("encode", "-q", "-m", model_file(model), "-f", format, "-o", SCRATCH / f"q-{format}", *RECORDINGS)
        voq.write_units(SCRATCH / f"p-{format}", model.encode_files(RECORDINGS), format, model)
        assert content(SCRATCH / f"p-{format}") == content(SCRATCH / f"q-{format}"), format
    rejected(lambda: voq.write_units(SCRATCH / "x.gslm", {"a": [[1, 2]]}), "codebook")


def options_are_those_of_convert():
    units = {"a": [3, 3, 17, 17, 42], "b": []}
    voq.write_units(SCRATCH / "d.km", units, dedup=True, dict=SCRATCH / "dict.txt", model=voq.load("lda-100"))
    assert (SCRATCH / "d.km").read_text() == "3 17 42\n\n"
    assert (SCRATCH / "dict.txt").read_text().startswith("0 1\n1 1\n")
    voq.write_units(SCRATCH / "u.txt", units, "units-names", durations=True, dedup=True)
    assert (SCRATCH / "u.txt").read_text() == "a\t3 17 42\nb\t\n"
    same(voq.read_units(SCRATCH / "u.txt", from_="units-names")["a"], units["a"])
    voq.write_units(SCRATCH / "e.npy", {"a": units["a"]}, npy_type="i8")
    assert np.load(SCRATCH / "e.npy").dtype == np.int64
    rejected(lambda: voq.write_units(SCRATCH / "x.km", units, nothing=True), "nothing")
    for name in ("output", "quiet", "from_"):
        rejected(lambda: voq.write_units(SCRATCH / "x.km", units, **{name: "x"}), name.rstrip("_"))


def what_is_written_is_read():
    model = voq.load("lda-100")
    units = dict(model.encode_files(RECORDINGS))
    for format in ("gslm", "units-names", "npy", "ark", "jsonl", "ctm", "textgrid", "fileid"):
        path = SCRATCH / f"read-{format}"
        voq.write_units(path, units, format, model)
        how = {} if format in ("npy", "textgrid") else {"from_": format}
        how.update({"hop": 160, "rate": 16000} if format in ("ctm", "textgrid") else {})
        found = voq.read_units(path, **how)
        assert sorted(found) == sorted(units), f"{format}: {list(found)}"
        for name in units:
            assert found[name].dtype == np.uint32
            same(found[name], units[name], f"{format}, {name}")
    residual = models()["residual"]
    voq.write_units(SCRATCH / "r.jsonl", {"a": residual.encode(WAV)}, model=residual)
    same(voq.read_units(SCRATCH / "r.jsonl")["a"], residual.encode(WAV))


def a_suffix_selects_the_format():
    voq.write_units(SCRATCH / "s.ark", {"a": [1, 2]})
    assert (SCRATCH / "s.ark").read_bytes().startswith(b"a \0B")
    same(voq.read_units(SCRATCH / "s.ark")["a"], [1, 2])


def gaps_are_left_out_with_a_warning():
    (SCRATCH / "g.jsonl").write_text('{"voq":1,"k":9,"hop":160,"rate":16000,"utt":"a"}\n{"i":0,"unit":1}\n'
                                     '{"i":1,"gap":5}\n{"i":6,"unit":2}\n{"end":7}\n')
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        same(voq.read_units(SCRATCH / "g.jsonl")["a"], [1, 2])
    assert len(seen) == 1 and "1 gap" in str(seen[0].message) and seen[0].filename == __file__


def bad_files_and_names_are_rejected_in_the_words_of_the_command():
    (SCRATCH / "bad.gslm").write_text("a|1 x\n")
    rejected(lambda: voq.read_units(SCRATCH / "bad.gslm"), "bad.gslm:1")
    rejected(lambda: voq.read_units(SCRATCH / "absent.gslm"), "absent.gslm")
    rejected(lambda: voq.read_units("a\0"), "zero")
    rejected(lambda: voq.write_units(SCRATCH / "x.gslm", {"a|b": [1]}), "a|b")
    rejected(lambda: voq.write_units("/no/such/x.gslm", {"a": [1]}), "/no/such")
    rejected(lambda: voq.write_units(SCRATCH / "x.gslm", {"a": [-1]}), "-1")
    rejected(lambda: voq.write_units(SCRATCH / "x.gslm", {"a": [1], "b": ["x"]}))
    rejected(lambda: voq.write_units(SCRATCH / "x.gslm", {"a": [1]}, format="nothing"), "nothing")
    assert not (SCRATCH / "x.gslm").exists()


def nothing_to_write_is_rejected_or_written():
    voq.write_units(SCRATCH / "empty.gslm", {"a": []})
    assert (SCRATCH / "empty.gslm").read_text() == "a|\n"
    same(voq.read_units(SCRATCH / "empty.gslm")["a"], np.zeros(0, np.uint32))


def labels_stand_beside_units():
    from model_object_test import trained_with_labels
    model = trained_with_labels()
    command("encode", "-q", "-m", model_file(model), "-f", "ctm", "--labels", "-o", SCRATCH / "labels.ctm", WAV)
    voq.write_units(SCRATCH / "ours.ctm", model.encode_files([WAV]), "ctm", model, labels=True)
    assert content(SCRATCH / "ours.ctm") == content(SCRATCH / "labels.ctm")


def runs_are_joined_and_restored():
    for ids in ([], [5], [3, 3, 17, 17, 42], np.tile([1, 2], 50), [[1, 2], [1, 2], [1, 3]]):
        units, durations = voq.dedup(ids)
        same(np.repeat(units, durations, axis=0), ids)
        assert units.dtype == np.uint32 and (durations > 0).all() and len(units) == len(durations)
    same(voq.dedup([3, 3, 17])[0], [3, 17]), same(voq.dedup([3, 3, 17])[1], [2, 1])
    for ids in ([-1], [0.5], 3, None, [[[1]]]):
        rejected(lambda: voq.dedup(ids))


def text_is_that_of_the_command():
    model = voq.load("phone-256")
    line = command("encode", "-q", WAV).decode().rstrip("\n").split("|")[1]
    assert voq.to_text(model.encode(WAV)) == line
    assert voq.to_text([3, 3, 17], dedup=True) == "3 17" and voq.to_text([]) == ""
    assert voq.to_text([1, 2], separator=",") == "1,2"
    rejected(lambda: voq.to_text([[1, 2]]))


def a_plot_has_the_units_at_their_times():
    from package import optional
    optional("matplotlib").use("Agg")
    import matplotlib.pyplot as plt
    model, x = voq.load("lda-100"), speech()
    ids = model.encode(x)
    ax = voq.plot(x, ids, model=model, phones=[(0.0, 0.5, "AH"), (0.5, 1.0, "S")])
    assert len(ax.patches) == len(voq.dedup(ids)[0]) + 2
    assert ax.get_xlim() == (0, max(x.size / 16000, len(ids) * 0.01))
    assert ax.patches[0].get_width() == 0.01 * voq.dedup(ids)[1][0]
    ax.figure.savefig(SCRATCH / "plot.png")
    plt.close("all")
    voq.plot(x[:0], [], ax=plt.figure().subplots())
    voq.plot(x, models()["residual"].encode(x))
    rejected(lambda: voq.plot(np.zeros((2, 9)), ids)), rejected(lambda: voq.plot(x, [0.5]))
    sys.modules["matplotlib.pyplot"] = None
    rejected(lambda: voq.plot(x, ids), "voq[plot]")


sys.exit(claims(every_format_has_the_bytes_of_the_command, several_codebooks_have_the_bytes_of_the_command,
                options_are_those_of_convert, what_is_written_is_read, a_suffix_selects_the_format,
                gaps_are_left_out_with_a_warning, bad_files_and_names_are_rejected_in_the_words_of_the_command,
                nothing_to_write_is_rejected_or_written, labels_stand_beside_units, runs_are_joined_and_restored,
                text_is_that_of_the_command, a_plot_has_the_units_at_their_times))
