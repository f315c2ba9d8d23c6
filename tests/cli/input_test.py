# SPDX-License-Identifier: MIT
"""Inputs that are not as they should be: a user loses no unit that could be had, and is told."""

import array
import math
import os
import subprocess

from cli import *

SPEECH = noise(16000)


@claim
def an_empty_file_is_reported_and_the_run_goes_on(t):
    t.write('empty.wav', b'')
    t.write('good.wav', wav(SPEECH))
    r = t.encode('empty.wav', 'good.wav')
    fails(r, 3, 'empty.wav: ')
    same([line.split('|')[0] for line in r.out.splitlines()], ['good'])


@claim
def a_wav_without_samples_is_an_empty_line(t):
    r = t.encode(t.write('none.wav', wav(b'')))
    same((r.code, r.out), (0, 'none|\n'))


@claim
def where_a_format_cannot_be_empty_the_empty_utterance_is_reported(t):
    t.write('a.wav', wav(SPEECH[:3200]))
    t.write('none.wav', wav(b''))
    t.write('z.wav', wav(SPEECH[:1600]))
    r = t.encode('-f', 'textgrid', '-o', 'out', 'a.wav', 'none.wav', 'z.wav')
    fails(r, 3, 'none', '1 of 3')
    same(t.names('out'), ['a.TextGrid', 'z.TextGrid'])
    r = t.encode('-f', 'textgrid', 'none.wav')
    fails(r, 3, 'none')
    same(r.out, '')


@claim
def a_name_that_a_format_cannot_hold_is_reported(t):
    t.write('a b.wav', wav(SPEECH[:1600]))
    t.write('c.wav', wav(SPEECH[:1600]))
    r = t.encode('-f', 'ctm', 'a b.wav', 'c.wav')
    fails(r, 3, 'a b.wav: a b: the name cannot be written as ctm')
    same({line.split(' ')[0] for line in r.out.splitlines()}, {'c'})
    r = t.encode('-f', 'ctm', '--name-escape', 'a b.wav', 'c.wav')
    same(({line.split(' ')[0] for line in r.out.splitlines()}, r.code), ({'a%20b', 'c'}, 0))


@claim
def less_than_half_a_hop_gives_no_unit_and_half_a_hop_gives_one(t):
    same(t.encode(t.write('short.wav', wav(SPEECH[:79]))).out, 'short|\n')
    same(len(units(t.encode(t.write('unit.wav', wav(SPEECH[:80]))).out)), 1)


@claim
def silence_gives_a_unit_for_every_hop(t):
    r = t.encode(t.write('silent.wav', wav(array.array('h', bytes(32000)))))
    same((r.code, len(units(r.out)), r.err), (0, 100, ''))


