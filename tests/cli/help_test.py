# SPDX-License-Identifier: MIT
"""What voq says about itself. `--refresh` as a fourth argument rewrites the golden texts."""

import os
import re
import shutil
import subprocess

from cli import *

COMMANDS = [line.split('\t')[0] for line in
            subprocess.run([VOQ, '--list-commands'], capture_output=True, text=True)
            .stdout.splitlines()]
BUILT = [name for name in COMMANDS
         if name not in ('train', 'live') or os.path.exists(f'{VOQ}-{name}')]
GOLDEN = os.path.join(SOURCE, 'tests/cli/golden')


def golden(name, text):
    path = os.path.join(GOLDEN, name)
    if '--refresh' in sys.argv:
        with open(path, 'w') as file:
            file.write(text)
    with open(path) as file:
        same(text, file.read(), name)


@claim
def help_is_as_written_down_and_fits_80_columns(t):
    for name, arguments in [('voq.txt', [])] + [(f'{c}.txt', [c]) for c in BUILT]:
        r = t.voq(*arguments, '--help')
        same((r.code, r.err), (0, ''), f'{name}: exit code and stderr')
        golden(name, r.out)
        for line in r.out.splitlines():
            holds(len(line) <= 80, f'{name}: {len(line)} columns: {line!r}')
        same(t.voq(*arguments, '-h').out, r.out)
        if arguments:
            same(t.voq('help', *arguments).out, r.out)


@claim
def version_is_one_line(t):
    for arguments in ([], ['encode'], ['info']):
        r = t.voq(*arguments, '--version')
        holds(r.code == 0 and re.fullmatch(r'voq \d+\.\d+\.\d+\n', r.out), f'{r.out!r}')


@claim
def an_unknown_word_suggests_the_nearest(t):
    fails(t.voq('encdoe'), 2, 'encdoe', 'voq encode')
    fails(t.voq('frobnicate'), 2, 'voq --help')
    fails(t.voq('encode', '--formt', 'km', 'x'), 2, '--format')
    fails(t.voq('encode', '--chan', '1', 'x'), 2, '--channel', '--channels')
    fails(t.voq('encode', '-Z'), 2, '-Z')
    fails(t.voq('encode', '--jobs'), 2, '--jobs needs')
    fails(t.voq('encode', '-j'), 2, '-j needs')
    fails(t.voq('encode', '--quiet=1'), 2, '--quiet')
    fails(t.voq('encode', '-j', 'many', 'x'), 2, '--jobs many')
    fails(t.voq('encode', '-j', '1000', 'x'), 2, '256')
    fails(t.voq('encode', '--cpu', 'z80', 'x'), 2, '--cpu z80: expected one of auto, scalar, sse2')
    fails(t.voq('encode', '-f', 'csv', 'x'), 2, '--format csv: expected one of gslm, km')
    fails(t.voq('convert', '--from', 'csv', 'x'), 2, '--from csv: expected one of gslm, km')
    same(t.voq().code, 2, 'exit code')


@claim
def combinations_that_make_no_sense_say_what_to_do(t):
    fails(t.encode('--profile', 'kaldi', '--features', 'x'), 2, 'one of the two')
    fails(t.voq('encode', '--profile', 'kaldi', 'x'), 2, '--features')
    fails(t.voq('encode', '--features', '--profile', 'kalid', 'x'), 2, 'kaldi')
    fails(t.voq('encode', '--features', '--profile', 'kaldi', '--set', 'num_ceps', 'x'), 2, 'KEY=')
    fails(t.voq('encode', '--features', '--profile', 'kaldi', '--set', 'nope=1', 'x'), 2, 'nope')
    fails(t.encode('--set', 'num_ceps=12', 'x'), 2, '--profile')
    fails(t.encode('--features', '--dedup', 'x'), 2, '--dedup')
    fails(t.encode('--resume', 'x'), 2, '-o')
    fails(t.encode('--name', 'n', 'x'), 2, 'standard input')
    fails(t.voq('info'), 2, 'model')


