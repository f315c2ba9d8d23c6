# SPDX-License-Identifier: MIT
"""voq report: a page that shows what voq eval measures."""

import array
import base64
import json
import os
import re
import shutil
import struct
import subprocess
import zlib

from cli import *
from two_speakers import *

FAST = ['-q', '--bootstrap', '20'] # where there are phones


def page(t, *arguments, fast=FAST):
    r = t.voq('report', *fast, *arguments, '-o', 'r.html')
    same((r.code, r.err), (0, ''), 'exit code and stderr')
    return t.read('r.html').decode()


def element(text, name):
    return re.search(f'<script type="application/json" id="{name}">(.*?)</script>', text, re.S)[1]


def shown(text):
    return re.findall(r'<article class="utterance" id="u-([^"]*)"', text)


def array_file(rows):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({len(rows)}, {len(rows[0])}), }}"
    flat = array.array('f', [x for row in rows for x in row])
    return (b'\x93NUMPY\x01\x00' + struct.pack('<H', 118) + header.ljust(117).encode() + b'\n' +
            flat.tobytes())


def a_model_of_colours(t, scale):
    """Ten colours as vectors, and a model that has learned them."""
    rows = [[(37 * i * k % 11) / 10 * scale for k in (1, 2, 3)] for i in range(200)]
    t.write('colours/a.npy', array_file(rows))
    same(t.voq('train', '-q', '-k', '5', '-o', 'colours.voq', 'colours/a.npy').code, 0)


@claim
def the_numbers_are_those_of_eval(t):
    two_speakers(t)
    for models in [[t.model], [t.model, 'mfcc-100']]:
        printed = t.voq('eval', '--json', *FAST, *models, 'c').out
        same(element(page(t, *models, 'c'), 'evaluation'), printed, f'{models}: the evaluation')
    text = page(t, 'mfcc-100', 'c')
    score = json.loads(element(text, 'evaluation'))
    low, high = score['intervals']['all']['pnmi']
    for number in [score['all']['pnmi'], low, high]:
        holds(f'{number:.3f}' in text, f'{number:.3f} is not on the page')


@claim
def intervals_of_several_models_are_drawn(t):
    two_speakers(t)
    text = page(t, 'mfcc-100', 'lda-100', 'c')
    drawn = json.loads(element(text, 'evaluation'))['models'][0]['intervals']
    same(text.count('class="chart intervals"'), sum(len(group) for group in drawn.values()), 'charts')
    same(text.count('class="interval"'), 2 * text.count('class="chart intervals"'), 'intervals')
    holds('class="interval"' not in page(t, 'mfcc-100', 'c'), 'a chart of a single model')


@claim
def the_same_input_gives_the_same_bytes(t):
    two_speakers(t)
    first = page(t, 'mfcc-100', 'lda-100', 'c', '--audio', '-j', '1')
    for arguments in (['-j', '3'], ['--cpu', 'scalar']):
        same(page(t, 'mfcc-100', 'lda-100', 'c', '--audio', *arguments), first, arguments)


@claim
def the_page_needs_nothing_but_itself(t):
    two_speakers(t)
    t.write('log', '{"epoch": 1, "loss": 2}\n')
    text = page(t, 'mfcc-100', 'c', '--audio', '--log', 'log')
    same(set(re.findall(r'https?://[\w./]*', text)), {'http://www.w3.org/2000/svg'}, 'addresses')
    for name in re.findall(r'\b(?:src|href)="([^"]*)"', text):
        holds(name.startswith(('data:', '#')), f'the page loads {name:.60}')
    holds("default-src 'none'" in text, 'no policy that forbids loading')


@claim
def utterances_are_chosen_by_seed_or_named(t):
    two_speakers(t)
    same(shown(page(t, 'mfcc-100', 'c')), NAMES, 'all of four')
    chosen = {tuple(shown(page(t, 'mfcc-100', 'c', '-n', '2', '--seed', str(s)))) for s in range(8)}
    holds(len(chosen) > 2 and all(list(names) == sorted(names) and len(names) == 2 for names in chosen),
          f'by seed: {chosen}')
    same(shown(page(t, 'mfcc-100', 'c', '-u', NAMES[3], '-u', NAMES[1])), [NAMES[3], NAMES[1]], 'named')
    same(shown(page(t, 'mfcc-100', 'c', '-n', '0')), [], 'none')
    fails(t.voq('report', *FAST, 'mfcc-100', 'c', '-u', 'nobody', '-o', 'x.html'), 2, 'nobody', NAMES[0])
    holds('x.html' not in t.names(), 'a page was written')


