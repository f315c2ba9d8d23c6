/* SPDX-License-Identifier: MIT */
#include "tools/train/ranks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void sum_bytes(const struct ranks *ranks, void *bytes, size_t n)
{
    int64_t word[(sizeof(struct failure) + sizeof(int64_t) - 1) / sizeof(int64_t)] = {0};
    memcpy(word, bytes, n);
    ranks->wire->sum(word, sizeof word / sizeof *word);
    memcpy(bytes, word, n);
}

static void name_rank(const struct ranks *ranks, struct failure *failure)
{
    char host[64] = "", text[sizeof failure->text];
    gethostname(host, sizeof host - 1);
    memcpy(text, failure->text, sizeof text);
    fail(failure, failure->code, "rank %" PRIu32 " on %s: %s", ranks->rank, host, text);
}

bool ranks_agree(struct ranks *ranks, bool good, struct failure *failure)
{
    if (!ranks_several(ranks) || ranks->failed) return good;
    double bad = good ? 0 : (double)(ranks->n - ranks->rank), first = bad;
    ranks->wire->largest(&first, 1);
    if (first == 0) return true;
    ranks->failed = true;
    struct failure said = {0};
    if (bad == first) {
        said = *failure;
        if (ranks->rank > 0) name_rank(ranks, &said);
    }
    sum_bytes(ranks, &said, sizeof said);
    *failure = said;
    return false;
}

bool ranks_sum(struct ranks *ranks, int64_t *x, size_t n, struct failure *failure)
{
    if (!ranks_several(ranks)) return true;
    if (!ranks_agree(ranks, true, failure)) return false;
    ranks->wire->sum(x, n);
    return true;
}

bool ranks_largest(struct ranks *ranks, double *x, size_t n, struct failure *failure)
{
    if (!ranks_several(ranks)) return true;
    if (!ranks_agree(ranks, true, failure)) return false;
    ranks->wire->largest(x, n);
    return true;
}

bool ranks_largest_floats(struct ranks *ranks, float *x, size_t n, struct failure *failure)
{
    if (!ranks_several(ranks)) return true;
    double *wide = malloc((n + 1) * sizeof *wide);
    if (!wide) return fail_memory(failure);
    for (size_t i = 0; i < n; i++) wide[i] = (double)x[i];
    bool good = ranks_largest(ranks, wide, n, failure);
    for (size_t i = 0; good && i < n; i++) x[i] = (float)wide[i];
    free(wide);
    return good;
}

bool ranks_unite(struct ranks *ranks, void *bytes, size_t n, struct failure *failure)
{
    if (!ranks_several(ranks)) return true;
    size_t n_word = n / sizeof(int64_t) + 1;
    int64_t *word = calloc(n_word, sizeof *word);
    if (!word) return fail_memory(failure);
    memcpy(word, bytes, n);
    bool good = ranks_sum(ranks, word, n_word, failure);
    if (good) memcpy(bytes, word, n);
    free(word);
    return good;
}

bool ranks_gather(struct ranks *ranks, const void *bytes, size_t n, char **all, size_t *n_all,
                  struct failure *failure)
{
    int64_t *size = calloc(ranks->n, sizeof *size);
    size_t before = 0;
    *all = NULL;
    *n_all = 0;
    if (!size) return fail_memory(failure);
    size[ranks->rank] = (int64_t)n;
    bool good = ranks_sum(ranks, size, ranks->n, failure);
    for (uint32_t r = 0; good && r < ranks->n; r++) {
        if (r == ranks->rank) before = *n_all;
        *n_all += (size_t)size[r];
    }
    free(size);
    if (!good) return false;
    if (!(*all = calloc(*n_all + 1, 1))) return fail_memory(failure);
    if (n > 0) memcpy(*all + before, bytes, n);
    return ranks_unite(ranks, *all, *n_all, failure);
}

bool ranks_same(struct ranks *ranks, const char digest[65], const char *what,
                struct failure *failure)
{
    char first[65] = "";
    if (!ranks_several(ranks)) return true;
    if (ranks->rank == 0) memcpy(first, digest, sizeof first);
    if (!ranks_unite(ranks, first, sizeof first, failure)) return false;
    bool good = strcmp(first, digest) == 0 ||
                fail(failure, EXIT_INPUT, "sees another %s than rank 0; give all ranks the same "
                     "options and files, on a file system that they share", what);
    return ranks_agree(ranks, good, failure);
}
