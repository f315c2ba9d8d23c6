/* SPDX-License-Identifier: MIT */
#include "tools/command/shard_rank.h"

#include "tools/base/number.h"
#include "tools/formats/feature_shard_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fail_text(const char *text, struct failure *failure)
{
    return fail(failure, EXIT_USAGE,
                "--shard %s: expected I/N, shard I of N counted from 0, or auto/N", text);
}

static bool find_rank(const char *text, struct shard *shard, const char **variable,
                      struct failure *failure)
{
    static const char *const names[] = {"SLURM_ARRAY_TASK_ID", "OMPI_COMM_WORLD_RANK", "PMIX_RANK",
                                        "SLURM_PROCID"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (!value) continue;
        *variable = names[i];
        return parse_u32(value, &shard->rank) ||
               fail(failure, EXIT_USAGE, "--shard %s: %s is '%s', which is not a number", text,
                    names[i], value);
    }
    return fail(failure, EXIT_USAGE,
                "--shard %s: none of SLURM_ARRAY_TASK_ID, OMPI_COMM_WORLD_RANK, PMIX_RANK and "
                "SLURM_PROCID is set; write the rank instead, --shard 0/%u", text, shard->n);
}

bool shard_check(const struct shard *shard, const char *option, struct failure *failure)
{
    return shard->rank < shard->n ||
           fail(failure, EXIT_USAGE,
                "%s: there is no shard %u of %u; shards are counted from 0 to %u", option,
                shard->rank, shard->n, shard->n - 1);
}

bool shard_parse(const char *text, struct shard *shard, const char **variable,
                 struct failure *failure)
{
    const char *slash = strchr(text, '/');
    char rank[16] = "", option[64];
    *variable = NULL;
    if (!slash || (size_t)(slash - text) >= sizeof rank) return fail_text(text, failure);
    memcpy(rank, text, (size_t)(slash - text));
    bool is_auto = strcmp(rank, "auto") == 0;
    if (!parse_u32(slash + 1, &shard->n) || (!is_auto && !parse_u32(rank, &shard->rank)))
        return fail_text(text, failure);
    if (shard->n < 1 || shard->n > SHARDS_MOST)
        return fail(failure, EXIT_USAGE, "--shard %s: the number of shards must be from 1 to %d",
                    text, SHARDS_MOST);
    if (is_auto && !find_rank(text, shard, variable, failure)) return false;
    snprintf(option, sizeof option, "--shard %s%s%s%s", text, is_auto ? " (" : "",
             is_auto ? *variable : "", is_auto ? ")" : "");
    return shard_check(shard, option, failure);
}

void shard_span(const struct shard *shard, size_t n, size_t *begin, size_t *end)
{
    *begin = shard->n ? feature_shard_begin(n, shard->rank, shard->n) : 0;
    *end = shard->n ? feature_shard_begin(n, shard->rank + 1, shard->n) : n;
}
