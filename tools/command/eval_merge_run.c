/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_merge_run.h"

#include "tools/base/digest.h"
#include "tools/base/growing.h"

#include <stdlib.h>
#include <string.h>

static bool take_options(struct eval_options *o, const struct json *run)
{
    uint64_t distance;
    bool good = json_get_text(run, "tier", &o->tier) && json_get_u32(run, "grid", &o->grid) &&
                json_get_u32(run, "upsample", &o->upsample) && json_get_u32(run, "pad", &o->pad) &&
                json_get_u32(run, "tolerance", &o->tolerance_ms) &&
                json_get_whole(run, "distance", DISTANCE_IDENTICAL, &distance) &&
                json_get_truth(run, "any_context", &o->any_context) &&
                json_get_u32(run, "max_size", &o->max_size) &&
                json_get_u32(run, "max_x", &o->max_x) &&
                json_get_u32(run, "bootstrap", &o->bootstrap) &&
                json_get_whole(run, "seed", UINT64_MAX, &o->seed);
    if (good) o->distance = (uint32_t)distance;
    return good;
}

/* ["PATH", "SHA256"], or empty. */
static bool take_input(const struct json *run, const char *key, const char **path,
                       const char **digest)
{
    const struct json *array = json_get_array(run, key), *at = array ? array->child : NULL;
    *path = *digest = NULL;
    if (!array || !at) return array != NULL;
    if (at->type != JSON_STRING || !at->next || at->next->type != JSON_STRING) return false;
    *path = at->string;
    *digest = at->next->string;
    return true;
}

static bool take_subject(struct eval_merge *merge, struct eval_sources *s, size_t i,
                         const struct json *subject, bool *has_model)
{
    const char *hash;
    struct unit_set *units = &s->units[i];
    if (subject->type != JSON_OBJECT || !json_get_text(subject, "name", &s->name[i]) ||
        !s->name[i] || !json_get_text(subject, "model", &hash) ||
        !json_get_u32(subject, "dim", &merge->dim[i]) ||
        !json_get_u32(subject, "codes", &units->n_code) ||
        !json_get_u32(subject, "codebooks", &units->n_codebook) || !units->n_codebook ||
        !json_get_u32(subject, "hop", &units->hop_samples) ||
        !json_get_u32(subject, "rate", &units->rate_hz) || merge->dim[i] > 1 << 20)
        return false;
    *has_model = hash != NULL;
    return true;
}

static bool make_subjects(struct eval_merge *merge, struct eval_sources *s, size_t n,
                          struct failure *failure)
{
    s->n_subject = n;
    s->name = zeroed(n, sizeof *s->name, failure);
    s->units = zeroed(n, sizeof *s->units, failure);
    s->features = zeroed(n, sizeof *s->features, failure);
    merge->dim = zeroed(n, sizeof *merge->dim, failure);
    return s->name && s->units && s->features && merge->dim &&
           eval_stored_init(&merge->stored, n, failure);
}

static bool make_sums(struct eval_merge *merge, struct eval_sources *s, struct failure *failure)
{
    s->quantizer_error = zeroed(s->n_subject, sizeof *s->quantizer_error, failure);
    merge->sums = zeroed(s->n_subject, sizeof *merge->sums, failure);
    if (!s->quantizer_error || !merge->sums) return false;
    for (size_t i = 0; i < s->n_subject; i++)
        if (!quantizer_sums_init(&merge->sums[i], merge->dim[i], failure)) return false;
    return true;
}

static bool fail_run(struct failure *failure)
{
    return fail(failure, EXIT_INPUT,
                "the second line of the shards is not one that this voq eval --shard writes; run "
                "them again");
}

bool eval_merge_run(struct eval_merge *merge, struct eval_options *options,
                    struct eval_sources *s, uint32_t *n_shard, uint64_t *total,
                    struct failure *failure)
{
    size_t column, n = 0;
    const char *reason, *unused[2];
    bool has_model = false;
    merge->run = json_parse(merge->run_text, strlen(merge->run_text), &column, &reason);
    const struct json *subjects = merge->run && merge->run->type == JSON_OBJECT
                                      ? json_get_array(merge->run, "subjects")
                                      : NULL;
    if (!subjects || !json_get_u32(merge->run, "shards", n_shard) ||
        !json_get_whole(merge->run, "total", UINT64_MAX / 2, total) ||
        !take_options(options, merge->run) ||
        !take_input(merge->run, "phones", &s->phones_name, &s->digest[0]) ||
        !take_input(merge->run, "items", &s->items_name, &s->digest[1]) ||
        !take_input(merge->run, "features", &unused[0], &unused[1]))
        return fail_run(failure);
    for (const struct json *at = subjects->child; at; at = at->next) n++;
    if (n == 0) return fail_run(failure);
    if (!make_subjects(merge, s, n, failure)) return false;
    n = 0;
    for (const struct json *at = subjects->child; at; at = at->next, n++)
        if (!take_subject(merge, s, n, at, &has_model)) return fail_run(failure);
    return !has_model || make_sums(merge, s, failure);
}

static bool check_input(const char *path, const char *then, struct failure *failure)
{
    char now[DIGEST_HEX];
    if (!path) return true;
    return file_digest(path, now, failure) &&
           (strcmp(now, then) == 0 ||
            fail(failure, EXIT_INPUT, "%s: has changed since the shards were measured; run them "
                 "again", path));
}

bool eval_merge_sources(const struct eval_options *options, struct eval_sources *s,
                        char **operand, size_t n, struct failure *failure)
{
    const char *const file[] = {s->phones_name, s->items_name};
    if (!option_guard_writes(&s->guard, options->output, failure) ||
        (options->matrix && !option_guard_writes(&s->guard, options->matrix, failure)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!option_guard_reads(&s->guard, operand[i], failure)) return false;
    for (size_t i = 0; i < sizeof file / sizeof *file; i++)
        if ((file[i] && !option_guard_reads(&s->guard, file[i], failure)) ||
            !check_input(file[i], s->digest[i], failure))
            return false;
    if (!option_guard_check(&s->guard, failure) ||
        (s->phones_name &&
         !alignment_read(&s->phones, s->phones_name, options->tier, failure)))
        return false;
    s->has_items = s->items_name && item_list_read(&s->items, s->items_name, failure);
    return s->has_items || !s->items_name;
}
