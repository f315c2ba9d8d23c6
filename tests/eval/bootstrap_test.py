# SPDX-License-Identifier: MIT
"""The scores of a bootstrap draw are those of the utterances that it holds, each as often as drawn:
an implementation of its own copies the utterances and compares everything with everything."""

import itertools
import json
import math
import random
import subprocess
from collections import Counter, defaultdict

from cli import *

WEIGHTED = os.path.abspath(sys.argv[4])
SILENT = 'SIL'


def corpus(t, seed, n=6):
    """Random units, phones and items of n utterances by three speakers."""
    draw = random.Random(seed)
    units, ctm, items = {}, [], ['#file onset offset #phone prev-phone next-phone speaker']
    for i in range(n):
        name, at = f's{i % 3}-{i}', 0
        units[name] = []
        for _ in range(draw.randint(6, 10)):
            length, phone = draw.randint(1, 4), draw.choice('ABC') if draw.random() < .8 else SILENT
            units[name] += [('ABC' + SILENT).index(phone) if draw.random() < .5 else
                            draw.randrange(5) for _ in range(length)]
            ctm.append((name, at, length, phone))
            if phone != SILENT:
                items.append(f'{name} {at / 100:.2f} {(at + length) / 100:.2f} {phone} '
                             f'{draw.choice("xy")} z {name[:2]}')
            at += length
    t.write('u.gslm', ''.join(f'{u}|{" ".join(map(str, x))}\n' for u, x in units.items()))
    t.write('p.ctm', ''.join(f'{u} 1 {a / 100:.2f} {d / 100:.2f} {p}\n' for u, a, d, p in ctm))
    t.write('i.item', '\n'.join(items) + '\n')
    return units, ctm, [line.split() for line in items[1:]]


def entropy(counts):
    total = sum(counts.values())
    return -sum(c / total * math.log(c / total) for c in counts.values() if c)


def pnmi(pairs):
    h = entropy(Counter(p for p, _ in pairs)) if pairs else 0
    if h <= 0:
        return math.nan
    return (h + entropy(Counter(u for _, u in pairs)) - entropy(Counter(pairs))) / h


def warp(x, y):
    """The cheapest path of a time warp, divided by its length."""
    cost = [[math.inf] * (len(y) + 1) for _ in range(len(x) + 1)]
    cost[0][0] = 0
    for i, j in itertools.product(range(1, len(x) + 1), range(1, len(y) + 1)):
        cost[i][j] = (x[i - 1] != y[j - 1]) + min(cost[i - 1][j], cost[i - 1][j - 1],
                                                  cost[i][j - 1])
    i, j, length = len(x), len(y), 1
    while (i, j) != (1, 1):
        left, up, both = cost[i][j - 1], cost[i - 1][j], cost[i - 1][j - 1]
        if i == 1 or (j > 1 and both > min(left, up) and left <= up):
            j -= 1
        elif j == 1 or both > min(left, up):
            i -= 1
        else:
            i, j = i - 1, j - 1
        length += 1
    return cost[-1][-1] / length


def abx(tokens, across):
    """tokens: (context, phone, speaker, frames, number of the item). A copy of a is no x of it."""
    cells = defaultdict(lambda: [0, 0])
    for a, b, x in itertools.product(tokens, repeat=3):
        if not (a[0] == b[0] == x[0] and a[1] == x[1] != b[1] and a[2] == b[2]):
            continue
        if (x[2] != a[2]) != across or x[4] == a[4]:
            continue
        to_a, to_b = warp(x[3], a[3]), warp(x[3], b[3])
        cell = cells[a[0], a[2], x[2], a[1], b[1]]
        cell[0] += 1 if to_a > to_b else 0.5 if to_a == to_b else 0
        cell[1] += 1
    pairs = defaultdict(lambda: defaultdict(list))
    for (_, speaker, _, a, b), (lost, n) in cells.items():
        pairs[a, b][speaker].append(lost / n)
    mean = lambda values: sum(values) / len(values)
    return mean([mean([mean(errors) for errors in of_speaker.values()])
                 for of_speaker in pairs.values()]) if pairs else math.nan


def reference(units, ctm, items, weight):
    pairs, tokens = [], []
    for name, at, length, phone in ctm:
        pairs += [(phone, u) for u in units[name][at:at + length]] * weight[name]
    for number, (name, onset, offset, phone, before, after, speaker) in enumerate(items):
        first, last = round(float(onset) * 100), round(float(offset) * 100)
        tokens += [((before, after), phone, speaker, units[name][first:last], number)] * weight[name]
    return [pnmi(pairs), pnmi([p for p in pairs if p[0] != SILENT]), abx(tokens, False),
            abx(tokens, True)]


def weighted(t, weight):
    t.write('w', ''.join(f'{name} {w}\n' for name, w in weight.items()))
    r = subprocess.run([WEIGHTED, 'u.gslm', 'p.ctm', 'i.item', 'w'], cwd=t.folder,
                       capture_output=True, text=True)
    same((r.returncode, r.stderr), (0, ''), 'exit code and stderr')
    return [float(v) for v in r.stdout.split()]


