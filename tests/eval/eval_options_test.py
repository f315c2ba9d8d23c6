# SPDX-License-Identifier: MIT
"""No option of voq eval is dropped in silence: each works, or is refused, in each way to call it."""

import json
import os
import shutil
import subprocess

from cli import *

NAME = '5652-19215-0032'
# An option, with a value; the ways in which it works. The others refuse it with exit 2.
#   units: --units alone; phones, items: --units with these; both
#   use: MODEL CORPUS without phones or items; full: with both; two: two models, full;
#   vectors: a model of vectors and vectors
ALL = 'units phones items both use full two vectors'
MODEL = 'use full two vectors'
PHONES = 'phones both full two'
ITEMS = 'items both full two'
EITHER = 'phones items both full two'
TABLE = {
    '--units u.gslm': 'units phones items both', '--phones p.ctm': 'units phones items both use '
    'full two', '--items i.item': 'units phones items both use full two',
    '--features f.npy': 'items both full', '--changed u.gslm': 'units phones items both use full '
    'vectors', '--speakers spk': EITHER, '--tier phones': 'tier',
    '--from gslm': 'units phones items both', '--hop 160': 'units phones items both',
    '--rate 16000': 'units phones items both', '--codes 100': 'units phones items both',
    '--hop 160 --rate 16000': 'units phones items both vectors',
    '--grid 10000': PHONES, '--grid 10000 --upsample 1': PHONES, '--grid 10000 --pad 0': PHONES,
    '--upsample 1': '', '--pad 0': '', '--tolerance 20': PHONES, '--distance angular': 'full two',
    '--features f.npy --distance angular': 'items both full',
    '--any-context': ITEMS, '--max-size 0': ITEMS, '--max-x 5': ITEMS, '--bootstrap 10': EITHER,
    '--bootstrap 0': EITHER, '--seed 1': EITHER, '--seed 1 --bootstrap 0': '',
    '--robustness noise': 'use full two', '--robustness noise --snr 10': 'use full two',
    '--snr 10': '', '--json': ALL, '--per-phone': PHONES, '--per-unit': PHONES,
    '--matrix m.tsv': 'phones both full', '--output o': ALL, '--jobs 1': ALL, '--cpu auto': MODEL,
    '--strict': MODEL, '--quiet': ALL, '--shard 0/1': ALL, '--shard 0/1 --json': '',
    '--shard 0/1 --robustness noise': '',
}


def prepare(t):
    data = open(os.path.join(SOURCE, 'tests', 'data', f'{NAME}.flac'), 'rb').read()
    ctm = [line for line in open(os.path.join(SOURCE, 'tests', 'data', 'phones.ctm'))
           if line.split()[0] == NAME]
    t.write(f'bare/{NAME}.flac', data)
    t.write(f'c/{NAME}.flac', data)
    t.write('noise/hiss.wav', wav(noise(4000, seed=9)))
    items = '#file onset offset #phone prev-phone next-phone speaker\n' + ''.join(
        f'{NAME} {f[2]} {float(f[2]) + float(f[3]):.3f} {f[4]} x y 5652\n'
        for f in map(str.split, ctm))
    for folder in ('.', 'c'):
        t.write(f'{folder}/{"phones" if folder == "c" else "p"}.ctm', ''.join(ctm))
        t.write(f'{folder}/{"phoneme" if folder == "c" else "i"}.item', items)
    t.write('spk', f'{NAME} alice\n')
    subprocess.run([MAKE_MODEL, t.path('v.voq'), 'vectors', '39', '8'], check=True)
    same(t.encode('--features', '-o', 'v', 'bare').code, 0)
    same(t.encode('-o', 'u.gslm', 'bare').code, 0)
    shutil.copy(t.path(f'v/{NAME}.npy'), t.path('f.npy'))
    os.mkdir(t.path('fd'))
    shutil.copy(t.path(f'v/{NAME}.npy'), t.path('fd'))
    return {
        'units': ['--units', 'u.gslm'], 'phones': ['--units', 'u.gslm', '--phones', 'p.ctm'],
        'items': ['--units', 'u.gslm', '--items', 'i.item'],
        'both': ['--units', 'u.gslm', '--phones', 'p.ctm', '--items', 'i.item'],
        'use': [t.model, 'bare'], 'full': [t.model, 'c'], 'two': [t.model, 'mfcc-100', 'c'],
        'vectors': ['v.voq', f'v/{NAME}.npy'],
    }