@claim
def an_option_of_the_front_end_is_refused_in_the_words_of_its_user(t):
    t.write('a.wav', wav(noise(1600)))
    def features(*options):
        return t.voq('encode', '--features', '--profile', 'kaldi', '-o', 'x.npy', *options, 'a.wav')
    fails(features('--set', 'num_ceps=99'), 2,
          '--set num_ceps=99: num_ceps must be 1 to num_mel_bins (23)')
    fails(features('--set', 'num_ceps=30', '--set', 'num_mel_bins=20'), 2,
          'num_ceps must be 1 to num_mel_bins')
    fails(features('--set', 'low_freq=9000'), 2,
          '--set low_freq=9000: low_freq and high_freq (0) must')
    fails(t.voq('encode', '--features', '--profile', 'librosa', '--set', 'n_mfcc=999', 'a.wav'), 2,
          '--set n_mfcc=999: n_mfcc must be 1 to n_mels (128)')
    same(features('--set', 'num-ceps=10').code, 0, 'exit code')


def options_of(t, command):
    return {line.split('\t')[1] for line in t.voq(command, '--list-options').out.splitlines()}


def options_advised(command, text):
    """(command, option) for each option in a message; "voq NAME" speaks of another command."""
    for sentence in re.split('[;,]', text):
        speaks_of = command
        for word in re.finditer(r'voq (' + '|'.join(COMMANDS) + r')\b|(--[a-z][a-z-]*)', sentence):
            if word[1]:
                speaks_of = word[1]
            else:
                yield speaks_of, word[2]


@claim
def advice_names_only_what_the_command_has(t):
    subprocess.run([MAKE_MODEL, t.path('rvq.voq'), '8', '2'], check=True)
    subprocess.run([MAKE_MODEL, t.path('v.voq'), 'vectors', '4', '8'], check=True)
    same(t.voq('convert', '-q', 'v.voq', '-o', 'x.npy').code, 0)
    same(t.voq('convert', '-q', 'rvq.voq', '-o', 'cube.npy').code, 0)
    for name in 'a.wav', 'c/s/a.wav', 'c/t/a.wav':
        t.write(name, wav(noise(1600)))
    t.write('pipe.scp', 'a cat a.wav |\n')
    t.write('u.gslm', 'a|1\n')
    t.write('u.unknown', '?')
    t.write('u.ctm', 'a 1 0 0.015 3\n')
    t.write('up.gslm', '../b|1\n')
    t.write('bad.gslm', 'a/b\tc|1\n')
    t.write('r.jsonl', '{"voq":1,"cb":2,"k":8,"hop":160,"rate":16000}\n'
            '{"i":0,"t":0.000000,"unit":[1,2]}\n{"end":1,"t":0.010000}\n')
    model = ['-m', t.model]
    for command, *arguments in (
            ('encode', '-m', 'rvq.voq', 'a.wav'), ('encode', '-m', 'v.voq', '-f', 'ctm', 'x.npy'),
            ('encode', *model, 'pipe.scp'), ('encode', *model, 'c'), ('encode', *model, '-', '-'),
            ('encode', *model, '-'), ('encode', *model, '-f', 'ark', '--scp', 's', 'a.wav'),
            ('convert', '-f', 'gslm', 'r.jsonl'), ('convert', '-f', 'ctm', 'u.gslm'),
            ('convert', '-f', 'jsonl', '--hop', '160', '--rate', '16000', 'u.gslm'),
            ('convert', 'u.unknown'), ('convert', '-'), ('convert', '-f', 'ark', 'bad.gslm'),
            ('convert', 'u.ctm', '--hop', '160', '--rate', '16000'), ('convert', 'u.ctm'),
            ('convert', 'x.npy', '--frontend', 'lda-100', '-o', 'y.voq'),
            ('decode', *model, 'u.unknown'), ('decode', *model, '-'), ('decode', *model, 'u.ctm'),
            ('decode', *model, 'up.gslm', '-o', 'out'), ('decode', '-m', 'v.voq', 'u.ctm'),
            ('decode', *model, 'r.jsonl'), ('decode', *model, '-f', 'ark', '--scp', 's', 'u.gslm'),
            ('eval', t.model, 'pipe.scp'), ('eval', t.model, 'c'), ('eval', t.model, '-'),
            ('eval', 'v.voq', 'a.wav'), ('eval', '--units', 'u.unknown', '--phones', 'u.ctm'),
            ('eval', '--units', 'u.ctm', '--phones', 'u.ctm'),
            ('train', '-k', '2', '-o', 'm.voq', 'pipe.scp'), ('train', '-o', 'm.voq', '-'),
            ('train', '-k', '2', '-o', 'm.voq', '--init', 'cube.npy', 'x.npy')):
        r = t.voq(command, *arguments, stdin=b'neither audio nor units')
        holds(r.code in (2, 3), f'{command} {arguments}: exit code {r.code}')
        for name, option in options_advised(command, r.err):
            holds(option in options_of(t, name), f'{command} {arguments}: {r.err!r}: {name} has no '
                  f'{option}')


