# SPDX-License-Identifier: MIT
"""Files of several streams and files with holes: a user loses no unit that could be had, units
stand where they belong in time, and what was not read is told by every command."""

import json
import os

from cli import *
from containers import pages

OPUS = os.path.join(SOURCE, 'tests/data/4406-16882-0052.opus')
END = 393  # its units
NOTE = 'later units keep their place in time'


def opus():
    with open(OPUS, 'rb') as file:
        return file.read()


def without(*numbers):
    return b''.join(page for i, page in enumerate(pages(opus())) if i not in numbers)


def timed(result):
    """Units by their index, gaps, and the index at the end, of a jsonl stream."""
    lines = [json.loads(line) for line in result.out.splitlines()]
    return ({line['i']: line['unit'] for line in lines if 'unit' in line},
            [(line['i'], line['gap'], line['why']) for line in lines if 'gap' in line],
            next(line['end'] for line in lines if 'end' in line))


@claim
def a_chain_has_the_units_of_all_its_links(t):
    t.write('a.opus', opus())
    t.write('chain.opus', opus() * 3)
    one = t.encode('a.opus')
    same(len(units(one.out)), END)
    r = t.encode('chain.opus')
    same((r.code, r.err), (0, one.err.replace('a.opus', 'chain.opus')))
    holds(abs(len(units(r.out)) - 3 * END) <= 2, f'{len(units(r.out))} units')
    same(units(r.out)[:END - 10], units(one.out)[:END - 10])


@claim
def units_behind_a_lost_page_stand_where_they_belong(t):
    t.write('a.opus', opus())
    t.write('hole.opus', without(3))
    whole, gaps, end = timed(t.encode('-f', 'jsonl', 'a.opus'))
    same((gaps, end), ([], END))
    r = t.encode('-f', 'jsonl', 'hole.opus')
    fails(r, 3, 'hole.opus: damaged: 1.00', ' s of audio are lost at 0.994 s, before byte ', NOTE)
    holed, gaps, end = timed(r)
    same((len(gaps), gaps[0][0], gaps[0][2], end), (1, 99, 'damage', END))
    behind = [i for i in holed if i > 99]
    same((behind[0], len(holed)), (99 + gaps[0][1], END - gaps[0][1]))
    equal = {shift: sum(whole.get(i + shift) == holed[i] for i in behind) for shift in range(-3, 4)}
    holds(equal[0] > 0.8 * len(behind) and max(equal, key=equal.get) == 0,
          f'of {len(behind)} units so many are those of the whole file, so far aside: {equal}')


@claim
def a_damaged_file_gives_the_same_from_a_pipe(t):
    for data in (without(3), opus() * 2, without(5), opus()[:-40], opus() + b'RIFF'):
        t.write('x.opus', data)
        file, pipe = t.encode('x.opus'), t.encode('--name', 'x', '-', stdin=data)
        same((file.code, file.out), (pipe.code, pipe.out))
        same(file.err.replace('x.opus', 'stdin'), pipe.err)


@claim
def a_file_with_a_hole_stops_a_strict_run(t):
    t.write('a.opus', without(3))
    t.write('b.opus', opus())
    r = t.encode('--strict', 'a.opus', 'b.opus')
    fails(r, 3, 'a.opus: damaged')
    holds('b|' not in r.out, 'the run went on')


@claim
def train_and_eval_tell_of_a_hole_too(t):
    t.write('in/a.opus', opus())
    t.write('in/hole.opus', without(3))
    r = t.voq('train', '-q', '-k', '4', '-o', 'm.voq', 'in')
    fails(r, 3, 'hole.opus: damaged: 1.00', NOTE)
    r = t.voq('eval', t.model, 'in')
    same(r.code, 3, f'exit code ({r.err})')
    holds('hole.opus: damaged: 1.00' in r.err, r.err)


@claim
def a_chain_of_hours_is_read_in_the_memory_of_one_link(t):
    if sanitized():
        raise Skip('a sanitizer has its own idea of memory')

    def peak(name, n):
        t.write(name, opus() * n)
        process = t.start('-o', os.devnull, name)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close(), process.stderr.close()
        same(process.returncode, 0)
        return usage.ru_maxrss

    short, long = peak('short.opus', 2), peak('long.opus', 200)
    print(f'# 2 links {short} kB, 200 links {long} kB')
    holds(long < short + 1024, f'{long} kB for 200 links, {short} for 2')


main()