def near(got, expected, what):
    for i, (a, b) in enumerate(zip(got, expected)):
        holds(math.isnan(a) and math.isnan(b) or abs(a - b) <= 1e-9,
              f'{what}: score {i} is {a}, expected {b}')


@claim
def a_draw_scores_as_the_utterances_it_holds_each_as_often_as_drawn(t):
    n_defined = Counter()
    for seed in range(8):
        units, ctm, items = corpus(t, seed)
        draw = random.Random(seed)
        for k in range(4):
            held = Counter(draw.choices(list(units), k=len(units)))
            weight = {name: held[name] if k else 1 for name in units}
            expected = reference(units, ctm, items, weight)
            near(weighted(t, weight), expected, f'seed {seed}, weights {weight}')
            n_defined.update(i for i, v in enumerate(expected) if v > 0)
    holds(all(n_defined[i] > 16 for i in range(4)), f'too few scores to compare: {n_defined}')


def evaluate(t, *arguments):
    r = t.voq('eval', '--json', '-q', *arguments)
    same((r.code, r.err), (0, ''), 'exit code and stderr')
    return json.loads(r.out)


FILES = ('--units', 'u.gslm', '--phones', 'p.ctm', '--items', 'i.item', '--hop', '160', '--rate',
         '16000')


@claim
def an_interval_holds_the_score_and_narrows_with_more_utterances(t):
    widths = []
    for n in (8, 40):
        corpus(t, 3, n)
        e = evaluate(t, *FILES)
        for group, metric in (('all', 'pnmi'), ('abx', 'across_speaker_within_context')):
            low, high = e['intervals'][group][metric]
            holds(low < e[group][metric] < high, f'{e[group][metric]} outside {low} to {high}')
        low, high = e['intervals']['all']['pnmi']
        widths.append(high - low)
    holds(widths[1] < 0.7 * widths[0], f'widths {widths}')


@claim
def intervals_depend_on_the_seed_and_on_nothing_else(t):
    corpus(t, 5)
    first = evaluate(t, *FILES, '-j', '1')
    for arguments in (['-j', '3'], ['--seed', '1'], ['--bootstrap', '1000']):
        same(evaluate(t, *FILES, *arguments), first, ' '.join(arguments))
    other = evaluate(t, *FILES, '--seed', '2')
    holds(other['intervals'] != first['intervals'], 'another seed gives the same intervals')
    evaluate(t, *FILES, '--seed', str(2 ** 64 - 1))
    same(other['all'], first['all'], 'scores with another seed')
    none = evaluate(t, *FILES, '--bootstrap', '0')
    same('intervals' in none or 'bootstrap' in none, False, 'intervals without draws')
    same(none['abx'], first['abx'], 'scores without draws')


@claim
def the_mean_of_many_draws_is_what_independent_draws_give(t):
    """So that weights are drawn as said: as many utterances as there are, with replacement."""
    units, ctm, items = corpus(t, 1, 10)
    e = evaluate(t, *FILES, '--bootstrap', '4000')
    draw, score = random.Random(4), []
    for _ in range(4000):
        held = Counter(draw.choices(list(units), k=len(units)))
        pairs = [(p, u) for n, a, d, p in ctm for u in units[n][a:a + d] * held[n]]
        score.append(pnmi(pairs))
    bias = sum(score) / len(score) - e['all']['pnmi']
    holds(abs(bias - e['bias']['all']['pnmi']) < 0.1 * bias, f"{bias}, {e['bias']['all']['pnmi']}")
    low, high = e['intervals']['all']['pnmi']
    score.sort()
    expected = score[int(.975 * 4000)] - score[int(.025 * 4000)]
    holds(abs(high - low - expected) < 0.1 * expected, f'width {high - low}, expected {expected}')


@claim
def few_speakers_are_told(t):
    corpus(t, 2)
    r = t.voq('eval', '-q', *FILES)
    holds('3 speakers: the intervals hold for these speakers only' in r.out, r.out[-300:])
    t.write('spk', ''.join(f's{i % 3}-{i} person{i}\n' for i in range(6)))
    r = t.voq('eval', '-q', *FILES, '--speakers', 'spk')
    holds('hold for' not in r.out and '1000 draws of 6 utterances' in r.out, r.out[-300:])
    same(evaluate(t, *FILES, '--speakers', 'spk')['bootstrap']['holds_for_these_speakers_only'],
         False)


@claim
def too_many_triplets_are_told_not_stored(t):
    t.write('u.gslm', 's1-a|' + '0 1 ' * 2999 + '0 1\n')
    t.write('i.item', '#file onset offset #phone prev-phone next-phone speaker\n' + ''.join(
        f's1-a {i / 100:.2f} {(i + 1) / 100:.2f} {"AB"[i % 2]} x y s1\n' for i in range(6000)))
    if sanitized():
        raise Skip('minutes under a sanitizer')
    r = t.voq('eval', '--json', '--units', 'u.gslm', '--items', 'i.item')
    same(r.code, 0, f'exit code ({r.err})')
    holds('ABX has too many triplets for an interval; reduce them by --max-size 10' in r.err, r.err)
    e = json.loads(r.out)
    holds(e['abx']['within_speaker_within_context'] is not None, 'no score')
    same('within_speaker_within_context' in e['intervals']['abx'], False, 'an interval')


main()
