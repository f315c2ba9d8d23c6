# SPDX-License-Identifier: MIT
"""voq eval on models whose encoder makes a unit of one or two frames: labels at the unit's middle, and
changed audio."""

import json
import math

from cli import *

STRIDE = {'encoder-10ms': 1, 'encoder': 2}
NAMES = ('s1-a', 's1-b', 's2-a')
PHONES = ('AA', 'B', 'sil')


def model(t, kind):
    subprocess.run([MAKE_MODEL, t.path(f'{kind}.voq'), kind], check=True)
    return f'{kind}.voq'


def alignment(seed, end_s=2.0):
    """[(start, end, phone)] without a gap, at times that are no multiple of any hop."""
    draw, at, found = random.Random(seed), 0.0, []
    while at < end_s:
        stop = min(end_s, round(at + 0.03 + 0.2 * draw.random(), 4))
        found.append((at, stop, PHONES[len(found) % 3]))
        at = stop
    return found


def corpus(t):
    """A corpus of three recordings with their phones and ABX items."""
    phones, items = {}, ['#file onset offset #phone prev-phone next-phone speaker']
    for i, name in enumerate(NAMES):
        t.write(f'corpus/{name}.wav', wav(noise(32000, seed=i)))
        phones[name] = alignment(i)
        items += [f'{name} {start} {end} {phone} X Y {name[:2]}' for start, end, phone in phones[name]
                  if phone != 'sil']
    t.write('corpus/phones.ctm', ''.join(f'{name} 1 {start} {end - start:.4f} {phone}\n' for name in NAMES
                                         for start, end, phone in phones[name]))
    t.write('corpus/x.item', '\n'.join(items) + '\n')
    return phones


def evaluated(t, *arguments):
    r = t.voq('eval', '-q', '--json', '--bootstrap', '0', *arguments)
    same(r.code, 0, r.err)
    return json.loads(r.out)


def purity(pairs):
    """Phone purity: the share of frames whose phone is the most frequent one of their unit."""
    best = {}
    for unit in {unit for unit, _ in pairs}:
        of_unit = [phone for other, phone in pairs if other == unit]
        best[unit] = max(map(of_unit.count, PHONES))
    return sum(best.values()) / len(pairs)


def same_scores(got, expected, what):
    for key in 'hop', 'rate', 'all', 'speech', 'usage', 'boundaries', 'speaker', 'abx', 'abx_features':
        same(got.get(key), expected.get(key), f'{what}: {key}')


def encoded(t, model, folder):
    """{name: [unit]}"""
    r = t.voq('encode', '-q', '-m', model, folder)
    same(r.code, 0, r.err)
    return {line.split('|')[0]: units(line) for line in r.out.splitlines()}


def labelled(found, phones, hop_s):
    """[(unit, phone)] of all units by the phone at their middle."""
    return [(unit, phone) for name in found for i, unit in enumerate(found[name])
            for start, end, phone in phones[name] if start <= (i + 0.5) * hop_s < end]


