/* SPDX-License-Identifier: MIT */
#include "tools/train/ranks.h"

#include "tools/cli/launcher.h"

bool ranks_start(struct ranks *ranks, struct failure *failure)
{
    const char *variable;
    uint32_t n = launcher_size(&variable);
    *ranks = (struct ranks){.n = 1};
    if (n == 1) return true;
    if (launcher_is_mpi())
        return fail(failure, EXIT_USAGE,
                    "MPI started this process as one of several (%s), but voq-train-mpi is not "
                    "installed beside voq; install libopenmpi-dev and build voq with -Dmpi=enabled",
                    variable);
    return fail(failure, EXIT_USAGE,
                "another MPI than Open MPI started this process as one of several (%s); use Open "
                "MPI's mpirun, or srun --mpi=pmix", variable);
}

void ranks_end(struct ranks *ranks)
{
    (void)ranks;
}

void ranks_last_words(const struct ranks *ranks, const char *sentence)
{
    (void)ranks;
    (void)sentence;
}
