# SPDX-License-Identifier: MIT
"""voq eval on recordings and files: what a user sees, and what happens when something is wrong."""

import json
import os
import resource
import shutil
import subprocess

from cli import *

DATA = os.path.join(SOURCE, 'tests', 'data')
DEV = os.path.join(SOURCE, '..', 'shared', 'data', 'librispeech-dev')
NAMES = ['4406-16882-0036', '4406-16883-0023', '5652-19215-0010', '5652-19215-0032']


def corpus(t):
    """Four recordings, their phones and the ABX items made of those, in a folder."""
    with open(os.path.join(DATA, 'phones.ctm')) as file:
        ctm = [line.split() for line in file if line.split()[0] in NAMES]
    for name in NAMES:
        t.write(f'c/{name}.flac', open(os.path.join(DATA, f'{name}.flac'), 'rb').read())
    t.write('c/phones.ctm', ''.join(' '.join(f) + '\n' for f in ctm))
    items = ['#file onset offset #phone prev-phone next-phone speaker']
    for a, b, c in zip(ctm, ctm[1:], ctm[2:]):
        if a[0] == c[0] and 'SIL' not in (a[4], b[4], c[4]):
            items.append(f'{b[0]} {b[2]} {float(b[2]) + float(b[3]):.3f} {b[4]} x y {b[0][:4]}')
    t.write('c/phoneme.item', '\n'.join(items) + '\n')
    return t.path('c')


def evaluate(t, *arguments):
    r = t.voq('eval', '--json', '--quiet', *arguments)
    same((r.code, r.err), (0, ''), 'exit code and stderr')
    return json.loads(r.out)


def files(t, units, ctm):
    t.write('u.gslm', units)
    t.write('p.ctm', ctm)
    return '--units', 'u.gslm', '--phones', 'p.ctm'


PAIR = ('a|0 0 1 1\n', 'a 1 0 0.02 AH\na 1 0.02 0.02 T\n')


@claim
def a_model_and_a_corpus_are_enough(t):
    e = evaluate(t, t.model, corpus(t))
    same((e['pairing']['utterances'], e['pairing']['missing'], e['utterances']), (4, 0, 4))
    holds(e['phones'].endswith('phones.ctm') and e['items'].endswith('phoneme.item'), 'not found')
    holds(0 < e['all']['pnmi'] < 1, 'pnmi')
    same((e['usage']['codes'], e['speaker']['speakers']), (20, 2))
    same((e['abx']['distance'], e['abx_features']['distance']), ('identical', 'angular'))
    holds(0 < e['abx_features']['within_speaker_within_context'] < 0.5, 'ABX of features')
    holds(e['quantizer']['distortion'] > 0, 'distortion')


