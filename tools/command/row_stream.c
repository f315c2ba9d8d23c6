/* SPDX-License-Identifier: MIT */
#include "tools/command/row_stream.h"

#include <stdlib.h>

/* Resizes the array to n rows of `width` 4-byte values; NULL without a change: no memory. */
static void *resized(void *array, size_t n, size_t width)
{
    if (n > SIZE_MAX / sizeof(float) / width) return NULL;
    return realloc(array, n * width * sizeof(float));
}

static bool hold(struct row_stream *stream, size_t n)
{
    voq_output *output = &stream->output;
    if (n <= output->capacity) return true;
    if (stream->kind == ROW_FEATURES) {
        float *feature = resized(output->feature, n, stream->info.dim);
        if (!feature) return false;
        output->feature = feature;
    } else {
        uint32_t *id = resized(output->id, n, stream->info.n_codebook);
        if (!id) return false;
        output->id = id;
    }
    if (stream->kind == ROW_UNITS_DISTANCES) {
        float *distance = resized(output->distance, n, stream->info.n_codebook);
        if (!distance) return false;
        output->distance = distance;
    }
    output->capacity = n;
    return true;
}

voq_status row_stream_new(struct row_stream *stream, const voq_model *model, enum row_kind kind,
                          uint32_t block)
{
    const voq_options options = {.struct_size = sizeof options, .block = block};
    *stream = (struct row_stream){.kind = kind};
    stream->info.struct_size = sizeof stream->info;
    stream->output.struct_size = sizeof stream->output;
    voq_status status = voq_model_describe(model, &stream->info);
    if (status != VOQ_OK) return status;
    if (kind != ROW_FEATURES && stream->info.n_codebook == 0)
        status = VOQ_ERROR_UNSUPPORTED;
    else if (!hold(stream, block))
        status = VOQ_ERROR_MEMORY;
    else
        status = voq_stream_new(model, &options, &stream->stream);
    if (status != VOQ_OK) row_stream_free(stream);
    return status;
}

void row_stream_free(struct row_stream *stream)
{
    voq_stream_free(stream->stream);
    free(stream->output.id);
    free(stream->output.distance);
    free(stream->output.feature);
    *stream = (struct row_stream){0};
}

voq_status row_stream_push(struct row_stream *stream, const float *x, size_t n_sample, size_t *n)
{
    if (!hold(stream, voq_max_units(stream->stream, n_sample))) return VOQ_ERROR_MEMORY;
    return voq_push(stream->stream, x, n_sample, &stream->output, n);
}

voq_status row_stream_finish(struct row_stream *stream, size_t *n)
{
    if (!hold(stream, voq_finish_units(stream->stream))) return VOQ_ERROR_MEMORY;
    return voq_finish(stream->stream, &stream->output, n);
}

voq_status row_stream_gap(struct row_stream *stream, uint64_t n_lost, size_t *n)
{
    if (n_lost && !hold(stream, voq_finish_units(stream->stream))) return VOQ_ERROR_MEMORY;
    return voq_gap(stream->stream, n_lost, &stream->output, n);
}