@claim
def only_utterances_with_phones_are_chosen_if_some_have_any(t):
    two_speakers(t)
    lines = [line for line in t.read('c/phones.ctm').decode().splitlines() if NAMES[2] in line]
    t.write('c/phones.ctm', '\n'.join(lines) + '\n')
    r = t.voq('report', '--bootstrap', '0', 'mfcc-100', 'c', '-o', 'r.html')
    same(r.code, 0, r.err)
    same(shown(t.read('r.html').decode()), [NAMES[2]])


@claim
def the_runs_are_the_units_of_encode(t):
    two_speakers(t)
    text = page(t, 'mfcc-100', 'lda-100', 'c')
    for model, which in ('mfcc-100', 0), ('lda-100', 1):
        units = t.voq('encode', '-q', '-m', model, '-f', 'gslm', *[f'c/{n}.flac' for n in NAMES]).out
        expected = {line.split('|')[0]: line.split('|')[1].split() for line in units.splitlines()}
        for name, runs in re.findall(r'id="u-([^"]*)" data-runs="([^"]*)"', text):
            got = [unit for run in runs.split('|')[which].split() for unit, n in [run.split(':')]
                   for _ in range(int(n))]
            same(got, expected[name], f'{model}, {name}')


@claim
def shares_of_phones_are_the_counts_of_eval(t):
    two_speakers(t)
    same(t.voq('eval', *FAST, 'mfcc-100', 'c', '--matrix', 'm.tsv', '-o', 'e').code, 0)
    head, *rows = [line.split('\t') for line in t.read('m.tsv').decode().splitlines()]
    counts = {(row[0], unit): int(n) for row in rows for unit, n in zip(head[1:], row[1:]) if int(n)}
    data = json.loads(element(page(t, 'mfcc-100', 'c'), 'units'))
    got = {}
    for unit, _, *cells in data['models'][0]['columns']:
        got.update({(data['phones'][p], str(unit)): n for p, n in zip(cells[::2], cells[1::2])})
    same(got, counts)


@claim
def vowels_stand_beside_vowels(t):
    phones = 'AA IY P t͡ʃ aj ŋ s SIL S M EY ZZZ'.split()
    t.write('c/s-a.wav', wav(noise(16000 * 2)))
    t.write('c/phones.ctm', ''.join(f's-a 1 {i / 10} 0.1 {p}\n' for i, p in enumerate(phones)))
    data = json.loads(element(page(t, 'mfcc-100', 'c'), 'units'))
    same(data['phones'], 'IY AA EY aj M ŋ S s t͡ʃ P ZZZ SIL'.split())


@claim
def words_are_shown_where_there_are_any(t):
    two_speakers(t)
    holds('>words</text>' not in page(t, 'mfcc-100', 'c'), 'words without words')
    t.write('c/words.ctm', f'{NAMES[0]} 1 0.1 0.6 HELLO\n')
    holds('>HELLO</text>' in page(t, 'mfcc-100', 'c'), 'words.ctm is not shown')
    t.write('other.ctm', f'{NAMES[0]} 1 0.1 0.6 WORLD\n')
    text = page(t, 'mfcc-100', 'c', '--words', 'other.ctm')
    holds('>WORLD</text>' in text and '>HELLO</text>' not in text, '--words is not shown')
    fails(t.voq('report', *FAST, 'mfcc-100', 'c', '--words', 'nowhere', '-o', 'x.html'), 3, 'nowhere')
    t.write('c/words.ctm', f'{NAMES[0]} 1 0.1 0.6 route66_B\n{NAMES[0]} 1 0.7 0.2 A1\n')
    text = page(t, 'mfcc-100', 'c')
    holds('>route66_B</text>' in text and '>A1</text>' in text, 'words are cleaned as phones are')


def tier(name, *labels):
    intervals = ''.join(f'{i / 5} {(i + 1) / 5} "{label}"\n' for i, label in enumerate(labels))
    return f'"IntervalTier" "{name}" 0 1 {len(labels)}\n{intervals}'


@claim
def the_words_of_textgrids_are_those_of_their_phones(t):
    t.write('c/s-a.wav', wav(noise(16000)))
    head = '"ooTextFile" "TextGrid" 0 1 <exists> 2\n'
    t.write('g/s-a.TextGrid', head + tier('words', 'ONE', 'TWO') + tier('phones', 'W', 'AH', 'N', 'T', 'UW'))
    text = page(t, 'mfcc-100', 'c', '--phones', 'g')
    holds('>ONE</text>' in text and '>AH</text>' in text, 'words or phones are missing')
    t.write('g/s-a.TextGrid', head.replace('2', '1') + tier('phones', 'W', 'AH', 'N', 'T', 'UW'))
    holds('>words</text>' not in page(t, 'mfcc-100', 'c', '--phones', 'g'), 'words')
    fails(t.voq('report', *FAST, 'mfcc-100', 'c', '--words', 'g', '--phones', 'g', '-o', 'x.html'), 3, 'words')