@claim
def a_recording_with_a_hole_is_left_out_and_the_others_are_scored(t):
    if not shutil.which('oggenc'):
        raise Skip('no oggenc')
    folder = corpus(t)
    path = t.path(f'c/{NAMES[0]}')
    subprocess.run(['oggenc', '-Q', '-o', f'{path}.ogg', f'{path}.flac'], check=True)
    os.remove(f'{path}.flac')
    pages = open(f'{path}.ogg', 'rb').read().split(b'OggS')
    del pages[len(pages) // 2]
    t.write(f'c/{NAMES[0]}.ogg', b'OggS'.join(pages))
    r = t.voq('eval', '--json', '--quiet', t.model, folder)
    fails(r, 3, f'{NAMES[0]}.ogg: damaged', 'of audio are lost', 'the file is left out')
    e = json.loads(r.out)
    same((e['utterances'], e['pairing']['missing']), (3, 1))


@claim
def encoding_first_and_scoring_later_gives_the_same_numbers(t):
    folder = corpus(t)
    at_once = evaluate(t, t.model, folder)
    same(t.encode('-f', 'jsonl', '-o', 'u.jsonl', folder).code, 0)
    same(t.encode('--features', '-o', 'f', folder).code, 0)
    later = evaluate(t, '--units', 'u.jsonl', '--phones', 'c/phones.ctm', '--items',
                     'c/phoneme.item', '--features', 'f')
    for key in ('all', 'speech', 'usage', 'boundaries', 'speaker', 'abx', 'abx_features'):
        same(later[key], at_once[key], key)


@claim
def the_number_of_threads_changes_no_byte(t):
    arguments = ('eval', '--json', '--any-context', t.model, corpus(t))
    one = t.voq(*arguments, '-j', '1')
    same(one.code, 0)
    for jobs in ('2', '5', '0'):
        same(t.voq(*arguments, '-j', jobs).out, one.out)


@claim
def the_table_fits_in_100_columns(t):
    r = t.voq('eval', '--per-phone', '--per-unit', '--robustness', DATA, '--any-context', t.model,
              corpus(t))
    same(r.code, 0, f'exit code ({r.err})')
    for line in r.out.splitlines():
        holds(len(line) <= 100, f'{len(line)} columns: {line}')
        holds(line == line.rstrip(), f'ends in a blank: {line!r}')
    for word in ('pnmi', 'r_value', 'perplexity', 'bitrate_dedup', 'across speaker', 'room 0.3 s'):
        holds(word in r.out, f'no {word}')


@claim
def a_recording_that_is_damaged_is_told_and_left_out(t):
    folder = corpus(t)
    t.write('c/bad.wav', b'RIFF????WAVE')
    r = t.voq('eval', t.model, folder)
    fails(r, 3, 'bad.wav')
    holds('4 of 4 utterances have units' in r.out, r.out[:300])
    r = t.voq('eval', '--strict', t.model, folder)
    fails(r, 3, 'bad.wav')
    same(r.out, '')


@claim
def samples_that_are_no_numbers_are_told_and_count_as_zero(t):
    x = array.array('f', [v / 32768 for v in noise(8000, seed=3)])
    for i in (100, 4000):
        x[i] = 0
    t.write('zero/a.wav', wav(x, kind=3))
    x[100], x[4000] = float('nan'), float('inf')
    t.write('c/a.wav', wav(x, kind=3))
    t.write('noise/hiss.wav', wav(noise(20000, seed=9)))
    robust = ('eval', '--json', '--robustness', 'noise', t.model)
    r = t.voq(*robust, 'c')
    same(r.code, 0, f'exit code (stderr {r.err!r})')
    same(r.err.count('c/a.wav: 2 samples are NaN or infinite, read as 0'), 1, 'warnings')
    holds('c: has no phones.ctm' in r.err, r.err)
    holds(json.loads(t.voq(*robust, 'zero').out)['robustness'] == json.loads(r.out)['robustness'],
          'NaN is not as good as 0')


@claim
def names_that_do_not_match_are_told_before_any_number(t):
    r = t.voq('eval', *files(t, 'a|0 1\nb|0\n', 'a 1 0 0.02 AH\nz 1 0 1 T\n'))
    same(r.code, 0)
    holds("p.ctm: 1 utterances have no units; the first is 'z'" in r.err, r.err)
    holds("u.gslm: 1 utterances have no phones; the first is 'b'" in r.err, r.err)
    fails(t.voq('eval', '--quiet', *files(t, 'a|0 1\n', 'z 1 0 1 T\n')), 3,
          'no utterance has the same name in u.gslm and p.ctm')


@claim
def undefined_is_null_and_a_dash(t):
    given = files(t, 'a|0 0 1 1\n', 'a 1 0 0.04 AH\n')
    same(evaluate(t, *given)['all']['pnmi'], None)
    row = [line for line in t.voq('eval', *given).out.splitlines() if ' pnmi ' in line][0]
    same(row.split()[1:3], ['-', '-'])


@claim
def a_bad_line_names_its_file_and_stops(t):
    fails(t.voq('eval', '-q', *files(t, PAIR[0], 'a 1 0 0.02 AH\na 1 0,02 0.02 T\n')), 3,
          "p.ctm:2: start '0,02' is not a time in seconds")
    fails(t.voq('eval', '-q', *files(t, 'a|0 x\n', PAIR[1])), 3, 'u.gslm:1')
    fails(t.voq('eval', '-q', *files(t, 'a|0\na|1\n', PAIR[1])), 3,
          "u.gslm: two utterances have the name 'a'; rename one")
    fails(t.voq('eval', '-q', *files(t, 'a|4294967295\n', PAIR[1])), 3, 'u.gslm', '4294967295')
    t.write('i.item', '')
    fails(t.voq('eval', '-q', *files(t, *PAIR), '--items', 'i.item'), 3, 'i.item: the file is empty')
    t.write('i.item', 'a 0 1 AH x y s\n')
    fails(t.voq('eval', '-q', *files(t, *PAIR), '--items', 'i.item'), 3, 'i.item:1')
    t.write('i.item', '#file ...\na 0 1 AH x y\n')
    fails(t.voq('eval', '-q', *files(t, *PAIR), '--items', 'i.item'), 3, 'i.item:2: 6 fields')
    fails(t.voq('eval', '-q', '--units', 'none', '--phones', 'p.ctm'), 3, 'none')


GAP = ('{"voq":1,"k":3,"hop":160,"rate":16000,"utt":"a"}\n{"i":0,"t":0.000000,"unit":0}\n'
       '{"i":1,"t":0.010000,"unit":0}\n{"i":2,"gap":3,"t":0.020000,"why":"overrun"}\n'
       '{"i":5,"t":0.050000,"unit":0}\n{"i":6,"t":0.060000,"unit":1}\n{"end":7,"t":0.070000}\n')


@claim
def frames_whose_audio_was_lost_have_no_unit(t):
    t.write('u.jsonl', GAP)
    t.write('p.ctm', 'a 1 0 0.02 AH\na 1 0.02 0.01 S\na 1 0.03 0.03 AH\na 1 0.06 0.01 T\n')
    t.write('i.item', '#file ...\na 0 0.01 AH x y a\na 0.01 0.03 AH x y a\n')
    e = evaluate(t, '--units', 'u.jsonl', '--phones', 'p.ctm', '--items', 'i.item', '--changed',
                 'u.jsonl')
    same((e['usage']['frames'], e['usage']['lost_frames'], e['usage']['runs']), (4, 3, 3))
    same((e['all']['frames'], e['all']['pnmi'], e['pairing']['unlabelled_frames']), (4, 1.0, 0))
    same((e['abx']['items'], e['abx']['skipped'], e['ued']['ued_mean']), (1, 1, 0))
    strict = e['boundaries']['all']['strict']
    same((strict['ref'], strict['hyp'], strict['recall']), (1, 1, 1), 'boundaries')
    r = t.voq('eval', '-q', '--units', 'u.jsonl')
    holds('lost_frames' in r.out, r.out)
    t.write('u.ctm', 'a 1 0 0.02 0\na 1 0.05 0.01 0\na 1 0.06 0.01 1\n')
    for more in (['u.ctm', '--hop', '160', '--rate', '16000', '--codes', '3'], ['u.jsonl']):
        got = evaluate(t, '--from', more[0][2:], '--phones', 'p.ctm', '--units', *more)
        same([got[key] for key in ('all', 'usage', 'boundaries')],
             [e[key] for key in ('all', 'usage', 'boundaries')], more[0])
    t.write('u.jsonl', GAP.replace('"gap":3', '"gap":900000000000').replace(
        '"i":5', '"i":900000000002').replace('"i":6', '"i":900000000003').replace(
        '"end":7', '"end":900000000004'))
    fails(t.voq('eval', '-q', '--units', 'u.jsonl'), 3, 'u.jsonl', 'a gap of 900000000000 frames')


@claim
def options_that_do_not_fit_are_refused(t):
    given = files(t, *PAIR)
    for more in (['--pad', '1'], ['--robustness', '.'], ['--snr', '1'], ['--features', 'f'],
                 ['--grid', '7000'], ['model'], ['--distance', 'cosine'], ['--from', 'midi'],
                 ['--hop', '0']):
        fails(t.voq('eval', '-q', *given, *more), 2)
    fails(t.voq('eval'), 2, 'voq eval --help')
    fails(t.voq('eval', t.model, corpus(t), '--robustness', DATA, '--snr', '10,loud'), 2, "'loud'")


@claim
def what_a_file_does_not_say_is_told(t):
    r = t.voq('eval', *files(t, *PAIR))
    holds('assuming 160 samples at 16000 Hz (--hop, --rate)' in r.err, r.err)
    holds('assuming 2 (--codes)' in r.err, r.err)
    r = t.voq('eval', *files(t, *PAIR), '--hop', '160', '--rate', '16000', '--codes', '2')
    same((r.code, r.err), (0, ''))


@claim
def textgrids_and_frame_labels_score_as_the_ctm(t):
    given = files(t, *PAIR)
    expected = evaluate(t, *given)['all']
    t.write('tg/a.TextGrid', 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n0.04\n'
            '<exists>\n1\n"IntervalTier"\n"phones"\n0\n0.04\n2\n0\n0.02\n"AH0"\n0.02\n0.04\n"T"\n')
    t.write('frames', 'a\tAH0,AH0,T,T\n')
    for phones in ('tg', 'tg/a.TextGrid', 'frames'):
        same(evaluate(t, '--units', 'u.gslm', '--phones', phones)['all'], expected, phones)


@claim
def every_format_that_names_utterances_scores_the_same(t):
    folder = corpus(t)
    expected = evaluate(t, t.model, folder)['all']
    for form, out in (('gslm', 'u.gslm'), ('units-names', 'u.tsv'), ('npy', 'n'), ('ark', 'u.ark'),
                      ('jsonl', 'u.jsonl'), ('ctm', 'u.ctm'), ('textgrid', 'g')):
        same(t.encode('-f', form, '-o', out, folder).code, 0, form)
        got = evaluate(t, '--units', out, '--from', form, '--phones', 'c/phones.ctm', '--hop',
                       '160', '--rate', '16000')
        same(got['all'], expected, form)
    same(t.encode('-f', 'km', '-o', 'u.km', folder).code, 0)
    fails(t.voq('eval', '-q', '--units', 'u.km', '--phones', 'c/phones.ctm'), 3, 'no names')


@claim
def a_huge_unit_costs_no_more_than_a_small_one(t):
    """Such as a hash, or a slip: memory for every code below it would be many gigabytes."""
    t.write('p.ctm', PAIR[1] + 'b 1 0 0.04 AH\n')
    small, huge = (t.write(f'{k}.jsonl', ''.join(
        f'{{"voq":1,"k":{k + 1},"cb":2,"hop":160,"rate":16000,"utt":"{u}"}}\n' + ''.join(
            f'{{"i":{i},"t":{i / 100:.6f},"unit":[{a},{b}]}}\n' for i, (a, b) in enumerate(ids)) +
        '{"end":4,"t":0.040000}\n' for u, ids in (
            ('a', [(0, 1), (0, 1), (k, 0), (k, 0)]), ('b', [(k, 1), (0, 0), (0, 0), (k, k)]))))
                   for k in (2, 1000000000))
    t.write('small.gslm', 'a|0 0 2 1\nb|1 1 0 2\n')
    t.write('huge.gslm', 'a|0 0 1000000000 7\nb|7 7 0 1000000000\n')

    def limited():
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

    def scores(units):
        r = t.voq('eval', '--json', '-q', '--phones', 'p.ctm', '--units', units, '-j', '1',
                  before=None if sanitized() else limited)
        same((r.code, r.err), (0, ''), 'exit code and stderr')
        return json.loads(r.out)

    for a, b in (('small.gslm', 'huge.gslm'), (small, huge)):
        a, b = scores(a), scores(b)
        for key in ('all', 'speech', 'boundaries', 'speaker'):
            same(b[key], a[key], key)
        for x, y in zip([a['usage'], *a['usage'].get('codebooks', [])],
                        [b['usage'], *b['usage'].get('codebooks', [])]):
            for key in ('frames', 'codes_used', 'entropy_bits', 'conditional_entropy_bits', 'runs'):
                same(y[key], x[key], key)
    holds(b['usage']['codes'] > 1e17, 'codes')
    same(t.voq('eval', '-q', '--phones', 'p.ctm', '--units', 'huge.gslm', '--matrix', 'm.tsv').code,
         0)
    same(t.read('m.tsv').split(b'\n')[0], b'phone\t0\t7\t1000000000')


@claim
def the_matrix_holds_every_labelled_frame(t):
    given = files(t, *PAIR)
    same(t.voq('eval', '-q', *given, '--codes', '3', '--matrix', 'm.tsv').code, 0)
    same(t.read('m.tsv').decode(), 'phone\t0\t1\t2\nAH\t2\t0\t0\nT\t0\t2\t0\n')


@claim
def per_phone_and_per_unit_tables_name_the_commonest(t):
    e = evaluate(t, *files(t, 'a|0 0 0 1 1\n', 'a 1 0 0.02 AH\na 1 0.02 0.03 T\n'), '--per-phone',
                 '--per-unit')
    same([(p['phone'], p['frames'], p['units']) for p in e['per_phone']],
         [('AH', 2, 1), ('T', 3, 2)])
    same(e['per_phone'][1]['top'][0], {'unit': '1', 'share': 2 / 3})
    same(e['per_unit'][0]['top'], [{'phone': 'AH', 'share': 2 / 3}, {'phone': 'T', 'share': 1 / 3}])


@claim
def changed_audio_changes_units_more_the_louder_the_noise(t):
    t.write('noise/hiss.wav', wav(noise(20000, seed=9)))
    e = evaluate(t, '--robustness', 'noise', '--snr', '40,20,0', t.model, corpus(t))
    rows = {r['condition']: r for r in e['robustness']}
    same(list(rows), ['noise 40 dB', 'noise 20 dB', 'noise 0 dB', 'gain -20 dB', 'gain 6 dB',
                      'rate 8000 Hz', 'rate 44100 Hz', 'room 0.3 s', 'room 0.6 s'])
    for a, b in (('noise 40 dB', 'noise 20 dB'), ('noise 20 dB', 'noise 0 dB')):
        holds(rows[a]['ued_mean'] < rows[b]['ued_mean'], f'{a} is worse than {b}')
        holds(rows[a]['same_frames'] > rows[b]['same_frames'], f'{a} is worse than {b}')
    holds(rows['rate 44100 Hz']['same_frames'] > 0.95, 'resampling to 44100 Hz is nearly lossless')
    for row in rows.values():
        same(row['utterances'], 4)


@claim
def a_full_disk_is_exit_code_5(t):
    if not os.path.exists('/dev/full'):
        raise Skip('no /dev/full')
    with open('/dev/full', 'wb') as full:
        fails(t.voq('eval', '-q', *files(t, *PAIR), stdout=full), 5)


@claim
def usage_needs_no_phones(t):
    t.write('u.gslm', PAIR[0])
    e = evaluate(t, '--units', 'u.gslm')
    same((e['usage']['frames'], 'all' in e), (4, False))


@claim
def a_model_of_vectors_scores_vectors(t):
    model = t.path('v.voq')
    subprocess.run([MAKE_MODEL, model, 'vectors', '39', '8'], check=True)
    folder = corpus(t)
    same(t.encode('--features', '-o', 'f', folder).code, 0)
    shutil.copy(t.path('c/phones.ctm'), t.path('f'))
    vectors = sorted(t.path(f'f/{n}') for n in t.names('f') if n.endswith('.npy'))
    e = evaluate(t, '--hop', '160', '--rate', '16000', model, *vectors)
    same((e['pairing']['utterances'], e['usage']['codes']), (4, 8))
    fails(t.voq('eval', '--robustness', DATA, model, *vectors), 2, '--robustness needs audio')


@claim
def real_speech_of_two_speakers_scores_as_a_whole(t):
    if not os.path.isdir(DEV):
        raise Skip('the LibriSpeech dev folder is not here (../shared/data)')
    if sanitized():
        raise Skip('minutes under a sanitizer; the other claims have run the same code')
    e = evaluate(t, t.model, DEV)
    same((e['pairing']['utterances'], e['pairing']['missing'], e['pairing']['ignored']), (126, 0, 0))
    same((e['abx']['items'], e['abx']['skipped']), (14067, 0))
    holds(0.15 < e['abx_features']['across_speaker_within_context'] < 0.35, 'ABX of MFCC')


main()
