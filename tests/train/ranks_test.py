# SPDX-License-Identifier: MIT
"""voq train in several processes that Open MPI started: the bytes of one, and what happens when a
rank fails."""

import os
import random
import signal

from cli import VOQ, claim, fails, holds, main, noise, same, wav
from ranks import MPI, need_mpi, rank_process, ranks, result_of, start_ranks, wait_for
from trainer import npy, speech, train, trained

VECTORS = [f'{i}.npy' for i in range(5)]
LONG = ['-k', '64', '--tolerance', '0', '--iterations', '300', *VECTORS]
KEPT = ['--checkpoint', 'state', '-o', 'a.voq']


def every_number_of_ranks_gives(t, *arguments, numbers=(1, 2, 3, 7)):
    """The bytes of one process without MPI."""
    alone = trained(t, '-j', '1', *arguments)
    for n in numbers:
        for n_thread in '1', '2':
            result = ranks(t, n, '-q', '-j', n_thread, '-o', 'b.voq', *arguments)
            same((result.code, result.err), (0, ''), f'exit code and stderr of {n} ranks')
            holds(t.read('b.voq') == alone, f'{n} ranks of {n_thread} threads give another model')
            os.remove(t.path('b.voq'))


def vectors(t):
    """Vectors without clusters, on which k-means takes long."""
    draw = random.Random(1)
    for name in VECTORS:
        t.write(name, npy([[draw.random() for _ in range(6)] for _ in range(3000)], 6))


# ---- the same bytes

@claim
def a_codebook_has_the_same_bytes_from_any_number_of_ranks(t):
    every_number_of_ranks_gives(t, '-k', '20', speech(t, 5))


@claim
def residual_codebooks_have_the_same_bytes(t):
    every_number_of_ranks_gives(t, '-k', '12', '--codebooks', '3', '--iterations', '5',
                                speech(t, 5))


@claim
def discriminants_of_warped_speech_have_the_same_bytes(t):
    every_number_of_ranks_gives(t, '-k', '12', '--lda', '5', '--classes', '16', '--warp', '1.4',
                                '--rounds', '1', '--iterations', '5', speech(t, 4))


@claim
def mini_batches_have_the_same_bytes(t):
    every_number_of_ranks_gives(t, '-k', '12', '--batches', '7', '--batch', '100', '--iterations',
                                '2', speech(t, 4))


@claim
def a_random_choice_of_frames_has_the_same_bytes(t):
    corpus = speech(t, 5)
    every_number_of_ranks_gives(t, '-k', '9', '--frames', '333', corpus, numbers=(3,))
    every_number_of_ranks_gives(t, '-k', '9', '--cap-speaker', '101', '--normalise', 'variance',
                                corpus, numbers=(2, 7))


@claim
def components_and_a_start_have_the_same_bytes(t):
    corpus = speech(t, 4)
    every_number_of_ranks_gives(t, '-k', '9', '--pca', '4', '--whiten', '--iterations', '4', corpus,
                                numbers=(3,))
    t.write('start.npy', npy([[i - j for j in range(39)] for i in range(4)], 39))
    every_number_of_ranks_gives(t, '-k', '9', '--init', 'start.npy', corpus, numbers=(3,))


@claim
def shares_of_very_different_sizes_have_the_same_bytes(t):
    """Units of sums depend on the number of frames, here beyond and below 4096."""
    t.write('corpus/long.wav', wav(noise(16000 * 42)))
    t.write('corpus/short.wav', wav(noise(16000 * 2, seed=2)))
    for options in ['--normalise', 'global'], ['--lda', '3', '--rounds', '1', '--warp', '1']:
        every_number_of_ranks_gives(t, '-k', '12', '--iterations', '3', *options, 'corpus',
                                    numbers=(2, 3))


# ---- one voice

@claim
def messages_and_the_summary_come_once(t):
    corpus = speech(t)
    result = ranks(t, 3, '-k', '8', '--json', '-o', 'a.voq', corpus)
    same(result.code, 0, f'exit code (stderr {result.err!r})')
    same(result.out.count('"hash"'), 1, 'summaries')
    alone = train(t, '-k', '8', '-o', 'b.voq', corpus)
    for line in alone.err.splitlines()[:-1]:  # the last has the time
        same(result.err.splitlines().count(line), 1, f'how often {line!r} is printed')
    fails(ranks(t, 3, '--codes', 'many', corpus), 2, 'many')
    same(len(ranks(t, 3, '-k', '8', corpus).err.splitlines()), 1, 'lines on a missing -o')


