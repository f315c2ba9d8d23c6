/* SPDX-License-Identifier: MIT */
/* Joint counts by phone or by unit: which units occur with a phone, which phones with a unit. */
#ifndef VOQ_TOOLS_CONFUSION_H
#define VOQ_TOOLS_CONFUSION_H

#include "tools/eval/counts.h"

enum { CONFUSION_TOP = 3 };

struct confusion_row {
    uint32_t symbol;                /* the phone, or the unit */
    uint64_t frames;
    uint32_t n_partner;             /* partners that occur with it */
    double entropy_bits;            /* of the partner given the symbol */
    uint32_t partner[CONFUSION_TOP]; /* most frequent first, then by number */
    uint64_t partner_frames[CONFUSION_TOP];
    uint32_t n_top;
};

struct confusion {
    struct confusion_row *row; /* [n_row], those with frames, by symbol */
    size_t n_row;
};

/* Read finished counts: one confusion row per row (phone) or per column (unit). */
bool confusion_of_rows(const struct counts *counts, struct confusion *confusion,
                       struct failure *failure);
bool confusion_of_columns(const struct counts *counts, struct confusion *confusion,
                          struct failure *failure);
void confusion_clear(struct confusion *confusion);

#endif