@claim
def a_hundred_utterances_without_sound_are_under_5_MB(t):
    two_speakers(t)
    model = ['mfcc-500', 'c']
    with_all, without = (len(page(t, *model, '-n', n)) for n in ('9', '0'))
    seconds = json.loads(t.voq('eval', '-q', '--json', '--bootstrap', '0', *model).out)['usage']['seconds']
    whole = without + (with_all - without) / seconds * 100 * 12.5
    holds(whole < 5e6, f'a hundred utterances of 12.5 s take {whole:.0f} bytes')


@claim
def pictures_are_whole_and_the_sound_is_that_of_the_file(t):
    two_speakers(t)
    samples = array.array('h', [x // 3 for x in range(-16000, 16000)])
    t.write('c/s-x.wav', wav(samples))
    text = page(t, 'mfcc-100', 'c', '--audio', '-u', 's-x')
    sound = base64.b64decode(re.search(r'src="data:audio/wav;base64,([^"]*)"', text)[1])
    same(sound, wav(samples), 'the sound')
    picture = base64.b64decode(re.search(r'href="data:image/png;base64,([^"]*)"', text)[1])
    same(picture[:8], b'\x89PNG\r\n\x1a\n', 'signature')
    at, chunks = 8, {}
    while at < len(picture):
        n, kind = struct.unpack_from('>I4s', picture, at)
        data = picture[at + 8:at + 8 + n]
        same(struct.unpack_from('>I', picture, at + 8 + n)[0], zlib.crc32(kind + data), kind)
        chunks[kind] = data
        at += n + 12
    width, height, depth = struct.unpack('>IIB', chunks[b'IHDR'][:9])
    same((width, depth), (200, 4), 'columns of 10 ms, and bits')
    same(len(zlib.decompress(chunks[b'IDAT'])), height * (1 + width // 2), 'pixels')


@claim
def text_from_outside_is_shown_and_not_obeyed(t):
    name = '<script>alert(1)</script>&"'
    t.write(f"c/s-{name.replace('/', '')}.wav", wav(noise(16000)))
    t.write('c/s-b.wav', wav(noise(16000)))
    t.write('c/phones.ctm', 's-b 1 0 0.5 </script><b>\ns-b 1 0.5 0.5 "&<\n')
    t.write('c/words.ctm', 's-b 1 0 0.5 <i>\n')
    text = page(t, 'mfcc-100', 'c', '-u', 's-b')
    same(text.count('<script'), 3, 'scripts')
    same(text.count('</script'), 3, 'ends of scripts')
    holds('<' not in element(text, 'units') + element(text, 'evaluation'), 'a "<" in the data')
    json.loads(element(text, 'units'))
    holds('&lt;i&gt;</text>' in text, 'the word is not shown')


@claim
def a_corpus_without_phones_has_units_in_their_own_colours(t):
    t.write('c/s-a.wav', wav(noise(16000 * 3)))
    r = t.voq('report', 'mfcc-100', 'c', '-o', 'r.html')
    same(r.code, 0, r.err)
    text = t.read('r.html').decode()
    holds('id="phones"' not in text and '>phones</text>' not in text, 'phones')
    holds(len(set(re.findall(r'<circle [^>]*fill="(#\w+)"', text))) > 5, 'one colour')
    same(shown(text), ['s-a'])


@claim
def a_palette_shows_its_colours(t):
    for scale in 1, 255:
        a_model_of_colours(t, scale)
        text = page(t, 'colours.voq', 'colours', fast=['-q'])
        same(len(re.findall(r'background:rgb\(\d+,\d+,\d+\)', text)), 5, f'colours up to {scale}')
        holds('from 0 to' not in text and '<image' not in text, 'time or a spectrogram')
    a_model_of_colours(t, -1)
    holds('background:rgb' not in page(t, 'colours.voq', 'colours', fast=['-q']), 'negative colours')
    fails(t.voq('report', '-q', 'colours.voq', 'colours', '--audio', '-o', 'x.html'), 2, '--audio')


@claim
def several_codebooks_are_shown_by_their_tuples(t):
    t.write('c/s-a.wav', wav(noise(16000 * 3)))
    same(t.voq('train', '-q', '-k', '6', '--codebooks', '2', '-o', 'two.voq', 'c').code, 0)
    r = t.voq('report', 'two.voq', 'c', '-q', '-o', 'r.html')
    same((r.code, r.err), (0, ''))
    names = json.loads(element(t.read('r.html').decode(), 'units'))['models'][0]['names']
    holds(names and all(re.fullmatch(r'\d\+\d', name) for name in names.values()), f'{names}')


@claim
def logs_of_both_kinds_become_curves_side_by_side(t):
    t.write('c/s-a.wav', wav(noise(16000 * 3)))
    same(t.voq('train', '-q', '-k', '9', '--log', 'km.log', '-o', 'a.voq', 'c').code, 0)
    t.write('net.log', ''.join(json.dumps({
        'epoch': i, 'loss': 9 / i, 'commitment': None, 'heads': [{'accuracy': i / 9}],
        'codebooks': [{'perplexity': i, 'dead': 3}] if i > 2 else []}) + '\n' for i in range(1, 6)))
    text = page(t, 'a.voq', 'c', '--log', 'km.log', '--log', 'net.log', fast=['-q'])
    part = text[text.index('id="training"'):text.index('</section>', text.index('id="training"'))]
    titles = re.findall(r'<figcaption>([^<:]*)', part)
    same(titles, ['Distortion', 'Loss', 'Accuracy of the labels', 'Perplexity', 'Dead codes'])
    same([figure.count('class="curve"') for figure in part.split('<figure>')[1:]], [1, 1, 1, 2, 2])
    holds('km.log' in part and 'net.log' in part, 'a legend without the logs')
    holds('id="training"' not in page(t, 'a.voq', 'c', fast=['-q']), 'curves without a log')


@claim
def curves_of_any_size_have_axes(t):
    t.write('c/s-a.wav', wav(noise(16000)))
    for losses in [5], [1e18, 1e18 + 256], [-1e308, 1e308], [1e-300, 2e-300], [0, 0], [-3, 1e9]:
        t.write('log', ''.join(json.dumps({'epoch': i * 2000000000 + 1, 'loss': loss}) + '\n'
                               for i, loss in enumerate(losses)))
        text = page(t, 'mfcc-100', 'c', '--log', 'log', fast=['-q', '-n', '0'])
        part = text[text.index('id="training"'):text.index('</section>', text.index('id="training"'))]
        holds(not re.search(r'\b(nan|inf)\b', part), f'{losses}: {part:.300}')
        holds(part.count('class="grid"') < 15, f'{losses}: {part.count("grid")} lines')


@claim
def a_bad_log_is_named_by_its_line_and_nothing_is_written(t):
    t.write('c/s-a.wav', wav(noise(16000)))
    cases = {'{"epoch": 1}\n{"epoch": 2\n': 'log:2', '{"epoch": 1}\n\n': 'log:2', '[]\n': 'log:1',
             '{"iteration": 1, "codebook": 0}\n': 'log:1', '{"epoch": -1}\n': 'log:1', '': 'log',
             '{"iteration": 1, "codebook": 99}\n': 'log:1', 'loss 3\n': 'log:1'}
    for text, where in cases.items():
        t.write('log', text)
        fails(t.voq('report', 'mfcc-100', 'c', '--log', 'log', '-o', 'r.html'), 3, where)
    fails(t.voq('report', 'mfcc-100', 'c', '--log', 'nowhere', '-o', 'r.html'), 3, 'nowhere')
    holds('r.html' not in t.names(), 'a page was written')


@claim
def what_cannot_be_done_is_said_in_one_line(t):
    two_speakers(t)
    fails(t.voq('report', 'mfcc-100', 'c'), 2, '-o FILE')
    fails(t.voq('report', 'mfcc-100', '-o', 'r.html'), 2, 'voq report --help')
    fails(t.voq('report', 'c', 'mfcc-100', '-o', 'r.html'), 2, 'voq report mfcc-100 c')
    fails(t.voq('report', *FAST, 'mfcc-100', 'c', '-o', 'nowhere/r.html'), 5, 'nowhere')
    fails(t.voq('report', *FAST, 'mfcc-100', 'c', '-n', '2', '-u', NAMES[0], '-o', 'r.html'), 2, '--number')
    fails(t.voq('report', *FAST, 'mfcc-100', 'c', '--hop', '9', '-o', 'r.html'), 2, '--hop')
    fails(t.voq('report', *FAST, 'mfcc-100', 'c', '-o', 'c/phones.ctm'), 2, 'c/phones.ctm')
    same(t.names(), ['c'], 'files')
    t.write('c/broken.wav', 'RIFF')
    r = t.voq('report', *FAST, 'mfcc-100', 'c', '-o', 'r.html')
    holds(r.code == 3 and 'broken.wav' in r.err, f'{r.code} {r.err!r}')
    same(shown(t.read('r.html').decode()), NAMES, 'the others')


main()
