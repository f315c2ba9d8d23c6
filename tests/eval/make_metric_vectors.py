#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the vectors that `voq eval` is tested with: inputs and expected numbers, in vectors/.

An implementation of its own, in NumPy and exact fractions, of the definitions that the manual
voq-eval(1) gives: nothing here is shared with tools/eval. Needs numpy 2; run it in this folder.
The tests read what it wrote and need neither."""
import itertools
import json
import math
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np

OUT = Path("vectors")
SILENT = {"", "sil", "sp", "spn", "nsn", "pau", "h#", "#h", "epi", "<eps>", "<sil>", "<p:>"}


def is_silent(label):
    return label.lower() in SILENT


def clean(label):
    if label[-2:] in ("_B", "_I", "_E", "_S"):
        label = label[:-2]
    if len(label) > 1 and label[-1] in "012" and label[-2].isascii() and label[-2].isalpha():
        label = label[:-1]
    return label


def micro(text):
    return Fraction(math.floor(Fraction(text) * 10**6 + Fraction(1, 2)), 10**6)


# ------------------------------------------------------------------ labels of frames

def label_at(intervals, t):
    """The label at time t: of the covering interval that starts last."""
    best = None
    for interval in sorted(intervals):
        if interval[0] <= t < interval[1]:
            best = interval[2]
    return best


def pairs_of(units, intervals, case):
    """[(unit, label)] of one utterance, trimmed frames, unlabelled frames."""
    step = Fraction(case["hop"], case["rate"])
    trimmed = 0
    if case.get("grid"):
        grid = Fraction(case["grid"], 10**6)
        times = step / grid
        padded = units[:1] * case.get("pad", 0) + units + units[-1:] * case.get("pad", 0)
        units = [u for u in padded for _ in range(int(case.get("upsample") or times))]
        n = int(max(sorted(intervals)[-1][1], 0) // grid)
        labels = [label_at(intervals, (i + Fraction(1, 2)) * grid) for i in range(n)]
        trimmed = abs(len(units) - n)
    else:
        labels = [label_at(intervals, (i + Fraction(1, 2)) * step) for i in range(len(units))]
    both = list(zip(units, labels))
    kept = [(u, p) for u, p in both if p is not None]
    return kept, trimmed, len(both) - len(kept)


# ------------------------------------------------------------------ information

def H(counter):
    n = sum(counter.values())
    return math.fsum(-c / n * math.log(c / n) for c in counter.values()) + 0.0 if n else 0.0


def information(pairs):
    """I(a; b) in nats as H(a) + H(b) - H(a, b)."""
    a, b = Counter(x for x, _ in pairs), Counter(y for _, y in pairs)
    return H(a) + H(b) - H(Counter(pairs)) if len(a) > 1 and len(b) > 1 else 0.0


def divide(a, b):
    return a / b if b > 0 else None


def agreement(pairs):
    if not pairs:
        return {"frames": 0}
    n, joint = len(pairs), Counter(pairs)
    units, phones = Counter(u for u, _ in pairs), Counter(p for _, p in pairs)
    mi, hp, hu = information(pairs), H(phones), H(units)
    smooth = math.fsum(c / n * math.log((c / n) / (units[u] / n * phones[p] / n) + 1e-8)
                       for (u, p), c in joint.items())
    smooth_h = math.fsum(-c / n * math.log(c / n + 1e-8) for c in phones.values())
    return {
        "frames": n, "phones": len(phones), "units": len(units),
        "phone_purity": sum(max(c for (v, _), c in joint.items() if v == u) for u in units) / n,
        "cluster_purity": sum(max(c for (_, q), c in joint.items() if q == p) for p in phones) / n,
        "mi_nats": mi, "h_phone_nats": hp, "h_unit_nats": hu, "h_phone_given_unit_nats": hp - mi,
        "pnmi": divide(mi, hp), "completeness": divide(mi, hu), "v_measure": divide(2 * mi, hp + hu),
        "pnmi_fairseq": smooth / smooth_h if len(phones) > 1 else None}


def speaker(rows):
    """rows: (speaker, unit, phone)"""
    if not rows:
        return {"frames": 0}
    n, joint = len(rows), [(s, u) for s, u, _ in rows]
    speakers, units = {s for s, _ in joint}, {u for _, u in joint}
    given = math.fsum(len(g) / n * information(g)
                      for p in {r[2] for r in rows}
                      for g in [[(s, u) for s, u, q in rows if q == p]])
    mi = information(joint)
    return {"speakers": len(speakers), "mi_nats": mi,
            "nmi_speaker": divide(mi, H(Counter(s for s, _ in joint))),
            "mi_bias_nats": (len(set(joint)) - len(speakers) - len(units) + 1) / (2 * n),
            "mi_given_phone_nats": given}


# ------------------------------------------------------------------ the unit stream

def runs(u):
    return [x for x, _ in itertools.groupby(u)]


def usage(units, case):
    flat = [x for u in units.values() for x in u]
    if not flat:
        return {"frames": 0}
    dedup = [x for u in units.values() for x in runs(u)]
    pairs = [p for u in units.values() for p in zip(u, u[1:])]
    seconds = len(flat) * case["hop"] / case["rate"]
    bits, dedup_bits = H(Counter(flat)) / math.log(2), H(Counter(dedup)) / math.log(2)
    nominal, per_second = math.log2(case["codes"]), len(dedup) / seconds
    return {
        "frames": len(flat), "seconds": seconds, "codes": case["codes"],
        "codes_used": len(set(flat)), "codes_dead": case["codes"] - len(set(flat)),
        "entropy_bits": bits, "perplexity": 2**bits, "entropy_dedup_bits": dedup_bits,
        "conditional_entropy_bits":
            (H(Counter(pairs)) - H(Counter(a for a, _ in pairs))) / math.log(2) if pairs else None,
        "runs": len(dedup), "mean_run_frames": len(flat) / len(dedup), "runs_per_second": per_second,
        "bitrate_frame": bits * case["rate"] / case["hop"], "bitrate_dedup": dedup_bits * per_second,
        "bitrate_nominal": nominal * case["rate"] / case["hop"],
        "bitrate_nominal_dedup": nominal * per_second}


def levenshtein(a, b):
    table = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    table[:, 0], table[0] = range(len(a) + 1), range(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1,
                              table[i - 1, j - 1] + (a[i - 1] != b[j - 1]))
    return int(table[-1, -1])


def edit_distance(units, changed):
    names = [n for n in units if n in changed and units[n]]
    each = [(levenshtein(runs(units[n]), runs(changed[n])), len(runs(units[n]))) for n in names]
    return {"utterances": len(each),
            "ued_mean": 100 * sum(d / n for d, n in each) / len(each) if each else None,
            "ued_pooled": 100 * sum(d for d, _ in each) / sum(n for _, n in each) if each else None}


# ------------------------------------------------------------------ boundaries

def most_pairs(a, b, tolerance):
    """Largest one-to-one matching of two sorted lists, by dynamic programming over both."""
    best = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            near = abs(a[i - 1] - b[j - 1]) <= tolerance
            best[i, j] = max(best[i - 1, j], best[i, j - 1], best[i - 1, j - 1] + near)
    return int(best[-1, -1])


def scores(hit_hyp, hit_ref, ref, hyp):
    out = {"ref": ref, "hyp": hyp, "hit_hyp": hit_hyp, "hit_ref": hit_ref}
    if ref:
        p, r = divide(hit_hyp, hyp), hit_ref / ref
        over = r / p - 1 if p else hyp / ref - 1
        out.update(precision=p, recall=r, f1=2 * p * r / (p + r) if p and r else 0.0,
                   over_segmentation=over,
                   r_value=1 - (math.sqrt((1 - r)**2 + over**2)
                                + abs(r - 1 - over) / math.sqrt(2)) / 2)
    return out


def boundaries(units, phones, case, speech):
    tolerance, total = 20000, np.zeros(5, dtype=int)
    for name in sorted(set(units) & set(phones)):
        merged = []
        for start, end, label in sorted(phones[name]):
            if merged and is_silent(label) and is_silent(merged[-1][2]) and merged[-1][1] == start:
                merged[-1] = (merged[-1][0], end, label)
            else:
                merged.append((start, end, label))
        times = sorted({t * 10**6 for m in merged for t in m[:2]})
        ref = times[1:-1]
        u = units[name]
        hyp = [math.floor(Fraction(i * case["hop"] * 10**6, case["rate"]) + Fraction(1, 2))
               for i in range(1, len(u)) if u[i] != u[i - 1]]
        if speech:
            hyp = [t for t in hyp
                   if not any(is_silent(m[2]) and m[0] * 10**6 + tolerance < t < m[1] * 10**6 - tolerance
                              for m in merged)]
        near = lambda x, y: sum(1 for s in x if any(abs(s - t) <= tolerance for t in y))
        total += [most_pairs(ref, hyp, tolerance), near(hyp, ref), near(ref, hyp), len(ref), len(hyp)]
    strict, by_hyp, by_ref, n_ref, n_hyp = map(int, total)
    return {"strict": scores(strict, strict, n_ref, n_hyp), "lenient": scores(by_hyp, by_ref, n_ref, n_hyp)}


# ------------------------------------------------------------------ ABX

def frame_distance(kind, p, q):
    if kind == "identical":
        return float(p != q)
    p, q = np.asarray(p, dtype=np.float64), np.asarray(q, dtype=np.float64)
    if kind == "euclidean":
        return float(np.linalg.norm(p - q))
    if kind == "kl_symmetric":
        return float(0.5 * np.sum((p - q) * (np.log(p + 1e-6) - np.log(q + 1e-6))))
    np_, nq = np.linalg.norm(p), np.linalg.norm(q)
    if np_ == 0 or nq == 0:
        return 0.0 if np_ == nq else 1.0
    return math.acos(min(1.0, max(-1.0, float(p @ q) / (np_ * nq)))) / math.pi


def warped(kind, x, y):
    """DTW with the whole table and a path that is traced back."""
    n, m = len(x), len(y)
    cost = np.full((n, m), np.inf)
    for i in range(n):
        for j in range(m):
            before = [cost[i - 1, j] if i else np.inf, cost[i, j - 1] if j else np.inf,
                      cost[i - 1, j - 1] if i and j else np.inf]
            cost[i, j] = frame_distance(kind, x[i], y[j]) + (min(before) if i or j else 0.0)
    i, j, length = n - 1, m - 1, 1
    while i or j:
        if not i:
            j -= 1
        elif not j:
            i -= 1
        else:
            up, left, diagonal = cost[i - 1, j], cost[i, j - 1], cost[i - 1, j - 1]
            if diagonal <= up and diagonal <= left:
                i, j = i - 1, j - 1
            elif left <= up:
                j -= 1
            else:
                i -= 1
        length += 1
    return cost[-1, -1] / length


def slice_of(onset, offset, case):
    """Frames with their centre in [onset, offset]."""
    per_second = Fraction(case["rate"], case["hop"])
    half = Fraction(1, 2)
    return math.ceil(onset * per_second - half), math.floor(offset * per_second - half) + 1


def abx(kind, tokens, across, any_context):
    """tokens: (frames, context, phone, speaker)"""
    memory = {}

    def d(i, j):
        if (i, j) not in memory:
            memory[i, j] = warped(kind, tokens[i][0], tokens[j][0])
        return memory[i, j]

    cells = {}  # (phone a, phone b, speaker a) -> {(context, speaker x): [score of a triplet]}
    for x, a, b in itertools.product(range(len(tokens)), repeat=3):
        (_, cx, px, sx), (_, ca, pa, sa), (_, cb, pb, sb) = tokens[x], tokens[a], tokens[b]
        same_context = any_context or cx == ca == cb
        if x == a or px != pa or pa == pb or sa != sb or (sx != sa) != across or not same_context:
            continue
        score = 0.0 if d(x, a) < d(x, b) else 0.5 if d(x, a) == d(x, b) else 1.0
        cell = ("" if any_context else cx, sx)
        cells.setdefault((pa, pb, sa), {}).setdefault(cell, []).append(score)
    by_pair = {}
    for (pa, pb, _), groups in cells.items():
        by_pair.setdefault((pa, pb), []).append(np.mean([np.mean(g) for g in groups.values()]))
    return float(np.mean([np.mean(v) for v in by_pair.values()])) if by_pair else None


def abx_scores(kind, items, series, case):
    tokens, skipped = [], 0
    for name, onset, offset, phone, before, after, who in items:
        first, end = slice_of(Fraction(onset), Fraction(offset), case)
        frames = series.get(name, [])[max(first, 0):max(end, 0)]
        if len(frames):
            tokens.append((frames, (before, after), phone, who))
        else:
            skipped += 1
    return {"items": len(tokens), "skipped": skipped, "distance": kind,
            **{f"{'across' if a else 'within'}_speaker_{'any' if c else 'within'}_context":
               abx(kind, tokens, a, c) for a in (False, True) for c in (False, True)}}


# ------------------------------------------------------------------ cases

def write_units(name, units):
    text = "".join(f"{n}|{' '.join(map(str, u))}\n" for n, u in units.items())
    (OUT / name).write_text(text)


def write_case(name, case, units, ctm, speakers=None, changed=None, items=None, series=None):
    """Writes NAME.json: the arguments of `voq eval`, run in vectors/, and what it must say."""
    arguments = ["--units", f"{case['files']}.gslm", "--phones", f"{case['files']}.ctm"]
    for key in ("hop", "rate", "codes", "grid", "upsample", "pad"):
        if case.get(key):
            arguments += [f"--{key}", str(case[key])]
    phones = {}
    for utt, start, duration, label in ctm:
        phones.setdefault(utt, []).append(
            (micro(start), micro(start) + micro(duration), clean(label)))
    rows, note = [], {"missing": len(set(phones) - set(units)),
                      "ignored": len(set(units) - set(phones)), "trimmed_frames": 0,
                      "unlabelled_frames": 0}
    for utt in sorted(set(units) & set(phones)):
        kept, trimmed, unlabelled = pairs_of(units[utt], phones[utt], case)
        note["trimmed_frames"] += trimmed
        note["unlabelled_frames"] += unlabelled
        rows += [((speakers or {}).get(utt, utt.split("-")[0]), u, p) for u, p in kept]
    expected = {
        "pairing": note,
        "all": agreement([(u, p) for _, u, p in rows]),
        "speech": agreement([(u, p) for _, u, p in rows if not is_silent(p)]),
        "usage": usage(units, case),
        "boundaries": {"all": boundaries(units, phones, case, False),
                       "speech": boundaries(units, phones, case, True)},
        "speaker": speaker(rows)}
    if speakers:
        arguments += ["--speakers", f"{case['files']}.utt2spk"]
    if changed is not None:
        arguments += ["--changed", f"{case['files']}.changed.gslm"]
        expected["ued"] = edit_distance(units, changed)
    if items:
        arguments += ["--items", f"{case['files']}.item", "--any-context"]
        expected["abx"] = abx_scores("identical", items, units, case)
    if series:
        arguments += ["--features", case["features"], "--distance", case["distance"]]
        expected["abx_features"] = abx_scores(case["distance"], items, series, case)
    (OUT / f"{name}.json").write_text(
        json.dumps({"arguments": arguments, "expected": expected}, indent=1) + "\n")


def write_ctm(name, ctm):
    (OUT / name).write_text("".join(f"{u} 1 {s} {d} {p}\n" for u, s, d, p in ctm))


def write_items(name, items):
    (OUT / name).write_text("#file onset offset #phone prev-phone next-phone speaker\n"
                            + "".join(" ".join(i) + "\n" for i in items))


def worked_example():
    units = {"s1-a": [5, 5, 5, 0, 0, 5, 1, 1, 1, 2, 2, 3, 3, 5, 5], "s2-a": [5, 5, 1, 1, 4, 4, 3, 3, 3, 5]}
    changed = {"s1-a": [5, 5, 5, 0, 0, 5, 1, 1, 2, 2, 4, 3, 3, 5, 5], "s2-a": [5, 5, 1, 1, 1, 1, 3, 3, 3, 5]}
    ctm = [("s1-a", "0.00", "0.06", "SIL"), ("s1-a", "0.06", "0.04", "AH1"), ("s1-a", "0.10", "0.03", "T"),
           ("s1-a", "0.13", "0.02", "SIL"), ("s2-a", "0.00", "0.02", "SIL"), ("s2-a", "0.02", "0.04", "AH0"),
           ("s2-a", "0.06", "0.03", "T"), ("s2-a", "0.09", "0.01", "SIL")]
    write_units("example.gslm", units)
    write_units("example.changed.gslm", changed)
    write_ctm("example.ctm", ctm)
    write_case("example", {"files": "example", "hop": 160, "rate": 16000, "codes": 8}, units, ctm,
               changed=changed)

    units = {"s1-x": [1, 1, 2, 2, 3, 3, 1, 2, 2, 1, 3], "s2-x": [1, 2, 3, 3]}
    ctm = [("s1-x", "0", "0.11", "AH"), ("s2-x", "0", "0.04", "AH")]
    items = [("s1-x", "0.00", "0.03", "AH"), ("s1-x", "0.06", "0.09", "AH"), ("s1-x", "0.04", "0.06", "T"),
             ("s1-x", "0.09", "0.11", "T"), ("s2-x", "0.00", "0.02", "AH"), ("s2-x", "0.02", "0.04", "T")]
    items = [i + ("SIL", "SIL", i[0][:2]) for i in items]
    write_units("abx-example.gslm", units)
    write_ctm("abx-example.ctm", ctm)
    write_items("abx-example.item", items)
    write_case("abx-example", {"files": "abx-example", "hop": 160, "rate": 16000, "codes": 4}, units, ctm,
               items=items)

    units, ctm = {"u": [1, 2, 2]}, [("u", "0", "0.03", "AH"), ("u", "0.03", "0.04", "T")]
    write_units("grid-example.gslm", units)
    write_ctm("grid-example.ctm", ctm)
    case = {"files": "grid-example", "hop": 320, "rate": 16000, "codes": 3}
    write_case("grid-example-centre", case, units, ctm)
    write_case("grid-example-grid", {**case, "grid": 10000}, units, ctm)


def random_case(rng, name, hop, rate, codes, distance):
    """Labels with stress and word position, gaps, overlaps, doubled phones; missing, ignored and
    empty utterances; items that lie partly or wholly outside."""
    labels = ["AH1", "AH0_B", "T_E", "S", "IY2", "N_I", "SIL", "sp", "SPN", "<eps>", "K"]
    units, ctm, changed, speakers, items = {}, [], {}, {}, []
    for k in range(9):
        utt, t = f"s{k % 3 + 1}-{k}", 0
        n = 0 if k == 7 else int(rng.integers(30, 60))
        u = np.repeat(rng.integers(0, codes - 2, n), rng.integers(1, 5, n))[:n]
        if k != 8:
            units[utt] = u.tolist()
        changed[utt] = [int(x) for x in u if rng.random() > 0.1]
        if k == 2:
            speakers[utt] = "s9"
        end = n * hop * 1000 // rate + 40
        before = "SIL"
        while t < end and k != 6:
            d = int(rng.integers(2, 13)) * 10
            label = str(rng.choice(labels))
            ctm.append((utt, f"{t / 1000:.2f}", f"{d / 1000:.2f}", label))
            if not is_silent(clean(label)):
                jitter = int(rng.integers(-50, 50)) if t else 0
                items.append((utt, f"{t / 1000 + jitter / 10000:.4f}", f"{(t + d) / 1000:.4f}", clean(label),
                              str(rng.choice(["SIL", "AH"])), "SIL", speakers.get(utt, utt[:2])))
            t += d + int(rng.choice([0, 0, 0, 0, 20, -10]))
    del speakers["s3-2"]
    speakers["s1-0"] = "s9"
    series = {u: rng.standard_normal((len(v), 5)).astype(np.float32) for u, v in units.items()}
    if distance == "kl_symmetric":
        series = {u: (np.abs(x) + 0.1).astype(np.float32) for u, x in series.items()}
        series = {u: (x / x.sum(1, keepdims=True)).astype(np.float32) for u, x in series.items()}
    rng.shuffle(ctm)
    write_units(f"{name}.gslm", units)
    write_units(f"{name}.changed.gslm", changed)
    write_ctm(f"{name}.ctm", ctm)
    write_items(f"{name}.item", items)
    (OUT / f"{name}.utt2spk").write_text("".join(f"{u} {s}\n" for u, s in speakers.items()))
    folder = OUT / f"{name}-features"
    folder.mkdir(exist_ok=True)
    for u, x in series.items():
        np.save(folder / f"{u}.npy", x)
    case = {"files": name, "hop": hop, "rate": rate, "codes": codes, "features": f"{name}-features",
            "distance": distance}
    write_case(name, case, units, ctm, speakers, changed, items, series)
    return case, units, ctm


def undefined_cases():
    """What has no value: one phone, one unit, no boundary, no frame."""
    case = {"files": "one-phone", "hop": 160, "rate": 16000, "codes": 2}
    units, ctm = {"a": [0, 0, 1, 1]}, [("a", "0", "0.04", "AH")]
    write_units("one-phone.gslm", units)
    write_ctm("one-phone.ctm", ctm)
    write_case("one-phone", case, units, ctm)
    case = {"files": "one-unit", "hop": 160, "rate": 16000, "codes": 1}
    units, ctm = {"a": [0, 0, 0, 0]}, [("a", "0", "0.02", "AH"), ("a", "0.02", "0.02", "T")]
    write_units("one-unit.gslm", units)
    write_ctm("one-unit.ctm", ctm)
    write_case("one-unit", case, units, ctm)
    case = {"files": "only-silence", "hop": 160, "rate": 16000, "codes": 3}
    units, ctm = {"a": [0, 2, 1, 1], "b": [1]}, [("a", "0", "0.02", "SIL"), ("a", "0.02", "0.02", "SPN")]
    write_units("only-silence.gslm", units)
    write_ctm("only-silence.ctm", ctm)
    write_case("only-silence", case, units, ctm)


def abx_regression():
    """fastabx's regression inputs: its values are in abx_test.c."""
    x = np.random.default_rng(2026).standard_normal((36, 6)).astype(np.float32)
    text = "".join("{" + ", ".join(f"{float(v).hex()}f" for v in row) + "},\n" for row in x)
    (OUT / "abx-regression.inc").write_text(text)


def main():
    OUT.mkdir(exist_ok=True)
    worked_example()
    undefined_cases()
    rng = np.random.default_rng(20240611)
    random_case(rng, "random-10ms", 160, 16000, 12, "angular")
    random_case(rng, "random-odd", 441, 22050, 12, "kl_symmetric")
    case, units, ctm = random_case(rng, "random-20ms", 320, 16000, 12, "euclidean")
    write_case("random-grid", {**case, "grid": 10000}, units, ctm)
    write_case("random-pad", {**case, "grid": 10000, "upsample": 2, "pad": 1}, units, ctm)
    abx_regression()


if __name__ == "__main__":
    main()
