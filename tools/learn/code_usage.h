/* SPDX-License-Identifier: MIT */
/* How the codes of one level are used over an epoch: how many of them; their perplexity, exp(-sum p
   ln p) with the shares p of the codes; and how often one started again. */
#ifndef VOQ_LEARN_CODE_USAGE_H
#define VOQ_LEARN_CODE_USAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct code_usage {
    uint32_t n_code;
    uint64_t *count; /* [n_code] rows */
    uint64_t n_restart;
};

bool code_usage_new(struct code_usage *usage, uint32_t n_code); /* false: no memory */
void code_usage_free(struct code_usage *usage);                 /* also of zeroed memory */

void code_usage_clear(struct code_usage *usage);
void code_usage_add(struct code_usage *usage, const uint32_t *id, size_t stride, size_t n);

uint32_t code_usage_used(const struct code_usage *usage);
double code_usage_perplexity(const struct code_usage *usage); /* 1 without rows */

#endif
