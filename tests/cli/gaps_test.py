# SPDX-License-Identifier: MIT
"""RECORDING.gaps: a side file that is broken costs its own recording, and no other."""

import os

from cli import *

SPEECH = noise(16000)


def beside_a_good_one(t, gaps):
    """Encodes bad.wav, whose .gaps is this text, and good.wav behind it."""
    t.write('bad.wav', wav(SPEECH))
    t.write('good.wav', wav(SPEECH[:1600]))
    if gaps is not None:
        t.write('bad.wav.gaps', gaps)
    return t.encode('-o', 'out', 'bad.wav', 'good.wav', timeout=60)


def costs_only_its_recording(t, gaps, *words):
    r = beside_a_good_one(t, gaps)
    fails(r, 3, 'bad.wav.gaps', '1 of 2 inputs', *words)
    same([line.split('|')[0] for line in t.read('out').decode().splitlines()], ['good'])


@claim
def a_broken_list_of_gaps_costs_only_its_recording(t):
    for gaps in ('x\n', '1\t2\n', '1\t2\t\n', '-1\t2\tx\n', '1\tnan\tx\n', '1.5\t2\tx\n',
                 '1\t2\t' + 'y' * 24 + '\n', '\x00', '1\t1e400\tx\n'):
        costs_only_its_recording(t, gaps, ':1: ')


@claim
def more_lost_samples_than_can_be_counted_cost_only_their_recording(t):
    for gaps in ('1\t18446744073709551615\tx\n', '1\t9223372036854775807\tx\n',
                 '18446744073709551615\t1\tx\n', '99999999999999999999\t1\tx\n',
                 '1\t9007199254740991\tx\n2\t9007199254740991\tx\n'):
        costs_only_its_recording(t, gaps)


@claim
def gaps_that_are_not_in_order_cost_only_their_recording(t):
    costs_only_its_recording(t, '800\t10\tx\n400\t10\tx\n', ':2: ')


@claim
def a_gap_behind_the_end_is_told_with_both_numbers(t):
    costs_only_its_recording(t, '16001\t10\tx\n', '16001', '16000 samples')
    costs_only_its_recording(t, '400\t10\tx\n16001\t10\tx\n', '16001')


@claim
def what_is_no_file_does_not_hang(t):
    os.mkfifo(t.path('bad.wav.gaps'))
    costs_only_its_recording(t, None)
    os.remove(t.path('bad.wav.gaps'))
    os.mkdir(t.path('bad.wav.gaps'))
    costs_only_its_recording(t, None)


@claim
def gaps_at_the_start_at_the_end_and_of_nothing_are_crossed(t):
    r = beside_a_good_one(t, '0\t1600\tx\n8000\t0\tx\n+8e3\t160.0\tx \r\n16000\t1600\tlast\n\n')
    same((r.code, r.err), (0, ''))
    r = t.encode('-f', 'jsonl', 'bad.wav')
    starts = [line.split(',')[0] for line in r.out.splitlines() if '"gap"' in line]
    same(starts, ['{"i":0', '{"i":60', '{"i":111'])
    same(r.out.splitlines()[-1].split(',')[0], '{"end":121')


main()
