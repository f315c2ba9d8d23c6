/* SPDX-License-Identifier: MIT */
#include "tools/command/row_stream.h"

#include <stdlib.h>

static bool hold(struct row_stream *stream, size_t n)
{
    if (n <= stream->capacity) return true;
    if (n > SIZE_MAX / sizeof *stream->row / stream->width) return false;
    uint32_t *row = realloc(stream->row, n * stream->width * sizeof *row);
    if (!row) return false;
    stream->row = row;
    if (stream->wants_distance) {
        float *distance = realloc(stream->distance, n * stream->width * sizeof *distance);
        if (!distance) return false;
        stream->distance = distance;
    }
    stream->capacity = n;
    return true;
}

voq_status row_stream_new(struct row_stream *stream, const voq_model *model, enum row_kind kind,
                          uint32_t block)
{
    const voq_options options = {.struct_size = sizeof options, .block = block};
    voq_info info = {.struct_size = sizeof info};
    *stream = (struct row_stream){.wants_distance = kind == ROW_UNITS_DISTANCES};
    bool features = kind == ROW_FEATURES;
    voq_status status = voq_model_describe(model, &info);
    if (status != VOQ_OK) return status;
    stream->width = features ? info.dim : info.n_codebook;
    if (stream->width == 0)
        status = VOQ_ERROR_UNSUPPORTED;
    else if (!hold(stream, block))
        status = VOQ_ERROR_MEMORY;
    else if (features)
        status = voq_features_new(model, &options, &stream->features);
    else
        status = voq_stream_new(model, &options, &stream->units);
    if (status != VOQ_OK) row_stream_free(stream);
    return status;
}

void row_stream_free(struct row_stream *stream)
{
    voq_stream_free(stream->units);
    voq_features_free(stream->features);
    free(stream->row);
    free(stream->distance);
    *stream = (struct row_stream){0};
}

voq_status row_stream_push(struct row_stream *stream, const float *x, size_t n_sample, size_t *n)
{
    size_t most = stream->units ? voq_max_units(stream->units, n_sample)
                               : voq_features_max_frames(stream->features, n_sample);
    if (!hold(stream, most)) return VOQ_ERROR_MEMORY;
    if (stream->units)
        return voq_push(stream->units, x, n_sample, stream->row, stream->distance,
                        stream->capacity, n);
    return voq_features_push(stream->features, x, n_sample, (float *)stream->row, stream->capacity,
                             n);
}

static voq_status end(struct row_stream *stream, uint64_t n_lost, size_t *n)
{
    size_t most = stream->units ? voq_finish_units(stream->units)
                               : voq_features_finish_frames(stream->features);
    if (!hold(stream, most)) return VOQ_ERROR_MEMORY;
    if (stream->units)
        return n_lost ? voq_gap(stream->units, n_lost, stream->row, stream->distance,
                                stream->capacity, n)
                      : voq_finish(stream->units, stream->row, stream->distance,
                                   stream->capacity, n);
    float *row = (float *)stream->row;
    return n_lost ? voq_features_gap(stream->features, n_lost, row, stream->capacity, n)
                  : voq_features_finish(stream->features, row, stream->capacity, n);
}

voq_status row_stream_finish(struct row_stream *stream, size_t *n) { return end(stream, 0, n); }

voq_status row_stream_gap(struct row_stream *stream, uint64_t n_lost, size_t *n)
{
    *n = 0;
    return n_lost ? end(stream, n_lost, n) : VOQ_OK;
}

void row_stream_reset(struct row_stream *stream)
{
    if (stream->units)
        voq_reset(stream->units);
    else
        voq_features_reset(stream->features);
}

uint64_t row_stream_position(const struct row_stream *stream)
{
    return stream->units ? voq_stream_position(stream->units)
                         : voq_features_position(stream->features);
}

uint64_t row_stream_bad_samples(const struct row_stream *stream)
{
    return stream->units ? voq_stream_bad_samples(stream->units)
                         : voq_features_bad_samples(stream->features);
}
