/* SPDX-License-Identifier: MIT */
/* Joint counts read phone by phone or unit by unit: which units a phone becomes, which phones a
   unit stands for. */
#ifndef VOQ_TOOLS_CONFUSION_H
#define VOQ_TOOLS_CONFUSION_H

#include "tools/eval/counts.h"

enum { CONFUSION_TOP = 3 };

struct confusion_row {
    uint32_t symbol;                /* the phone, or the unit */
    uint64_t frames;
    uint32_t n_partner;             /* that occur with it */
    double entropy_bits;            /* of the partner given the symbol */
    uint32_t partner[CONFUSION_TOP]; /* the commonest, then by number */
    uint64_t partner_frames[CONFUSION_TOP];
    uint32_t n_top;
};

struct confusion {
    struct confusion_row *row; /* [n_row], those with frames, by symbol */
    size_t n_row;
};

/* Of finished counts: a row per row (phone), or per column (unit). */
bool confusion_of_rows(const struct counts *counts, struct confusion *confusion,
                       struct failure *failure);
bool confusion_of_columns(const struct counts *counts, struct confusion *confusion,
                          struct failure *failure);
void confusion_clear(struct confusion *confusion);

#endif
