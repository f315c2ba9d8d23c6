/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_shard.h"

#include "tools/base/digest.h"
#include "tools/base/json.h"
#include "tools/base/json_writer.h"
#include "voq.h"

#include <string.h>

static bool write_input(struct json_writer *json, const char *key, const char *path,
                        struct failure *failure)
{
    char hex[DIGEST_HEX];
    if (path && !file_digest(path, hex, failure)) return false;
    if (path && !json_is_utf8(path))
        return fail(failure, EXIT_INPUT, "%s: the path is not UTF-8, which --shard needs; rename "
                    "the file", path);
    json_open(json, key, '[');
    if (path) {
        json_text(json, NULL, path);
        json_text(json, NULL, hex);
    }
    json_close(json, ']');
    return true;
}

static bool write_subject(struct json_writer *json, const struct eval_sources *s, size_t i,
                          struct failure *failure)
{
    const struct unit_set *units = &s->units[i];
    voq_info info = {.struct_size = sizeof info};
    if (s->model && voq_model_describe(s->model[i], &info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model cannot be described");
    json_open(json, NULL, '{');
    json_text(json, "name", s->name[i]);
    json_text(json, "model", s->model ? info.hash : NULL);
    json_count(json, "dim", s->model ? info.dim : 0);
    json_count(json, "codes", units->n_code);
    json_count(json, "codebooks", units->n_codebook);
    json_count(json, "hop", units->hop_samples);
    json_count(json, "rate", units->rate_hz);
    json_close(json, '}');
    return true;
}

static void write_options(struct json_writer *json, const struct eval_options *o)
{
    json_text(json, "tier", o->tier);
    json_count(json, "grid", o->grid);
    json_count(json, "upsample", o->upsample);
    json_count(json, "pad", o->pad);
    json_count(json, "tolerance", o->tolerance_ms);
    json_count(json, "distance", o->distance);
    json_truth(json, "any_context", o->any_context);
    json_count(json, "max_size", o->max_size);
    json_count(json, "max_x", o->max_x);
    json_count(json, "bootstrap", o->bootstrap);
    json_count(json, "seed", o->seed);
}

bool eval_run_write(FILE *file, const struct eval_options *options, const struct eval_sources *s,
                    uint64_t total, struct failure *failure)
{
    struct json_writer json = {.file = file, .layout = JSON_COMPACT};
    json_open(&json, NULL, '{');
    json_text(&json, "voq", voq_version_string());
    json_count(&json, "shards", options->part.n);
    json_count(&json, "total", total);
    json_open(&json, "subjects", '[');
    for (size_t i = 0; i < s->n_subject; i++)
        if (!write_subject(&json, s, i, failure)) return false;
    json_close(&json, ']');
    if (!write_input(&json, "phones", s->phones_name, failure) ||
        !write_input(&json, "items", s->items_name, failure) ||
        !write_input(&json, "features", options->features, failure))
        return false;
    write_options(&json, options);
    json_close(&json, '}');
    return true;
}
