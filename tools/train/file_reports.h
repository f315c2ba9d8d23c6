/* SPDX-License-Identifier: MIT */
/* What is reported of each file of a pass. One process reports at once. With several ranks, rank 0
   reports for all in the order of the corpus when the pass has ended. */
#ifndef VOQ_TRAIN_FILE_REPORTS_H
#define VOQ_TRAIN_FILE_REPORTS_H

#include "tools/cli/messages.h"
#include "tools/train/pass.h"

struct file_reports {
    struct ranks *ranks;
    struct messages *messages;
    const struct corpus *corpus;
    size_t n_failed;
    char *bytes; /* [n]: what waits for the end of the pass */
    size_t n, capacity;
};

bool file_reports_take(struct file_reports *reports, const struct pass_end *end,
                       struct failure *failure);

/* Call at the end of the pass; n_failed is then that of all ranks. */
bool file_reports_finish(struct file_reports *reports, struct failure *failure);
void file_reports_free(struct file_reports *reports);

#endif
