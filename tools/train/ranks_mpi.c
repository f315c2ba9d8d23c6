/* SPDX-License-Identifier: MIT */
/* Ranks as processes of Open MPI. Its default on an error is to end all of them. */
#include "tools/train/ranks.h"

#include "tools/cli/launcher.h"

#include <inttypes.h>
#include <mpi.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { MOST_NUMBERS = 1 << 22 }; /* of one message */

static void sum(int64_t *x, size_t n)
{
    for (size_t i = 0; i < n; i += MOST_NUMBERS)
        MPI_Allreduce(MPI_IN_PLACE, x + i, (int)(n - i < MOST_NUMBERS ? n - i : MOST_NUMBERS),
                      MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
}

static void largest(double *x, size_t n)
{
    for (size_t i = 0; i < n; i += MOST_NUMBERS)
        MPI_Allreduce(MPI_IN_PLACE, x + i, (int)(n - i < MOST_NUMBERS ? n - i : MOST_NUMBERS),
                      MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
}

/* ---- the end by a signal --------------------------------------------------------------------- */

/* A handler has no argument. */
static struct {
    const char *text;
    size_t length;
    pid_t *before; /* [n_before]: the lower ranks on the host of rank 0; of another host: -1 */
    size_t n_before;
} last_words;

/* The lowest rank that still lives on the host of rank 0 speaks, so that it is said once. */
static bool others_speak(void)
{
    for (size_t i = 0; i < last_words.n_before; i++)
        if (last_words.before[i] < 0 || kill(last_words.before[i], 0) == 0) return true;
    return false;
}

static void speak(int number)
{
    if (!others_speak() && write(STDERR_FILENO, last_words.text, last_words.length) < 0)
        _exit(128 + number);
    signal(number, SIG_DFL);
    raise(number);
}

/* Makes the list of lower ranks. False: no memory. */
static bool list_before(const struct ranks *ranks)
{
    struct place {
        char host[64];
        pid_t pid;
    } *place = calloc(ranks->n, sizeof *place), own = {.pid = getpid()};
    last_words.before = calloc(ranks->n, sizeof *last_words.before);
    if (!place || !last_words.before) {
        free(place);
        return false;
    }
    gethostname(own.host, sizeof own.host - 1);
    MPI_Allgather(&own, sizeof own, MPI_BYTE, place, sizeof own, MPI_BYTE, MPI_COMM_WORLD);
    for (uint32_t r = 0; r < ranks->rank; r++)
        if (strcmp(own.host, place[0].host) != 0)
            last_words.before[last_words.n_before++] = -1;
        else if (strcmp(own.host, place[r].host) == 0)
            last_words.before[last_words.n_before++] = place[r].pid;
    free(place);
    return true;
}

void ranks_last_words(const struct ranks *ranks, const char *sentence)
{
    struct sigaction action = {.sa_handler = speak};
    if (!ranks_several(ranks)) return;
    last_words.text = sentence;
    last_words.length = strlen(sentence);
    sigaction(SIGTERM, &action, NULL);
}

/* ---- the beginning and the end --------------------------------------------------------------- */

bool ranks_start(struct ranks *ranks, struct failure *failure)
{
    static const struct ranks_wire wire = {sum, largest};
    const char *variable;
    uint32_t n_started = launcher_size(&variable);
    int rank = 0, n = 1, level;
    *ranks = (struct ranks){.n = 1};
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level) != MPI_SUCCESS)
        return fail(failure, EXIT_USAGE, "MPI does not start; call voq by mpirun or srun");
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &n);
    *ranks = (struct ranks){.rank = (uint32_t)rank, .n = (uint32_t)n, .wire = n > 1 ? &wire : NULL};
    if (n > 1 && !list_before(ranks)) return fail_memory(failure);
    return n_started == ranks->n || n_started == UINT32_MAX ||
           fail(failure, EXIT_USAGE,
                "%" PRIu32 " processes were started (%s), but Open MPI has joined only %d; use its "
                "own mpirun, or srun --mpi=pmix", n_started, variable, n);
}

void ranks_end(struct ranks *ranks)
{
    (void)ranks;
    signal(SIGTERM, SIG_DFL); /* some launchers end the others when the first rank has ended */
    MPI_Finalize();
}
