# SPDX-License-Identifier: MIT
"""voq eval on models whose encoder makes a unit of one or two frames: labels at the unit's middle."""

import json

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


@claim
def a_unit_has_the_phone_at_its_middle(t):
    phones = corpus(t)
    for kind, stride in STRIDE.items():
        hop_s = 0.01 * stride
        r = t.voq('encode', '-q', '-m', model(t, kind), 'corpus')
        pairs = []
        for line in r.out.splitlines():
            name, ids = line.split('|')
            for i, unit in enumerate(ids.split()):
                middle = (i + 0.5) * hop_s
                pairs += [(unit, phone) for start, end, phone in phones[name]
                          if start <= middle < end]
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
