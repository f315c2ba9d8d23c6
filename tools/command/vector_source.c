/* SPDX-License-Identifier: MIT */
#include "tools/command/vector_source.h"

#include "tools/base/growing.h"
#include "tools/formats/feature_reader.h"

#include <inttypes.h>
#include <stdlib.h>

enum { BLOCK = 256 };

struct vector_source {
    const voq_model *model;
    const char *path;
    struct feature_reader *reader;
    voq_info info;
    bool is_sequence; /* the model's chain needs all vectors at once */
    bool distances;
    uint64_t n_done;
    float *x; /* [room_x / input_dim][input_dim] */
    size_t room_x, room_id, room_distance;
    voq_output output;
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

static bool understand(struct vector_source *source, struct failure *failure)
{
    voq_parts parts = {.struct_size = sizeof parts};
    source->info.struct_size = sizeof source->info;
    if (voq_model_describe(source->model, &source->info) != VOQ_OK ||
        voq_model_parts(source->model, &parts) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model cannot be described");
    source->is_sequence = !parts.frontend && (parts.normalise || parts.transform || parts.encoder);
    return true;
}

bool vector_source_open(struct vector_source **out, const voq_model *model, const char *path,
                        const struct feature_shard_part *part, bool distances, uint64_t *n_frame,
                        struct failure *failure)
{
    struct vector_source *source = calloc(1, sizeof *source);
    if (!source) return fail_memory(failure);
    source->model = model;
    source->path = path;
    source->distances = distances;
    source->output.struct_size = sizeof source->output;
    struct feature_reader_options options = {0};
    bool good = understand(source, failure) &&
                feature_format_find("npy", &options.format, failure);
    options.dim = source->info.input_dim;
    if (good && feature_reader_open(&source->reader, path, &options, failure) &&
        open_first(source, part, n_frame, failure)) {
        *out = source;
        return true;
    }
    vector_source_close(source);
    return false;
}

/* Reads the next block, or all remaining vectors, into source->x. */
static bool read_vectors(struct vector_source *source, size_t *n, struct failure *failure)
{
    size_t dim = source->info.input_dim, n_new = 1;
    for (*n = 0; n_new > 0 && (*n == 0 || source->is_sequence); *n += n_new)
        if (!grow(&source->x, &source->room_x, (*n + BLOCK) * dim, sizeof *source->x, failure) ||
            !feature_reader_read(source->reader, source->x + *n * dim, BLOCK, &n_new, failure))
            return false;
    return true;
}

static bool make_room(struct vector_source *source, size_t n, struct failure *failure)
{
    voq_output *output = &source->output;
    size_t n_id = n * source->info.n_codebook;
    if (!grow(&output->id, &source->room_id, n_id, sizeof *output->id, failure)) return false;
    output->capacity = n;
    return !source->distances || grow(&output->distance, &source->room_distance, n_id,
                                      sizeof *output->distance, failure);
}

/* The library counts frames from the start of the block; messages count from that of the file. */
static bool fail_frame(const struct vector_source *source, size_t n, struct failure *failure)
{
    size_t i = 0;
    while (i < n && voq_quantize(source->model, source->x + i * source->info.input_dim, 1,
                                 &source->output, NULL) == VOQ_OK)
        i++;
    return fail(failure, EXIT_INPUT, "%s: frame %" PRIu64 ": the vector overflows; scale it down",
                source->path, source->n_done + i);
}

bool vector_source_read(struct vector_source *source, const voq_output **output, size_t *n,
                        struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    size_t n_vector;
    if (!read_vectors(source, &n_vector, failure)) return false;
    *n = voq_quantize_rows(source->model, n_vector);
    if (!make_room(source, *n, failure)) return false;
    voq_status status = voq_quantize(source->model, source->x, n_vector, &source->output, &error);
    if (status == VOQ_ERROR_VALUE && source->is_sequence)
        return fail(failure, EXIT_INPUT, "%s: %s", source->path, error.text);
    if (status == VOQ_ERROR_VALUE) return fail_frame(source, *n, failure);
    if (status != VOQ_OK) return fail(failure, EXIT_INTERNAL, "%s", error.text);
    source->n_done += *n;
    *output = &source->output;
    return true;
}

void vector_source_close(struct vector_source *source)
{
    if (!source) return;
    feature_reader_close(source->reader);
    free(source->x);
    free(source->output.id);
    free(source->output.distance);
    free(source);
}
