/* SPDX-License-Identifier: MIT */
/* Codewords in groups of neighbours, packed for the runtime's kernel: what lies far away from a
   frame is then left out a whole group at a time. */
#ifndef VOQ_TRAIN_GROUPS_H
#define VOQ_TRAIN_GROUPS_H

#include "src/quantize/codebook.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct groups {
    uint32_t n_code, n_group, dim;
    uint32_t *code;   /* [n_code]: group g's from g*CODE_GROUP on, ascending; the last is short */
    uint32_t *group;  /* [n_code]: the group of each code */
    float *packed;    /* [n_group][dim][CODE_GROUP] */
    float *half_norm; /* [n_group][CODE_GROUP] */
};

bool groups_new(struct groups *groups, uint32_t n_code, uint32_t dim); /* false: no memory */
void groups_free(struct groups *groups);                               /* also of zeroed memory */

/* Puts neighbours among codeword[n_code][dim] together; false: no memory. */
bool groups_arrange(struct groups *groups, const float *codeword);

/* Takes the numbers that scores are made of from the runtime's codebook. */
void groups_pack(struct groups *groups, const struct codebook *codebook);

#endif
