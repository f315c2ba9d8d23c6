# SPDX-License-Identifier: MIT
"""Units, phones, items and speakers as people's tools write them. If a claim fails, voq eval or
voq convert refuses somebody's file, or scores it as another one."""

import gzip
import json

from cli import *

UNITS = 'a|3 3 4 4 5\nb|4 4 3 3 3\n'
PHONES = {'a': [(0, 5e-05, 'sil'), (5e-05, .02, 'AH1'), (.02, .05, 'say "t"')],
          'b': [(0, .02, 'T'), (.02, .05, 'AH0')]}
ITEMS = '#file onset offset #phone prev-phone next-phone speaker\n' + ''.join(
    f'{file} {start} {end} {phone} x y s\n' for file, start, end, phone in (
        ('a', '5e-05', '.02', 'AH'), ('a', '+0.02', '5E-2', 'T'), ('b', '-0', '2e-2', 'T'),
        ('b', '0.02', '0.05', 'AH')))
GRID = ['--hop', '160', '--rate', '16000', '--codes', '6']


def score(t, phones, *more, units='u.gslm'):
    r = t.voq('eval', '--json', '--quiet', '--units', units, *GRID, '--phones', phones, *more)
    same((r.code, r.err), (0, ''), f'exit code and stderr of {phones}')
    return {key: value for key, value in json.loads(r.out).items()
            if key in ('all', 'speech', 'boundaries', 'abx', 'speaker', 'usage')}


def ctm():
    return ''.join(f'{name} 1 {start} {end - start} {text.split()[0]}\n'
                   for name, spoken in PHONES.items() for start, end, text in spoken)


def short_form(spoken):
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', '', '0', '0.05', '<exists>',
             '2', '"TextTier"', '"clicks"', '0', '0.05', '1', '0.01', '"a"', '"IntervalTier"',
             '"phones"', '0', '0.05', str(len(spoken))]
    for start, end, text in spoken:
        lines += [repr(start), repr(end), '"' + text.replace('"', '""') + '"']
    return '\n'.join(lines) + '\n'


def long_form(spoken):
    text = ('File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0 \nxmax = 0.05 \n'
            'tiers? <exists> \nsize = 2 \nitem []: \n    item [1]:\n'
            '        class = "TextTier" \n        name = "clicks" \n        xmin = 0 \n'
            '        xmax = 0.05 \n        points: size = 1 \n        points [1]:\n'
            '            number = 0.01 \n            mark = "a\nb" \n    item [2]:\n'
            '        class = "IntervalTier" \n        name = "phones" \n        xmin = 0 \n'
            f'        xmax = 0.05 \n        intervals: size = {len(spoken)} \n')
    for i, (start, end, label) in enumerate(spoken):
        label = label.replace('"', '""')
        text += (f'        intervals [{i + 1}]:\n            xmin = {start} \n'
                 f'            xmax = {end} \n            text = "{label}" \n')
    return text


def write_grids(t, folder, form, encode):
    for name, spoken in PHONES.items():
        t.write(f'{folder}/{name}.TextGrid', encode(form(spoken)))
    return folder


ENCODINGS = {
    'plain': lambda s: s.encode(),
    'mark': lambda s: b'\xef\xbb\xbf' + s.encode(),
    'crlf': lambda s: s.replace('\n', '\r\n').encode(),
    'cr': lambda s: s.replace('\n', '\r').encode(),
    'little': lambda s: b'\xff\xfe' + s.encode('utf-16-le'),
    'big': lambda s: b'\xfe\xff' + s.encode('utf-16-be'),
    'packed': lambda s: gzip.compress(s.encode()),
}


@claim
def a_textgrid_scores_the_same_in_every_form_and_encoding(t):
    t.write('u.gslm', UNITS)
    expected = score(t, write_grids(t, 'g', short_form, ENCODINGS['plain']))
    holds(expected['all']['pnmi'] > 0, 'nothing was scored')
    for name, encode in ENCODINGS.items():
        for form in (short_form, long_form):
            folder = write_grids(t, f'{name}-{form.__name__}', form, encode)
            same(score(t, folder), expected, folder)


@claim
def ipa_in_a_label_is_a_phone_of_its_own(t):
    t.write('u.gslm', 'a|3 3 4 4 5\n')
    spoken = [(0, .02, 'ɑː\nx'), (.02, .05, '𝔸')]
    t.write('a.TextGrid', b'\xfe\xff' + long_form(spoken).encode('utf-16-be'))
    score(t, 'a.TextGrid', '--matrix', 'm.tsv')
    rows = [line.split('\t')[0] for line in t.read('m.tsv').decode().splitlines()]
    same(rows, ['phone', 'ɑː x', '𝔸'])


