/* SPDX-License-Identifier: MIT */
/* What `voq train --log` wrote: one curve for each number that changes. */
#ifndef VOQ_TOOLS_TRAINING_LOG_H
#define VOQ_TOOLS_TRAINING_LOG_H

#include "tools/base/failure.h"

#include <stddef.h>

enum curve_kind {
    CURVE_DISTORTION,
    CURVE_LOSS,
    CURVE_COMMITMENT,
    CURVE_RECONSTRUCTION,
    CURVE_CONSISTENCY,
    CURVE_ACCURACY,
    CURVE_DEV_PNMI,
    CURVE_PERPLEXITY,
    CURVE_DEAD,
    CURVE_KINDS
};

enum { LOG_CODEBOOKS = 32 }; /* or heads, in one log */

struct curve {
    double *x, *y; /* [n] */
    size_t n, x_capacity, y_capacity;
};

struct training_log {
    const char *path;
    bool has_epochs; /* of an encoder; else iterations of a clustering */
    struct curve curve[CURVE_KINDS][LOG_CODEBOOKS];
};

/* EXIT_INPUT: "FILE:LINE: ..." about a line that is not of such a log, or a log without lines. */
bool training_log_read(struct training_log *log, const char *path, struct failure *failure);
void training_log_clear(struct training_log *log);

#endif
