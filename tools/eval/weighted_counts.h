/* SPDX-License-Identifier: MIT */
/* Joint counts of phones and units by utterance, to compute PNMI for any weights. */
#ifndef VOQ_TOOLS_WEIGHTED_COUNTS_H
#define VOQ_TOOLS_WEIGHTED_COUNTS_H

#include "tools/eval/evaluation.h"
#include "tools/eval/resampling.h"

struct cell_part {
    uint32_t cell, n;
};

struct weighted_counts {
    struct cell *cell; /* [n_cell] by phone, then unit, units numbered among those that occur */
    uint32_t n_cell, n_phone, n_unit;
    const bool *is_silence; /* [n_phone]; not owned */
    struct cell_part *part; /* those of utterance i are [first[i], first[i + 1]) */
    size_t *first;          /* [n_utterance + 1] */
    uint32_t n_utterance;
    size_t capacity;
};

/* Reads an evaluation whose phones and units are counted. *weighted must be zeroed. */
bool weighted_counts_make(struct weighted_counts *weighted, const struct evaluation *evaluation,
                          const struct resampling *resampling, struct failure *failure);
void weighted_counts_clear(struct weighted_counts *weighted);

/* Scratch memory for the sums. */
struct pnmi_scratch {
    uint64_t *n;          /* [n_cell] */
    struct counts counts; /* room for all cells and margins */
};

bool pnmi_scratch_init(struct pnmi_scratch *scratch, const struct weighted_counts *weighted,
                       struct failure *failure);
void pnmi_scratch_clear(struct pnmi_scratch *scratch);

/* Computes PNMI of all frames and of speech, with weight[n_utterance]. NaN: undefined. */
void weighted_pnmi(const struct weighted_counts *weighted, const uint32_t *weight,
                   struct pnmi_scratch *scratch, double *all, double *speech);

#endif