@claim
def a_unit_has_the_phone_at_its_middle(t):
    phones = corpus(t)
    for kind, stride in STRIDE.items():
        pairs = labelled(encoded(t, model(t, kind), 'corpus'), phones, 0.01 * stride)
        scores = evaluated(t, f'{kind}.voq', 'corpus')
        same((scores['hop'], scores['all']['frames'], scores['pairing']['trimmed_frames']),
             (160 * stride, len(pairs), 0))
        same(len(pairs), 3 * 200 // stride, 'pairs')
        holds(abs(scores['all']['phone_purity'] - purity(pairs)) < 1e-12,
              f"purity {scores['all']['phone_purity']}, expected {purity(pairs)}")
        same(scores['usage']['seconds'], 6.0, 'seconds')


@claim
def a_model_scores_like_the_files_that_it_writes(t):
    corpus(t)
    for kind, stride in STRIDE.items():
        name = model(t, kind)
        same(t.voq('encode', '-q', '-m', name, '-o', 'u.gslm', 'corpus').code, 0)
        same(t.voq('encode', '-q', '-m', name, '--features', '-o', f'features{stride}', 'corpus').code, 0)
        files = evaluated(t, '--units', 'u.gslm', '--hop', str(160 * stride), '--codes', '30', '--phones',
                          'corpus/phones.ctm', '--items', 'corpus/x.item', '--features',
                          f'features{stride}')
        scores = evaluated(t, name, 'corpus')
        same_scores(scores, files, kind)
        holds(scores['abx_features']['within_speaker_within_context'] is not None, 'no ABX')


@claim
def models_of_different_hops_stand_side_by_side(t):
    corpus(t)
    names = [model(t, kind) for kind in STRIDE]
    alone = [evaluated(t, name, 'corpus') for name in names]
    both = evaluated(t, *names, 'corpus')['models']
    for name, got, expected in zip(names, both, alone):
        same_scores(got, expected, name)


def noisy(x, disturbance, i, snr_db):
    """The speech of utterance i with noise from the place that its number selects."""
    energy = sum(v * v for v in x) / len(x), sum(v * v for v in disturbance) / len(disturbance)
    factor = math.sqrt(energy[0] / energy[1] * 10 ** (-snr_db / 10))
    return [v + factor * disturbance[(7919 * i + k) % len(disturbance)] for k, v in enumerate(x)]


def changed_corpora(t):
    """{condition: folder}, the corpus changed as the manual says, apart from rates and rooms."""
    speech = [[v / 32768 for v in noise(32000, seed=i)] for i in range(len(NAMES))]
    disturbances = [[v / 32768 for v in noise(n, seed=n)] for n in (20000, 7000)]
    for name, disturbance in zip('ab', disturbances):
        t.write(f'noises/{name}.wav', wav(array.array('f', disturbance), kind=3))
    change = {'noise 10 dB': lambda x, i: noisy(x, disturbances[i % 2], i, 10),
              'noise 0 dB': lambda x, i: noisy(x, disturbances[i % 2], i, 0),
              'gain -20 dB': lambda x, i: [v * 10 ** (-20 / 20) for v in x],
              'gain 6 dB': lambda x, i: [v * 10 ** (6 / 20) for v in x]}
    for condition, changed in change.items():
        for i, name in enumerate(NAMES):
            t.write(f'{condition}/{name}.wav', wav(array.array('f', changed(speech[i], i)), kind=3))
    return list(change)


def runs(ids):
    return [unit for i, unit in enumerate(ids) if i == 0 or ids[i - 1] != unit]


def edits(a, b):
    """The fewest insertions, deletions and replacements that make b of a."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[:], i
        for j, y in enumerate(b, 1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
    return row[-1]


def pnmi(pairs):
    def entropy(values):
        share = [values.count(v) / len(values) for v in set(values)]
        return -sum(p * math.log(p) for p in share)
    found, phones = zip(*pairs)
    return (entropy(found) + entropy(phones) - entropy(pairs)) / entropy(phones)


@claim
def the_robustness_of_a_learned_model_is_that_of_the_changed_recordings(t):
    phones = corpus(t)
    conditions = changed_corpora(t)
    for kind, stride in STRIDE.items():
        name = model(t, kind)
        rows = {row['condition']: row for row in evaluated(
            t, '--robustness', 'noises', '--snr', '10,0', name, 'corpus')['robustness']}
        clean = encoded(t, name, 'corpus')
        for condition in conditions:
            changed = encoded(t, name, condition)
            distance = {u: edits(runs(clean[u]), runs(changed[u])) for u in NAMES}
            n_run = {u: len(runs(clean[u])) for u in NAMES}
            kept = [a == b for u in NAMES for a, b in zip(clean[u], changed[u])]
            expected = {'utterances': 3, 'same_frames': sum(kept) / len(kept),
                        'ued_mean': 100 * sum(distance[u] / n_run[u] for u in NAMES) / 3,
                        'ued_pooled': 100 * sum(distance.values()) / sum(n_run.values()),
                        'pnmi': pnmi(labelled(changed, phones, 0.01 * stride))}
            for key, value in expected.items():
                holds(abs(rows[condition][key] - value) < 1e-9,
                      f'{kind}, {condition}: {key} is {rows[condition][key]}, expected {value}')
            same(len(kept), 600 // stride, 'frames')
        holds(rows['noise 0 dB']['ued_mean'] > 10, 'the noise changes nothing')


@claim
def the_hop_of_vectors_is_not_that_of_their_units(t):
    """--hop states the time of the vectors; a unit of two vectors lasts twice as long."""
    name = model(t, 'encoder-vectors')
    draw = random.Random(1)
    for i, utterance in enumerate(NAMES):
        header = "{'descr': '<f4', 'fortran_order': False, 'shape': (200, 13), }"
        t.write(f'corpus/{utterance}.npy', b'\x93NUMPY\x01\x00' + struct.pack('<H', 118) +
                header.ljust(117).encode() + b'\n' +
                struct.pack('<2600f', *(draw.gauss(0, 9) for _ in range(2600))))
    t.write('corpus/phones.ctm', ''.join(f'{name} 1 {start} {end - start:.4f} {phone}\n'
                                         for i, name in enumerate(NAMES)
                                         for start, end, phone in alignment(i)))
    same(t.voq('encode', '-q', '-m', name, '-o', 'u.gslm', 'corpus').code, 0)
    files = evaluated(t, '--units', 'u.gslm', '--hop', '320', '--codes', '30', '--phones',
                      'corpus/phones.ctm')
    scores = evaluated(t, name, 'corpus', '--hop', '160', '--rate', '16000')
    same_scores(scores, files, 'vectors')
    same((scores['hop'], scores['pairing']['trimmed_frames']), (320, 0))
    same(scores['usage']['seconds'], 6.0, 'seconds')


main()