@claim
def unreadable_files_are_reported_once_and_fail_as_alone(t):
    corpus = speech(t, 6)
    for name in 's0/s0-2.wav', 's1/s1-3.wav', 's1/s1-5.wav':
        t.write('corpus/' + name, 'no audio')
    t.write('corpus/s1/s1-1.wav', wav(noise(20000), data_size=99999999))
    alone = train(t, '-q', '-k', '8', '-o', 'a.voq', corpus)
    same(alone.code, 3, 'exit code alone')
    for n in 2, 5:
        result = ranks(t, n, '-q', '-k', '8', '-o', 'b.voq', corpus)
        same((result.code, result.err), (3, alone.err), f'exit code and stderr of {n} ranks')
        holds(t.read('b.voq') == t.read('a.voq'), 'another model')


@claim
def a_corpus_without_speech_fails_as_alone(t):
    t.write('corpus/a.wav', 'no audio')
    t.write('corpus/b.wav', 'none')
    alone = train(t, '-k', '8', '-o', 'a.voq', 'corpus')
    result = ranks(t, 3, '-k', '8', '-o', 'a.voq', 'corpus')
    same((result.code, result.err), (alone.code, alone.err), 'exit code and stderr')


@claim
def an_output_that_cannot_be_written_is_reported_once(t):
    alone = train(t, '-k', '8', '-o', 'none/a.voq', speech(t))
    result = ranks(t, 3, '-k', '8', '-o', 'none/a.voq', 'corpus')
    same((result.code, result.err.count('none/a.voq')), (alone.code, 1), 'exit code and messages')


@claim
def an_encoder_is_refused_once(t):
    result = ranks(t, 2, '--encoder', 'default', '-o', 'a.voq', speech(t))
    fails(result, 2, '--encoder trains in one process, but MPI started 2')
    same(len(result.err.splitlines()), 1, 'lines')


# ---- what only one rank meets

def in_ranks(t, n, script, *arguments):
    """voq train by a shell script in each rank."""
    return result_of(start_ranks(t, n, 'sh', '-c', script + '; exec "$@"', '-', VOQ, 'train',
                                 *arguments))


@claim
def the_failure_of_one_rank_ends_all_in_its_words(t):
    result = in_ranks(t, 3, '[ $OMPI_COMM_WORLD_RANK != 2 ] || export TMPDIR=/nowhere', '-k', '8',
                      '-o', 'a.voq', speech(t))
    fails(result, 5, 'rank 2 on ', '/nowhere')
    same(len(result.err.splitlines()), 1, 'lines')
    holds(not os.path.exists(t.path('a.voq')), 'there is a model')


@claim
def ranks_that_see_other_files_are_refused(t):
    speech(t, 4)
    os.makedirs(t.path('there'))
    os.rename(t.path('corpus'), t.path('there/corpus'))
    speech(t, 5)
    result = in_ranks(t, 3, '[ $OMPI_COMM_WORLD_RANK != 1 ] || cd there', '-k', '8', '-o', 'a.voq',
                      'corpus')
    fails(result, 3, 'rank 1 on ', 'another corpus than rank 0')
    fails(ranks(t, 2, '-k', '8', '-o', 'a.voq', '-'), 2, 'standard input')


@claim
def options_that_differ_between_ranks_are_refused(t):
    speech(t)
    result = in_ranks(t, 3, '[ $OMPI_COMM_WORLD_RANK != 1 ] || set -- "$@" --codes many', '-o',
                      'a.voq', 'corpus')
    fails(result, 2, 'rank 1 on ', 'many')
    result = in_ranks(t, 2, '[ $OMPI_COMM_WORLD_RANK != 1 ] || set -- "$@" --seed 5', '-k', '8',
                      '-o', 'a.voq', 'corpus')
    fails(result, 3, 'rank 1 on ', 'another training than rank 0')


