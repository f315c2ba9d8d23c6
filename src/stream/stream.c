/* SPDX-License-Identifier: MIT */
#include "src/stream/runner.h"

#include <stdlib.h>

struct voq_stream {
    struct runner runner;
};

/* NULL stays NULL, which the runner refuses. */
static struct runner *runner_of(voq_stream *stream)
{
    return stream ? &stream->runner : NULL;
}

voq_status voq_stream_size(const voq_model *model, const voq_options *options, size_t *size)
{
    return voq_runner_size(model, options, RUNNER_UNITS, size);
}

voq_status voq_stream_init(void *memory, size_t size, const voq_model *model,
                           const voq_options *options, voq_stream **stream)
{
    if (!stream) return VOQ_ERROR_ARGUMENT;
    struct runner *runner;
    voq_status status = voq_runner_init(memory, size, model, options, RUNNER_UNITS, &runner);
    if (status == VOQ_OK) *stream = (voq_stream *)runner;
    return status;
}

voq_status voq_stream_new(const voq_model *model, const voq_options *options, voq_stream **stream)
{
    if (!stream) return VOQ_ERROR_ARGUMENT;
    struct runner *runner;
    voq_status status = voq_runner_new(model, options, RUNNER_UNITS, &runner);
    if (status == VOQ_OK) *stream = (voq_stream *)runner;
    return status;
}

void voq_stream_free(voq_stream *stream)
{
    if (stream) free(stream->runner.allocation);
}

voq_status voq_push(voq_stream *stream, const float *x, size_t n, uint32_t *id, float *distance,
                    size_t capacity, size_t *n_unit)
{
    return voq_runner_push(runner_of(stream), (struct samples){x, NULL, n},
                           &(struct output){id, distance, NULL, capacity, n_unit});
}

voq_status voq_push_i16(voq_stream *stream, const int16_t *x, size_t n, uint32_t *id,
                        float *distance, size_t capacity, size_t *n_unit)
{
    return voq_runner_push(runner_of(stream), (struct samples){NULL, x, n},
                           &(struct output){id, distance, NULL, capacity, n_unit});
}

voq_status voq_finish(voq_stream *stream, uint32_t *id, float *distance, size_t capacity,
                      size_t *n_unit)
{
    return voq_runner_finish(runner_of(stream),
                             &(struct output){id, distance, NULL, capacity, n_unit});
}

voq_status voq_gap(voq_stream *stream, uint64_t n_lost, uint32_t *id, float *distance,
                   size_t capacity, size_t *n_unit)
{
    return voq_runner_gap(runner_of(stream), n_lost,
                          &(struct output){id, distance, NULL, capacity, n_unit});
}

void voq_reset(voq_stream *stream)
{
    if (stream) voq_chain_reset(&stream->runner.chain);
}

size_t voq_max_units(const voq_stream *stream, size_t n)
{
    return stream ? voq_runner_count(&stream->runner, n) : 0;
}

size_t voq_finish_units(const voq_stream *stream)
{
    return stream ? voq_runner_count_at_end(&stream->runner) : 0;
}

uint64_t voq_stream_position(const voq_stream *stream)
{
    return stream ? voq_chain_position(&stream->runner.chain) : 0;
}

uint64_t voq_stream_bad_samples(const voq_stream *stream)
{
    return stream ? stream->runner.chain.framing.n_bad : 0;
}
