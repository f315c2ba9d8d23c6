/* SPDX-License-Identifier: MIT */
/* What people see of a training: a line while it runs, a line and a record of JSON per epoch. */
#ifndef VOQ_LEARN_EPOCH_REPORT_H
#define VOQ_LEARN_EPOCH_REPORT_H

#include "tools/cli/messages.h"
#include "tools/learn/learner.h"

/* For the progress: it must fit beside percent and time left. */
void epoch_report_short(const struct learner_report *report, const struct learner *learner,
                        uint64_t epoch, uint64_t n_epoch, char *text, size_t capacity);

struct epoch_log;

/* path NULL: messages only. The first n_line lines of the file stay: those of the epochs before a
   run is continued. EXIT_OUTPUT. */
bool epoch_log_open(struct epoch_log **log, const char *path, uint64_t n_line,
                    struct messages *messages, struct failure *failure);
void epoch_log_close(struct epoch_log *log); /* NULL is allowed */

/* Prints a line about the epoch and appends a record; pnmi NaN: not measured. */
bool epoch_log_write(struct epoch_log *log, const struct learner_report *report,
                     const struct learner *learner, uint64_t epoch, double pnmi,
                     struct failure *failure);

#endif