@claim
def a_time_limit_ends_all_ranks_together(t):
    vectors(t)
    result = ranks(t, 3, '-k', '64', '--tolerance', '0', '--iterations', '1000000', '--time',
                   '1e-6', '-o', 'a.voq', *VECTORS)
    same(result.code, 0, f'exit code (stderr {result.err!r})')
    holds('iterations: time' in result.err, f'{result.err!r} does not tell why it stopped')


@claim
def a_program_without_mpi_refuses_to_be_one_of_several(t):
    for variable, what in (('OMPI_COMM_WORLD_SIZE', 'voq-train-mpi'), ('PMI_SIZE', 'another MPI'),
                           ('PMIX_RANK', 'voq-train-mpi')):
        result = t.voq('-k', '8', '-o', 'a.voq', speech(t), voq=VOQ + '-train',
                       env=t.environment(**{variable: '3'}))
        fails(result, 2, variable, what)
    same(t.voq('-q', '-k', '8', '-o', 'a.voq', 'corpus', voq=VOQ + '-train',
               env=t.environment(SLURM_PROCID='1', SLURM_NTASKS='4')).code, 0, 'under SLURM alone')


@claim
def processes_that_do_not_find_each_other_are_refused(t):
    need_mpi()
    result = t.voq('train', '-k', '8', '-o', 'a.voq', speech(t),
                   env=t.environment(**MPI, OMPI_COMM_WORLD_SIZE='3'))
    fails(result, 2, '3 processes were started (OMPI_COMM_WORLD_SIZE)', 'mpirun')


# ---- a lost rank

def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def lose(t, n, lost):
    """Kills a rank once there is a checkpoint; returns what was printed. mpirun kills the others a
    second after it has asked them to end, and on a busy machine they may not have spoken by then."""
    silent = 0
    for _ in range(20):
        process = start_ranks(t, n, VOQ, 'train', '-q', *KEPT, *LONG)
        if wait_for(t.path('state'), process) and (pid := rank_process(process, lost)):
            os.kill(pid, signal.SIGKILL)
        result = result_of(process)
        if result.code != 0 and (result.err or silent == 4):
            return result
        if result.code != 0:
            silent += 1
            os.remove(t.path('state'))
    raise AssertionError('every training ended before a rank was killed')


@claim
def a_lost_rank_ends_the_job_with_one_sentence_and_resume_gives_the_same_bytes(t):
    vectors(t)
    alone = trained(t, *LONG)
    for n, lost, then in (3, 1, 2), (2, 0, 3), (3, 2, 1):
        result = lose(t, n, lost)
        same(result.err.count('a rank was lost'), 1, f'sentences in {result.err!r}')
        holds('--resume' in result.err, f'{result.err!r} does not tell how to continue')
        same(len(result.err.splitlines()), 1, 'lines')
        holds(os.path.exists(t.path('state')), 'there is no checkpoint')
        again = ['-q', '--resume', *KEPT, *LONG]
        result = train(t, *again) if then == 1 else ranks(t, then, *again)
        same((result.code, result.err), (0, ''), 'exit code and stderr of the second run')
        holds(t.read('a.voq') == alone, f'{n} ranks, then {then}, give another model')
        holds(not os.path.exists(t.path('state')), 'the checkpoint is still there')


@claim
def a_checkpoint_in_use_is_refused_once(t):
    vectors(t)
    for _ in range(20):
        process = start_ranks(t, 2, VOQ, 'train', '-q', *KEPT, *LONG)
        wait_for(t.path('state'), process)
        stopped = [pid for rank in (0, 1) if (pid := rank_process(process, rank))]
        try:
            for pid in stopped:
                os.kill(pid, signal.SIGSTOP)
            if len(stopped) == 2 and os.path.exists(t.path('state')):
                result = ranks(t, 2, '--resume', *KEPT, *LONG)
                fails(result, 2, 'state')
                same(len(result.err.splitlines()), 1, 'lines')
                return
        except ProcessLookupError:
            pass
        finally:
            process.kill()
            for pid in stopped:
                kill(pid)
            process.communicate()
    raise AssertionError('every training ended before it was stopped')


main()