@claim
def a_bom_crlf_blanks_and_gzip_change_no_list(t):
    t.write('u.gslm', UNITS)
    t.write('p.ctm', ctm())
    t.write('i.item', ITEMS)
    t.write('s', 'a x\nb y\n')
    expected = score(t, 'p.ctm', '--items', 'i.item', '--speakers', 's')
    same(expected['abx']['items'], 4)

    def dirty(text):
        return b'\xef\xbb\xbf' + text.rstrip('\n').replace('\n', ' \t\r\n').encode()
    for number, way in enumerate((dirty, lambda s: gzip.compress(dirty(s)),
                                  lambda s: b''.join(gzip.compress(x.encode())
                                                     for x in s.splitlines(True)))):
        end = '.gz' if number else ''
        for name, text in (('u.gslm', UNITS), ('p.ctm', ctm()), ('i.item', ITEMS),
                           ('s', 'a x\nb y\n')):
            t.write(f'{number}/{name}{end}', way(text))
        got = score(t, f'{number}/p.ctm{end}', '--items', f'{number}/i.item{end}', '--speakers',
                    f'{number}/s{end}', units=f'{number}/u.gslm{end}')
        same(got, expected, number)


@claim
def a_bom_crlf_and_gzip_change_no_text_archive(t):
    t.write('u.gslm', UNITS)
    t.write('p.ctm', ctm())
    expected = score(t, 'p.ctm')
    plain = 'a 3 3 4 4 5 \nb 4 4 3 3 3 \n'.encode()
    marked = b'\xef\xbb\xbf' + plain.replace(b'\n', b'\r\n')
    for name, content in (('p.ark', plain), ('m.ark', marked), ('p.ark.gz', gzip.compress(plain)),
                          ('m.ark.gz', gzip.compress(marked)), ('z.ark', gzip.compress(plain))):
        t.write(name, content)
        same(score(t, 'p.ctm', units=name), expected, name)
    t.write('cut.ark.gz', gzip.compress(plain)[:-9])
    r = t.voq('eval', '-q', '--units', 'cut.ark.gz', *GRID, '--phones', 'p.ctm')
    fails(r, 3, 'cut.ark.gz', 'ends too early')


@claim
def the_report_gives_the_terminal_no_command(t):
    names = 'u\x1b[31m.gslm', 'p\x1b[31m\n.ctm'
    t.write(names[0], UNITS)
    t.write(names[1], ctm().replace(' sil\n', ' s\x1b[31m\n'))
    r = t.voq('eval', '-q', '--per-phone', '--units', names[0], *GRID, '--phones', names[1])
    same((r.code, r.err), (0, ''))
    holds('\x1b' not in r.out and 'u?[31m.gslm' in r.out and 'p?[31m?.ctm' in r.out, r.out)


@claim
def a_list_in_utf16_and_a_label_in_latin1_are_told(t):
    t.write('u.gslm', UNITS)
    t.write('p.ctm', b'\xff\xfe' + ctm().encode('utf-16-le'))
    r = t.voq('eval', '-q', '--units', 'u.gslm', *GRID, '--phones', 'p.ctm')
    fails(r, 3, 'p.ctm:1: is UTF-16; save it as UTF-8')
    t.write('a.TextGrid', long_form([(0, .05, 'é')]).encode('latin-1'))
    r = t.voq('eval', '-q', '--units', 'u.gslm', *GRID, '--phones', 'a.TextGrid')
    fails(r, 3, "not UTF-8, perhaps Latin-1 or MacRoman; save the file as UTF-8")


@claim
def a_cut_or_damaged_gzip_fails_and_scores_nothing(t):
    t.write('u.gslm', UNITS)
    packed = gzip.compress(ctm().encode())
    t.write('cut.ctm.gz', packed[:-9])
    t.write('bad.ctm.gz', packed[:-8] + b'\0\0\0\0' + packed[-4:])
    for name, reason in (('cut', 'ends too early'), ('bad', 'is damaged here')):
        r = t.voq('eval', '-q', '--units', 'u.gslm', *GRID, '--phones', f'{name}.ctm.gz')
        fails(r, 3, f'{name}.ctm.gz:')
        holds(reason in r.err, r.err)
        same(r.out, '')


@claim
def a_ctm_may_name_the_audio_that_was_labelled(t):
    t.write('u.gslm', UNITS)
    t.write('p.ctm', ctm())
    expected = score(t, 'p.ctm')
    for suffix in ('wave', 'm4a', 'AIFC', 'webm', 'snd'):
        t.write('p.ctm', ctm().replace(' 1 ', f'.{suffix} 1 '))
        same(score(t, 'p.ctm'), expected, suffix)


@claim
def convert_reads_the_textgrids_that_eval_reads(t):
    units = [(0, .02, '3'), (.02, .04, ''), (.04, .05, '17 ')]
    for name, encode in ENCODINGS.items():
        for form in (short_form, long_form):
            suffix = '.TextGrid.gz' if name == 'packed' else '.TextGrid'
            t.write(f'x{suffix}', encode(form(units)))
            r = t.voq('convert', '-q', '--hop', '160', '--rate', '16000', f'x{suffix}', '-f', 'ctm')
            same((r.code, r.out, r.err),
                 (0, 'x 1 0.000000 0.020000 3\nx 1 0.040000 0.010000 17\n', ''), name)


@claim
def hidden_files_in_a_folder_of_units_are_no_units(t):
    t.write('g/x.TextGrid', short_form([(0, .05, '3')]))
    t.write('g/._x.TextGrid', b'\0\5\x16\7')
    r = t.voq('convert', '-q', '--hop', '160', '--rate', '16000', 'g', '-f', 'km')
    same((r.code, r.out, r.err), (0, '3 3 3 3 3\n', ''))


main()