def listed():
    lines = subprocess.run([VOQ, 'eval', '--list-options'], capture_output=True, text=True).stdout
    return {word for line in lines.splitlines() for word in line.split('\t')
            if word.startswith('--')}


@claim
def every_option_works_or_is_refused_in_every_way_to_call(t):
    ways = prepare(t)
    wrong = []
    for options, fits in TABLE.items():
        for way, arguments in ways.items():
            r = t.voq('eval', *options.replace('f.npy', 'fd').split(), *arguments)
            expected = 0 if way in fits.split() else 2
            if r.code != expected:
                wrong.append(f'{options} with {way}: exit code {r.code}, not {expected}: {r.err}')
            name = options.split()[0]
            if r.code == 2 and '--' not in r.err:
                wrong.append(f'{name} with {way}: {r.err} names no option')
    holds(not wrong, '\n'.join(wrong[:8]))


@claim
def the_table_of_this_test_holds_every_option(t):
    tested = {word for options in TABLE for word in options.split() if word.startswith('--')}
    elsewhere = {'--help', '--version', '--list-options', '--merge'} # eval_shards_test.py
    same(listed() - tested - elsewhere, set(), 'untested')
    holds(tested <= listed(), f'not options: {tested - listed()}')


@claim
def a_tier_is_for_textgrids(t):
    prepare(t)
    t.write('tg/x.TextGrid', 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n0.04\n'
            '<exists>\n1\n"IntervalTier"\n"mine"\n0\n0.04\n2\n0\n0.02\n"AH0"\n0.02\n0.04\n"T"\n')
    t.write('x.gslm', 'x|0 0 1 1\n')
    for phones in ('tg', 'tg/x.TextGrid'):
        same(t.voq('eval', '-q', '--units', 'x.gslm', '--phones', phones, '--tier', 'mine').code, 0)
    fails(t.voq('eval', '-q', '--units', 'u.gslm', '--phones', 'p.ctm', '--tier', 'mine'), 2,
          '--tier', 'p.ctm')


@claim
def hop_rate_codes_and_format_describe_the_changed_units_of_a_model(t):
    prepare(t)
    r = t.voq('eval', '-q', '--json', '--changed', 'u.gslm', '--from', 'gslm', '--hop', '160',
              '--rate', '16000', '--codes', '20', t.model, 'bare')
    same((r.code, r.err), (0, ''))
    same(json.loads(r.out)['ued']['ued_mean'], 0)


@claim
def vectors_have_no_time_unless_it_is_stated(t):
    prepare(t)
    shutil.copy(t.path('p.ctm'), t.path('v/phones.ctm'))
    vectors = ['v.voq', f'v/{NAME}.npy']
    r = t.voq('eval', *vectors)
    same(r.code, 0)
    holds('vectors have no time' in r.err and '--hop' in r.err, r.err)
    for word in ('ms', ' Hz', 'bits/s', 'seconds', 'frames', 'hop'):
        holds(word not in r.out, f'{word!r} in {r.out}')
    e = json.loads(t.voq('eval', '-q', '--json', *vectors).out)
    for key in ('seconds', 'runs_per_second', 'bitrate_frame', 'bitrate_dedup', 'bitrate_nominal',
                'bitrate_nominal_dedup'):
        same(e['usage'][key], None, key)
    same((e['hop'], e['rate'], e['usage']['bits_nominal']), (None, None, 3))
    same(e['usage']['bits_per_vector'], e['usage']['entropy_bits'])
    same('all' in e or 'boundaries' in e, False, 'phones')
    timed = json.loads(t.voq('eval', '-q', '--json', '--hop', '160', '--rate', '16000',
                             *vectors).out)
    same((timed['hop'], timed['all']['frames'] > 0), (160, True))
    same('bits_per_vector' in timed['usage'], False)
    near = abs(timed['usage']['bitrate_dedup'] - e['usage']['bits_dedup'] * 100)
    holds(near < 1e-9, f'bits per vector and per second differ by {near}')
    fails(t.voq('eval', '--hop', '160', *vectors), 2, '--hop and --rate', 'both')
    fails(t.voq('eval', '--phones', 'p.ctm', *vectors), 2, 'no time', '--hop and --rate')


main()
