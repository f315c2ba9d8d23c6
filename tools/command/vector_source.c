/* SPDX-License-Identifier: MIT */
#include "tools/command/vector_source.h"

#include "tools/base/growing.h"
#include "tools/formats/feature_reader.h"

#include <inttypes.h>
#include <stdlib.h>

struct vector_source {
    const voq_model *model;
    const char *path;
    struct feature_reader *reader;
    size_t dim;
    uint64_t n_done;
    float *x; /* [capacity][dim] */
    size_t capacity;
};

static bool open_first(struct vector_source *source, const struct feature_shard_part *part,
                       uint64_t *n_frame, struct failure *failure)
{
    const struct feature_utterance *utterance;
    if (!feature_reader_next(source->reader, &utterance, failure)) return false;
    *n_frame = utterance ? utterance->n_frame : 0;
    if (!part) return true;
    *n_frame = part->n_frame;
    source->n_done = part->first;
    return feature_reader_part(source->reader, part->first, part->n_frame, failure);
}

bool vector_source_open(struct vector_source **out, const voq_model *model, const char *path,
                        const struct feature_shard_part *part, uint64_t *n_frame,
                        struct failure *failure)
{
    voq_info info = {.struct_size = sizeof info};
    if (voq_model_describe(model, &info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model cannot be described");
    struct feature_reader_options options = {.dim = info.dim};
    struct vector_source *source = calloc(1, sizeof *source);
    if (!source) return fail_memory(failure);
    source->model = model;
    source->path = path;
    source->dim = info.dim;
    if (!feature_format_find("npy", &options.format, failure) ||
        !feature_reader_open(&source->reader, path, &options, failure) ||
        !open_first(source, part, n_frame, failure)) {
        vector_source_close(source);
        return false;
    }
    *out = source;
    return true;
}

/* The library counts frames from the start of the block, the user from that of the file. */
static bool fail_frame(const struct vector_source *source, uint32_t *id, size_t n,
                       struct failure *failure)
{
    size_t i = 0;
    while (i < n &&
           voq_quantize(source->model, source->x + i * source->dim, 1, id, NULL, NULL, NULL) ==
               VOQ_OK)
        i++;
    return fail(failure, EXIT_INPUT, "%s: frame %" PRIu64 ": the vector overflows; scale it down",
                source->path, source->n_done + i);
}

bool vector_source_read(struct vector_source *source, uint32_t *id, float *distance,
                        size_t capacity, size_t *n, struct failure *failure)
{
    if (!grow(&source->x, &source->capacity, capacity, source->dim * sizeof *source->x, failure))
        return false;
    if (!feature_reader_read(source->reader, source->x, capacity, n, failure)) return false;
    voq_status status = voq_quantize(source->model, source->x, *n, id, distance, NULL, NULL);
    if (status == VOQ_ERROR_VALUE) return fail_frame(source, id, *n, failure);
    if (status != VOQ_OK) return fail(failure, EXIT_INTERNAL, "%s", voq_status_string(status));
    source->n_done += *n;
    return true;
}

void vector_source_close(struct vector_source *source)
{
    if (!source) return;
    feature_reader_close(source->reader);
    free(source->x);
    free(source);
}