@claim
def a_missing_instruction_set_is_blamed_on_the_option(t):
    absent = next((name for name in ('neon', 'sse2')
                   if t.encode('--cpu', name, t.write('a.wav', wav(noise(1600)))).code), None)
    if not absent:
        raise Skip('this machine has every instruction set')
    for r in (t.encode('--cpu', absent, 'a.wav'), t.voq('eval', '--cpu', absent, t.model, '.'),
              t.voq('encode', '--features', '--profile', 'kaldi', '--cpu', absent, 'a.wav')):
        fails(r, 2, '--cpu: this machine or build lacks that instruction set')
        holds('tiny' not in r.err, r.err)


@claim
def the_formats_of_help_are_those_that_there_are(t):
    t.write('a.wav', wav(noise(160)))
    there = set()
    for features, other in (([], 'hubert'), (['--features'], 'km')):
        error = t.encode(*features, '-f', other, 'a.wav').err
        there |= set(error.split('choose one of: ')[1].split())
    listed = re.search('^-f\t--format\t[A-Z]+\t(.*)\t', t.voq('encode', '--list-options').out, re.M)
    same(set(listed[1].split('|')), there)


@claim
def every_option_is_in_the_manual_and_the_other_way_round(t):
    for command in BUILT:
        path = os.path.join(SOURCE, f'tools/man/voq-{command}.1.scd')
        with open(path) as file:
            manual = set(re.findall(r'\*(--[a-z0-9-]+)\*', file.read()))
        options = {line.split('\t')[1] for line in
                   t.voq(command, '--list-options').out.splitlines()}
        same(options - manual, set(), f'options of {command} that the manual lacks')
        same(manual - options, set(), f'options in the manual that {command} lacks')


def complete(t, line):
    """What bash offers after this line."""
    words = line.split(' ')
    script = (f'PATH={os.path.dirname(VOQ)}:$PATH; compopt() {{ :; }}\n'
              f'source {SOURCE}/tools/command/completion/voq.bash\n'
              f'COMP_WORDS=({" ".join(repr(w) for w in words)}); COMP_CWORD={len(words) - 1}\n'
              '_voq; printf "%s\\n" "${COMPREPLY[@]}"')
    r = subprocess.run(['bash', '-c', script], capture_output=True, text=True, cwd=t.folder)
    same((r.returncode, r.stderr), (0, ''), 'bash')
    return r.stdout.split()


@claim
def bash_completes_commands_options_and_choices(t):
    if not shutil.which('bash'):
        raise Skip('no bash')
    t.write('speech.wav', '')
    holds('encode' in complete(t, 'voq '), 'no commands')
    same(complete(t, 'voq inf'), ['info'])
    same(complete(t, 'voq encode --form'), ['--format'])
    same(complete(t, 'voq encode -f units'), ['units', 'units-names'])
    same(complete(t, 'voq encode --cpu sc'), ['scalar'])
    same(complete(t, 'voq encode sp'), ['speech.wav'])
    for option in 'encode -o', 'convert --calibrate', 'convert --tsv':
        same(complete(t, f'voq {option} sp'), ['speech.wav'], option)


@claim
def bash_completes_the_names_of_models_wherever_a_model_is_read(t):
    if not shutil.which('bash'):
        raise Skip('no bash')
    t.write('models/tiny.voq', '')
    t.write('speech.wav', '')
    os.environ['VOQ_MODELS'] = t.path('models')
    try:
        for line in ('info', 'convert', 'eval', 'report', 'encode -m'):
            same(complete(t, f'voq {line} ti'), ['tiny'], line)
        for line in ('info', 'convert', 'eval', 'report', 'encode'):
            same(complete(t, f'voq {line} sp'), ['speech.wav'], line)
        same(complete(t, 'voq encode ti'), [], 'encode')
    finally:
        del os.environ['VOQ_MODELS']


@claim
def zsh_can_read_its_completion(t):
    if not shutil.which('zsh'):
        raise Skip('no zsh')
    r = subprocess.run(['zsh', '-n', f'{SOURCE}/tools/command/completion/_voq'],
                       capture_output=True, text=True)
    same((r.returncode, r.stderr), (0, ''), 'zsh')


main()