@claim
def clipped_audio_gives_a_unit_for_every_hop(t):
    square = array.array('h', [32767 if i // 40 % 2 else -32768 for i in range(16000)])
    r = t.encode(t.write('clipped.wav', wav(square)))
    same((r.code, len(units(r.out)), r.err), (0, 100, ''))


@claim
def samples_that_are_not_numbers_count_as_zero_and_are_said_once(t):
    x = array.array('f', [s / 32768 for s in SPEECH])
    zeroed = array.array('f', x)
    for i in (100, 5000, 5001):
        x[i], zeroed[i] = math.nan, 0.0
    x[9000], zeroed[9000] = math.inf, 0.0
    r = t.encode(t.write('bad.wav', wav(x, kind=3)))
    fails(r, 0, 'bad.wav: 4 samples')
    same(r.err.count('\n'), 1, 'lines of stderr')
    good = t.encode('--name', 'bad', '-', stdin=wav(zeroed, kind=3))
    same((r.out, good.err), (good.out, ''))


@claim
def other_rates_are_resampled_and_that_is_said_once(t):
    for rate in (8000, 192000):
        x = noise(rate // 2)
        files = [t.write(f'{rate}-{i}.wav', wav(x, rate=rate)) for i in range(2)]
        r = t.encode(*files)
        fails(r, 0, f'{rate} Hz', '16000 Hz')
        same(r.err.count('\n'), 1, 'lines of stderr')
        same([len(units(line)) for line in r.out.splitlines()], [50, 50])


@claim
def eight_channels_are_averaged_or_picked_or_kept_apart(t):
    channels = [noise(4800, seed=c) for c in range(8)]
    inter = array.array('h', [channels[c][i] for i in range(4800) for c in range(8)])
    t.write('eight.wav', wav(inter, channels=8))
    alone = [t.encode('--name', f'eight-channel{c + 1}', '-', stdin=wav(channels[c])).out
             for c in range(8)]
    same(t.encode('--channel', 'all', 'eight.wav').out, ''.join(alone))
    same(units(t.encode('--channel', '3', 'eight.wav').out), units(alone[2]))
    same(len(units(t.encode('eight.wav').out)), 30)
    fails(t.encode('--channel', '9', 'eight.wav'), 3, 'eight.wav')
    fails(t.encode('--channel', '0', 'eight.wav'), 2, '--channel 0')


@claim
def a_truncated_wav_keeps_its_units_and_exits_3(t):
    t.write('whole.wav', wav(SPEECH[:8000]))
    t.write('cut.wav', wav(SPEECH[:8000], data_size=32000))
    r = t.encode('cut.wav')
    fails(r, 3, 'cut.wav')
    same(units(r.out), units(t.encode('whole.wav').out))
    fails(t.encode('--strict', 'cut.wav', 'whole.wav'), 3, '--strict')


@claim
def a_truncated_flac_keeps_its_units_and_exits_3(t):
    source = os.path.join(SOURCE, 'tests/data/5652-19215-0032.flac')
    with open(source, 'rb') as file:
        data = file.read()
    t.write('cut.flac', data[:len(data) // 2])
    r = t.encode('cut.flac')
    fails(r, 3, 'cut.flac')
    n = len(units(r.out))
    whole = units(t.encode(source).out)
    holds(10 < n < len(whole), f'{n} units of {len(whole)}')
    same(units(r.out)[:n - 10], whole[:n - 10])


@claim
def a_file_is_what_it_holds_not_what_it_is_called(t):
    t.write('a.flac', wav(SPEECH))
    t.write('b.txt', wav(SPEECH))
    r = t.encode('a.flac', 'b.txt')
    same((r.code, r.err), (0, ''))
    same([units(line) for line in r.out.splitlines()],
         [units(t.encode('--name', 'x', '-', stdin=wav(SPEECH)).out)] * 2)


@claim
def what_a_decoder_says_of_damaged_frames_is_not_heard(t):
    draw = random.Random(3)
    t.write('a.mp3', b''.join(b'\xff\xfb\x50\xc4' + draw.randbytes(204) for _ in range(60)))
    r = t.encode('a.mp3')
    holds(units(r.out), 'no units')
    holds(all(line.startswith('voq: ') for line in r.err.splitlines()), f'stderr {r.err!r}')


@claim
def text_called_wav_is_reported(t):
    fails(t.encode(t.write('notes.wav', 'this is no audio at all, only text\n' * 40)), 3,
          'notes.wav')


@claim
def a_header_that_states_no_length_is_read_to_the_end(t):
    for size in (0, 0xffffffff):
        t.write('open.wav', wav(SPEECH, data_size=size))
        r = t.encode('open.wav')
        fails(r, 0, 'open.wav')
        same(len(units(r.out)), 100)
        piped = t.encode('--name', 'open', '-', stdin=t.read('open.wav'))
        same((piped.code, piped.out), (0, r.out))


@claim
def a_header_that_states_too_little_is_believed_and_that_is_a_failure(t):
    r = t.encode(t.write('more.wav', wav(SPEECH, data_size=16000)))
    fails(r, 3, 'more.wav', 'byte 16044')
    same(len(units(r.out)), 50)


@claim
def a_file_that_may_not_be_read_is_reported(t):
    t.write('secret.wav', wav(SPEECH))
    os.chmod(t.path('secret.wav'), 0)
    os.chmod(t.folder, 0o755)
    os.chmod(os.path.dirname(t.folder), 0o755)

    def as_nobody():
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)

    fails(t.encode('secret.wav', before=as_nobody), 3, 'secret.wav', 'ermission')


@claim
def a_folder_called_like_a_file_is_a_folder(t):
    os.mkdir(t.path('dir.wav'))
    fails(t.encode('dir.wav'), 3, 'dir.wav')
    t.write('dir.wav/x.wav', wav(SPEECH))
    same(t.encode('dir.wav').out.split('|')[0], 'x')


@claim
def a_folder_without_audio_is_reported_and_the_run_goes_on(t):
    os.mkdir(t.path('empty'))
    r = t.encode('empty', t.write('a.wav', wav(SPEECH)))
    same((r.code, r.out.split('|')[0]), (3, 'a'))
    holds('voq: empty/: ' in r.err, f'stderr {r.err!r}')


@claim
def a_message_is_one_line_whatever_the_file_is_called(t):
    r = t.encode(t.write('new\nline\033[2J.wav', wav(SPEECH)))
    same(r.code, 3)
    same(r.err.count('\n'), 1, 'lines')
    holds('new?line?[2J' in r.err, f'stderr {r.err!r}')


@claim
def a_name_in_a_message_gives_the_terminal_no_command(t):
    for bad in ('\u009b31m', '\u0085', '\u202e', '\u2066', '\u200f', '\u061c', '\u2028', '\x7f', '\x01'):
        name = f'é{bad}z.wav'
        r = t.encode(name)
        fails(r, 3, 'é?', 'z.wav: ')
        holds(bad[0] not in r.err, f'stderr {r.err!r}')
    r = subprocess.run([VOQ.encode(), b'encode', b'-m', t.model.encode(), b'a\x9b2Jb\xff.wav'],
                       cwd=t.folder, stderr=subprocess.PIPE)
    holds(b'a?2Jb?.wav: ' in r.stderr, f'stderr {r.stderr!r}')


@claim
def the_report_of_a_model_gives_the_terminal_no_command(t):
    with open(t.model, 'rb') as file:
        t.write('\u009b31m\033[2J.voq', file.read())
    r = t.voq('info', '\u009b31m\033[2J.voq')
    holds(r.code == 0 and '?31m?[2J.voq\n' in r.out, f'{r.out!r:.300}')


@claim
def a_file_that_is_not_there_is_reported(t):
    fails(t.encode('nowhere.wav'), 3, 'nowhere.wav', 'No such file')


@claim
def strict_stops_at_the_first_failure_and_writes_nothing(t):
    t.write('good.wav', wav(SPEECH))
    fails(t.encode('--strict', '-o', 'out', 'nowhere.wav', 'good.wav'), 3, 'nowhere.wav')
    same(t.names(), ['good.wav'])


@claim
def in_km_a_failed_input_stops_the_run_and_nothing_gets_its_name(t):
    t.write('a.wav', wav(SPEECH))
    fails(t.encode('-f', 'km', '-o', 'out.km', 'nowhere.wav', 'a.wav'), 3, 'nowhere.wav')
    same(t.names(), ['a.wav'])


@claim
def two_inputs_of_one_name_are_refused_before_the_first_byte(t):
    t.write('a/x.wav', wav(SPEECH))
    t.write('b/x.wav', wav(SPEECH))
    r = t.encode('a', 'b')
    fails(r, 2, 'a/x.wav', 'b/x.wav')
    same(r.out, '')
    r = t.encode('--names', 'path', t.folder)
    same([line.split('|')[0] for line in r.out.splitlines()], ['a/x', 'b/x'])


@claim
def nothing_to_do_is_a_usage_error(t):
    fails(t.encode(), 2, 'no input')
    fails(t.encode('-f', 'nope', t.write('a.wav', wav(SPEECH))), 2, 'nope')
    fails(t.voq('encode', '-m', 'no-such-model', 'a.wav'), 2, 'no-such-model')
    fails(t.voq('encode', '-m', t.write('text.voq', 'no model'), 'a.wav'), 2, 'text.voq')
    r = t.voq('encode', '-m', 'gone.voq', 'a.wav')
    same((r.code, r.err), (2, 'voq: gone.voq: cannot be opened: No such file or directory\n'))


@claim
def a_pipe_in_a_wav_scp_runs_only_when_allowed(t):
    t.write('a.wav', wav(SPEECH))
    t.write('wav.scp', 'utt1 touch ran; cat a.wav |\n')
    fails(t.encode('wav.scp'), 3, 'wav.scp:1', '--allow-pipes')
    holds(not os.path.exists(t.path('ran')), 'the command was run')
    r = t.encode('--allow-pipes', 'wav.scp')
    same(units(r.out), units(t.encode('a.wav').out))
    t.write('wav.scp', 'utt1 cat a.wav; exit 1 |\nutt2 a.wav\n')
    r = t.encode('--allow-pipes', 'wav.scp')
    same(r.code, 3, 'exit code')


@claim
def a_command_that_has_more_than_is_wanted_ends_quietly(t):
    t.write('long.wav', wav(noise(16000)) + bytes(4000000))
    t.write('wav.scp', 'rec cat long.wav long.wav |\n')
    t.write('segments', 'utt1 rec 0.1 0.3\n')
    r = t.encode('--allow-pipes', '--segments', 'segments', 'wav.scp')
    same((r.code, r.err, len(units(r.out))), (0, '', 20), 'exit code, stderr and units')


@claim
def a_bad_line_of_a_list_names_file_and_line(t):
    t.write('a.wav', wav(SPEECH))
    t.write('list.tsv', f'{t.folder}\na.wav\tmany\n')
    r = t.encode('list.tsv')
    fails(r, 3, 'list.tsv:2')
    same(r.out, '')


@claim
def a_manifest_that_counts_otherwise_warns_and_is_strict_on_request(t):
    t.write('a.wav', wav(SPEECH))
    t.write('list.tsv', f'{t.folder}\na.wav\t15000\n')
    r = t.encode('list.tsv')
    fails(r, 0, '15000', '16000')
    same(len(units(r.out)), 100)
    fails(t.encode('--strict', 'list.tsv'), 3, '15000')


@claim
def headerless_audio_needs_its_rate_and_is_not_a_wav(t):
    raw = SPEECH.tobytes()
    t.write('x.raw', raw)
    r = t.encode('--raw', 's16le', '--rate', '16000', 'x.raw')
    same(units(r.out), units(t.encode('--name', 'x', '-', stdin=wav(SPEECH)).out))
    piped = t.encode('--raw', 's16le', '--rate', '16000', '--name', 'x', '-', stdin=raw)
    same(piped.out, r.out)
    fails(t.encode('--raw', 's16le', 'x.raw'), 2, '--rate')
    fails(t.encode('--rate', '16000', 'x.raw'), 2, '--raw')
    t.write('x.wav', wav(SPEECH))
    fails(t.encode('--raw', 's16le', '--rate', '16000', 'x.wav'), 3, '--force-raw')
    fails(t.encode('--raw', 's16le', '--rate', '16000', t.write('odd.raw', raw + b'1')), 3,
          'odd.raw')


@claim
def vectors_enter_before_the_codebook_and_nan_names_its_place(t):
    model = t.path('vectors.voq')
    subprocess.run([MAKE_MODEL, model, 'vectors', '4', '7'], check=True)
    x = array.array('f', [((i * 7919) % 97 - 48) / 4 for i in range(400)])

    def npy(values):
        head = b"{'descr': '<f4', 'fortran_order': False, 'shape': (100, 4), }"
        head += b' ' * (117 - len(head)) + b'\n'
        return b'\x93NUMPY\x01\x00' + struct.pack('<H', 118) + head + values.tobytes()

    t.write('x.npy', npy(x))
    r = t.voq('encode', '-m', model, 'x.npy')
    same((r.code, len(units(r.out))), (0, 100))
    x[4 * 30 + 2] = math.nan
    t.write('bad.npy', npy(x))
    fails(t.voq('encode', '-m', model, 'bad.npy'), 3, 'bad.npy', 'frame 30', 'dim 2')
    fails(t.voq('encode', '-m', model, t.write('a.wav', wav(SPEECH))), 2, 'vectors')
    fails(t.encode('x.npy'), 3, 'x.npy')


main()
