/* SPDX-License-Identifier: MIT */
/* Which launcher of parallel programs started this process, as the environment shows. */
#ifndef VOQ_TOOLS_LAUNCHER_H
#define VOQ_TOOLS_LAUNCHER_H

#include <stdbool.h>
#include <stdint.h>

/* Whether Open MPI did: mpirun, or srun --mpi=pmix. Variables of SLURM alone do not count, since
   they are also set where no MPI is meant. */
bool launcher_is_mpi(void);

/* How many processes an MPI started, and the variable that tells so. 1: only this one, or there is
   no MPI. UINT32_MAX: several may have been started, but their number is not known. */
uint32_t launcher_size(const char **variable);

#endif
