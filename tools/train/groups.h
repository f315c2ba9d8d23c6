/* SPDX-License-Identifier: MIT */
/* Codewords in groups of neighbours, packed for the kernel of the library, so that a search can
   exclude whole groups that are far from a frame. */
#ifndef VOQ_TRAIN_GROUPS_H
#define VOQ_TRAIN_GROUPS_H

#include "src/quantize/codebook.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct groups {
    uint32_t n_code, n_group, dim;
    uint32_t *code;   /* [n_code]: group g begins at g*CODE_GROUP, ascending; the last is short */
    uint32_t *group;  /* [n_code]: the group of each code */
    float *packed;    /* [n_group][dim][CODE_GROUP] */
    float *half_norm; /* [n_group][CODE_GROUP] */
    struct screen screen; /* margin 0: none */
    void *screen_memory;
};

bool groups_new(struct groups *groups, uint32_t n_code, uint32_t dim); /* false: no memory */
void groups_free(struct groups *groups);                               /* also of zeroed memory */

/* Groups neighbours among codeword[n_code][dim]; false: no memory. */
bool groups_arrange(struct groups *groups, const float *codeword);

/* Packs the values that scores are computed from, taken from the library's codebook. */
void groups_pack(struct groups *groups, const struct codebook *codebook);

#endif
