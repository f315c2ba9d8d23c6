/* SPDX-License-Identifier: MIT */
/* Tokens grouped by (context, phone, speaker): the sides of ABX cells. */
#ifndef VOQ_TOOLS_ABX_SETS_H
#define VOQ_TOOLS_ABX_SETS_H

#include "tools/eval/abx.h"

struct token_set {
    uint32_t context, phone, speaker;
    size_t first, n;                   /* into order[] */
    size_t context_first, context_end; /* the sets of the same context */
};

/* The a and b of one phone and speaker over all contexts, which threads score independently. */
struct abx_share {
    size_t first, end; /* into of_share[] */
};

struct abx_sets {
    size_t *order;         /* [n_token] token numbers: by context, phone, speaker, item order */
    struct token_set *set; /* [n_set], in the same order */
    size_t n_set;
    size_t *of_share;      /* [n_set] set numbers by phone, speaker, context */
    struct abx_share *share; /* [n_share] */
    size_t n_share;
    uint32_t n_phone;      /* greater than every phone */
};

bool abx_sets_make(struct abx_sets *sets, const struct abx_task *task, struct failure *failure);
void abx_sets_clear(struct abx_sets *sets);

#endif
