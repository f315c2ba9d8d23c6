# SPDX-License-Identifier: MIT
"""Where the output goes: files appear whole, a full disk is said, a reader may leave."""

import os
import resource
import signal
import time

from cli import *

SPEECH = wav(noise(16000))


@claim
def a_file_appears_whole_and_nothing_else_does(t):
    t.write('a.wav', SPEECH)
    t.write('out', 'old')
    same(t.encode('-o', 'out', 'a.wav').code, 0)
    same(t.names(), ['a.wav', 'out'])
    same(t.read('out').decode(), t.encode('a.wav').out)


@claim
def a_failed_run_keeps_the_old_output(t):
    t.write('out', 'old')
    fails(t.encode('--strict', '-o', 'out', 'nowhere.wav'), 3)
    same((t.read('out'), t.names()), (b'old', ['out']))


@claim
def a_recording_or_a_list_is_not_overwritten(t):
    before = t.read(os.path.basename(t.write('a.wav', wav(noise(16000)))))
    t.write('in.tsv', '.\na.wav\n')
    os.link(t.path('a.wav'), t.path('b'))
    for output, given in (('a.wav', 'a.wav'), ('b', 'a.wav'), ('a.wav', 'in.tsv'),
                          ('in.tsv', 'in.tsv')):
        fails(t.encode('-o', output, given), 2, output, 'also an input')
    same((t.read('a.wav'), t.names()), (before, ['a.wav', 'b', 'in.tsv']))


@claim
def many_npy_files_have_no_room_on_stdout(t):
    for name in 'a.wav', 'b.wav':
        t.write(name, wav(noise(16000)))
    r = t.encode('-f', 'npy', 'a.wav', 'b.wav')
    fails(r, 2, '-o')
    same(r.out, '')


@claim
def a_full_disk_is_said_and_is_exit_5(t):
    t.write('a.wav', SPEECH)
    with open('/dev/full', 'wb') as full:
        fails(t.encode('a.wav', stdout=full), 5, 'o space left')
        fails(t.voq('--help', stdout=full), 5)
        fails(t.voq('encode', '--help', stdout=full), 5)
        fails(t.voq('info', t.model, stdout=full), 5, 'o space left')
    fails(t.encode('-o', '/dev/full', 'a.wav'), 5, 'o space left')


@claim
def a_disk_that_fills_up_leaves_no_half_a_file(t):
    t.write('a.wav', SPEECH)

    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    fails(t.encode('-o', 'out', 'a.wav', before=small_files), 5, 'out')
    same(t.names(), ['a.wav'])


@claim
def a_folder_that_is_not_there_or_read_only_is_exit_5(t):
    t.write('a.wav', SPEECH)
    fails(t.encode('-o', 'no/out', 'a.wav'), 5, 'no/out')
    same(t.names(), ['a.wav'])


@claim
def a_reader_that_went_away_ends_it_quietly(t):
    t.write('a.wav', SPEECH)
    for arguments in (['encode', '-m', t.model, 'a.wav'], ['info', t.model], ['--help'],
                      ['encode', '--help'], ['encode', '-m', t.model, '-f', 'ark', 'a.wav']):
        for handler in (signal.SIG_IGN, signal.SIG_DFL):
            read, write = os.pipe()
            os.close(read)
            r = t.voq(*arguments, stdout=write,
                      before=lambda: signal.signal(signal.SIGPIPE, handler))
            os.close(write)
            same((r.code, r.err), (0, ''), f'{arguments[:1]}: exit code and stderr')


@claim
def a_reader_that_went_away_is_not_kept_waiting_for_the_input(t):
    """`arecord | voq encode - | head -1` ends with head, even if the microphone is silent."""
    process = t.start('-', stdin=subprocess.PIPE)
    process.stdout.close()
    process.stdin.write(wav(noise(16000), data_size=0xffffffff))
    process.stdin.flush()
    same(process.wait(timeout=60), 0, 'exit code while the input is open')
    same(process.stderr.read(), b'', 'stderr')
    process.stdin.close()
    process.stderr.close()


@claim
def a_closed_stdout_is_an_output_that_failed(t):
    t.write('a.wav', SPEECH)
    for options in [], ['-f', 'km', '--dict', 'dict']:
        fails(t.encode(*options, 'a.wav', before=lambda: os.close(1)), 5, 'stdout')
    same(t.names(), ['a.wav'])


@claim
def an_unfinished_stream_ends_with_its_units(t):
    """SIGTERM while a pipe is open: what was decided has left."""
    process = t.start('-', stdin=subprocess.PIPE)
    process.stdin.write(wav(noise(16000), data_size=0xffffffff))
    process.stdin.flush()
    got, end = b'', time.monotonic() + 20
    os.set_blocking(process.stdout.fileno(), False)
    while len(got.split()) < 95 and time.monotonic() < end:
        got += process.stdout.read() or b''
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)
    process.stdin.close()
    same((process.returncode, len(got.split())), (143, 95), 'exit code and units')
    process.stdout.close()
    process.stderr.close()


main()
