/* SPDX-License-Identifier: MIT */
#include "tools/learn/code_usage.h"

#include "tools/learn/elementary.h"

#include <stdlib.h>
#include <string.h>

bool code_usage_new(struct code_usage *usage, uint32_t n_code)
{
    *usage = (struct code_usage){.n_code = n_code};
    usage->count = calloc(n_code, sizeof *usage->count);
    return usage->count != NULL;
}

void code_usage_free(struct code_usage *usage)
{
    free(usage->count);
}

void code_usage_clear(struct code_usage *usage)
{
    memset(usage->count, 0, usage->n_code * sizeof *usage->count);
    usage->n_restart = 0;
}

void code_usage_add(struct code_usage *usage, const uint32_t *id, size_t stride, size_t n)
{
    for (size_t i = 0; i < n; i++) usage->count[id[i * stride]]++;
}

uint32_t code_usage_used(const struct code_usage *usage)
{
    uint32_t used = 0;
    for (uint32_t k = 0; k < usage->n_code; k++) used += usage->count[k] > 0;
    return used;
}

double code_usage_perplexity(const struct code_usage *usage)
{
    double n = 0, entropy = 0;
    for (uint32_t k = 0; k < usage->n_code; k++) n += (double)usage->count[k];
    for (uint32_t k = 0; k < usage->n_code; k++) {
        if (usage->count[k] == 0) continue;
        double p = (double)usage->count[k] / n;
        entropy -= p * (double)exact_log((float)p);
    }
    return (double)exact_exp((float)entropy);
}
