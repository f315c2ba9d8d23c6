/* SPDX-License-Identifier: MIT */
/* Confidence intervals of PNMI and ABX, by a bootstrap over utterances. Formulas: README.md. */
#ifndef VOQ_TOOLS_BOOTSTRAP_H
#define VOQ_TOOLS_BOOTSTRAP_H

#include "tools/eval/abx_outcomes.h"
#include "tools/eval/resampling.h"
#include "tools/eval/weighted_counts.h"

enum bootstrap_metric {
    BOOTSTRAP_PNMI,
    BOOTSTRAP_PNMI_SPEECH,
    BOOTSTRAP_ABX_WITHIN, /* of units, within context */
    BOOTSTRAP_ABX_ACROSS,
    BOOTSTRAP_FEATURES_WITHIN, /* of features, within context */
    BOOTSTRAP_FEATURES_ACROSS,
    BOOTSTRAP_METRICS
};

struct bootstrap_name {
    const char *group, *key; /* in the JSON of an evaluation */
    const char *title;       /* in tables */
    bool higher_is_better;
};

extern const struct bootstrap_name bootstrap_name[BOOTSTRAP_METRICS];

/* The counts that each draw weighs. */
struct bootstrap_evidence {
    struct weighted_counts phones; /* without cells: no PNMI */
    /* For the ABX metrics in the order of the enum; without shares: not kept. */
    struct abx_outcomes abx[BOOTSTRAP_METRICS - BOOTSTRAP_ABX_WITHIN];
};

void bootstrap_evidence_clear(struct bootstrap_evidence *evidence);

struct bootstrap {
    uint32_t n_draw;
    /* [n_draw] less the bias; NaN: undefined in that draw. NULL: no evidence. */
    double *value[BOOTSTRAP_METRICS];
    /* The mean of the draws minus the score of all utterances. */
    double bias[BOOTSTRAP_METRICS];
    /* The 2.5 and 97.5 percentiles; NaN: undefined in all draws, or no evidence. */
    double low[BOOTSTRAP_METRICS], high[BOOTSTRAP_METRICS];
};

/* Weighs the evidence n_draw times. The result does not depend on the number of threads. */
bool bootstrap_run(struct bootstrap *bootstrap, const struct bootstrap_evidence *evidence,
                   const struct resampling *resampling, size_t n_thread, struct failure *failure);
void bootstrap_clear(struct bootstrap *bootstrap);

/* Two models over the same draws. */
struct bootstrap_contest {
    uint32_t n;                       /* draws in which both are defined */
    double first_better, second_better; /* shares of these draws; NaN if n is 0 */
    double low, high;                 /* interval of first minus second */
};

bool bootstrap_compare(const struct bootstrap *first, const struct bootstrap *second,
                       enum bootstrap_metric metric, struct bootstrap_contest *contest,
                       struct failure *failure);

#endif
