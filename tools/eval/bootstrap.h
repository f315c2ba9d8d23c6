/* SPDX-License-Identifier: MIT */
/* How far PNMI and ABX would differ with other utterances of the same kind: a bootstrap over
   utterances. Formulas: README.md. */
#ifndef VOQ_TOOLS_BOOTSTRAP_H
#define VOQ_TOOLS_BOOTSTRAP_H

#include "tools/eval/abx_outcomes.h"
#include "tools/eval/resampling.h"
#include "tools/eval/weighted_counts.h"

enum bootstrap_metric {
    BOOTSTRAP_PNMI,
    BOOTSTRAP_PNMI_SPEECH,
    BOOTSTRAP_ABX_WITHIN, /* units, within context; then across speakers */
    BOOTSTRAP_ABX_ACROSS,
    BOOTSTRAP_FEATURES_WITHIN, /* the same of features */
    BOOTSTRAP_FEATURES_ACROSS,
    BOOTSTRAP_METRICS
};

struct bootstrap_name {
    const char *group, *key; /* as in the JSON of an evaluation */
    const char *title;       /* of tables */
    bool higher_is_better;
};

extern const struct bootstrap_name bootstrap_name[BOOTSTRAP_METRICS];

/* What a draw weighs. */
struct bootstrap_evidence {
    struct weighted_counts phones; /* without cells: no PNMI */
    /* Of the ABX metrics, in their order; without shares: not kept. */
    struct abx_outcomes abx[BOOTSTRAP_METRICS - BOOTSTRAP_ABX_WITHIN];
};

void bootstrap_evidence_clear(struct bootstrap_evidence *evidence);

struct bootstrap {
    uint32_t n_draw;
    /* [n_draw] less the bias; NaN: undefined in that draw. NULL: no evidence. */
    double *value[BOOTSTRAP_METRICS];
    /* How far the mean of the draws lies above the score of the whole. */
    double bias[BOOTSTRAP_METRICS];
    /* Between 2.5 and 97.5 per cent of the values; NaN: undefined in all, or no evidence. */
    double low[BOOTSTRAP_METRICS], high[BOOTSTRAP_METRICS];
};

/* Weighs the evidence n_draw times. The same for every number of threads. */
bool bootstrap_run(struct bootstrap *bootstrap, const struct bootstrap_evidence *evidence,
                   const struct resampling *resampling, size_t n_thread, struct failure *failure);
void bootstrap_clear(struct bootstrap *bootstrap);

/* Two models over the same draws. */
struct bootstrap_contest {
    uint32_t n;                       /* draws in which both are defined */
    double first_better, second_better; /* shares of them; NaN without any */
    double low, high;                 /* of the first minus the second */
};

bool bootstrap_compare(const struct bootstrap *first, const struct bootstrap *second,
                       enum bootstrap_metric metric, struct bootstrap_contest *contest,
                       struct failure *failure);

#endif
