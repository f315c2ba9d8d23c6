/* SPDX-License-Identifier: MIT */
/* The log of a clustering: one line of JSON per pass over the frames. */
#ifndef VOQ_TRAIN_ITERATION_LOG_H
#define VOQ_TRAIN_ITERATION_LOG_H

#include "tools/base/line_log.h"
#include "tools/train/lloyd.h"

/* path NULL: no log. A resumed training keeps the lines before this iteration of this codebook,
   both counted from 0. EXIT_OUTPUT, or EXIT_INPUT if the file cannot be read. */
bool iteration_log_open(struct line_log *log, const char *path, uint32_t codebook,
                        uint32_t iteration, struct failure *failure);

bool iteration_log_write(const struct line_log *log, uint32_t codebook,
                         const struct lloyd_state *state, const struct totals *totals,
                         struct failure *failure);

#endif
