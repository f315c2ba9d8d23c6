/* SPDX-License-Identifier: MIT */
/* The calls on a stream. Each checks everything before it consumes anything. */
#include "src/stream/stream.h"

#include "src/base/sizes.h"
#include "src/kernel/float_env.h"

#include <stdlib.h>

/* ---- making -------------------------------------------------------------------------------- */

static voq_status check(const voq_model *model, const voq_options *options, uint32_t *block)
{
    voq_cpu cpu;
    if (!model) return VOQ_ERROR_ARGUMENT;
    voq_status status = voq_read_options(options, &cpu, block, NULL);
    if (status != VOQ_OK) return status;
    if (*block == 0) *block = 1;
    return model->has_audio && !voq_model_needs_whole_signal(model) ? VOQ_OK
                                                                    : VOQ_ERROR_UNSUPPORTED;
}

static voq_stream *place(const voq_model *model, size_t block, struct arena *arena)
{
    voq_stream *stream = ARENA_TAKE(arena, 1, voq_stream);
    size_t n_scratch = model->has_codebook ? SEARCH_SCRATCH(model->parsed.dim) : 0;
    float *scratch = ARENA_TAKE(arena, n_scratch, float);
    struct chain measured;
    voq_chain_place(arena->base ? &stream->chain : &measured, model, block, arena);
    if (!arena->base) return NULL;
    stream->allocation = NULL;
    stream->scratch = scratch;
    voq_chain_reset(&stream->chain);
    return stream;
}

voq_status voq_stream_size(const voq_model *model, const voq_options *options, size_t *size)
{
    uint32_t block;
    voq_status status = check(model, options, &block);
    if (status != VOQ_OK) return status;
    if (!size) return VOQ_ERROR_ARGUMENT;
    struct arena arena = {0};
    place(model, block, &arena);
    *size = arena_size(&arena);
    return VOQ_OK;
}

voq_status voq_stream_init(void *memory, size_t size, const voq_model *model,
                           const voq_options *options, voq_stream **stream)
{
    size_t needed;
    uint32_t block;
    if (!stream) return VOQ_ERROR_ARGUMENT;
    voq_status status = check(model, options, &block);
    if (status == VOQ_OK) status = voq_stream_size(model, options, &needed);
    if (status != VOQ_OK) return status;
    if (!memory) return VOQ_ERROR_ARGUMENT;
    if (size < needed) return VOQ_ERROR_MEMORY;
    struct arena arena = arena_in(memory);
    uint64_t environment = float_env_enter();
    *stream = place(model, block, &arena);
    float_env_leave(environment);
    return VOQ_OK;
}

voq_status voq_stream_new(const voq_model *model, const voq_options *options, voq_stream **stream)
{
    size_t size;
    if (!stream) return VOQ_ERROR_ARGUMENT;
    voq_status status = voq_stream_size(model, options, &size);
    if (status != VOQ_OK) return status;
    void *memory = malloc(size);
    if (!memory) return VOQ_ERROR_MEMORY;
    status = voq_stream_init(memory, size, model, options, stream);
    if (status == VOQ_OK)
        (*stream)->allocation = memory;
    else
        free(memory);
    return status;
}

void voq_stream_free(voq_stream *stream)
{
    if (stream) free(stream->allocation);
}

/* ---- running ------------------------------------------------------------------------------- */

voq_status voq_stream_run(voq_stream *stream, struct samples *in, const struct rows *rows,
                          size_t *n_frame)
{
    struct chain *chain = &stream->chain;
    uint64_t environment = float_env_enter();
    size_t n;
    while ((n = voq_chain_next(chain, in)) > 0) {
        size_t n_done =
            voq_rows_write(rows, *n_frame, voq_chain_features(chain), n, stream->scratch);
        *n_frame += n_done;
        if (n_done < n) {
            chain->failed = true;
            chain->n_given -= n - n_done;
        }
    }
    float_env_leave(environment);
    return chain->failed ? VOQ_ERROR_VALUE : VOQ_OK;
}

static bool is_over(const voq_stream *stream)
{
    return stream->chain.ended || stream->chain.failed;
}

static voq_status check_call(const voq_stream *stream, const voq_output *output,
                             const size_t *n_frame, struct rows *rows)
{
    if (!stream || !n_frame) return VOQ_ERROR_ARGUMENT;
    if (is_over(stream)) return VOQ_ERROR_STATE;
    return voq_rows_take(rows, stream->chain.model, output, NULL);
}

static voq_status check_room(const struct rows *rows, uint64_t n_due, size_t *n_frame)
{
    voq_status status = voq_rows_check(rows, n_due);
    if (status == VOQ_ERROR_CAPACITY) *n_frame = saturated(n_due);
    return status;
}

static bool can_be_samples(const struct samples *in)
{
    if (in->x) return can_exist(in->n, sizeof *in->x);
    return in->n == 0 || (in->x_i16 && can_exist(in->n, sizeof *in->x_i16));
}

static voq_status push(voq_stream *stream, struct samples in, const voq_output *output,
                       size_t *n_frame)
{
    struct rows rows;
    voq_status status = check_call(stream, output, n_frame, &rows);
    if (status == VOQ_OK && !can_be_samples(&in)) status = VOQ_ERROR_ARGUMENT;
    if (status == VOQ_OK)
        status = check_room(&rows, voq_chain_count(&stream->chain, in.n), n_frame);
    if (status != VOQ_OK) return status;
    *n_frame = 0;
    return voq_stream_run(stream, &in, &rows, n_frame);
}

voq_status voq_push(voq_stream *stream, const float *x, size_t n, const voq_output *output,
                    size_t *n_frame)
{
    return push(stream, (struct samples){x, NULL, n}, output, n_frame);
}

voq_status voq_push_i16(voq_stream *stream, const int16_t *x, size_t n, const voq_output *output,
                        size_t *n_frame)
{
    return push(stream, (struct samples){NULL, x, n}, output, n_frame);
}

voq_status voq_finish(voq_stream *stream, const voq_output *output, size_t *n_frame)
{
    struct rows rows;
    struct samples none = {0};
    voq_status status = check_call(stream, output, n_frame, &rows);
    if (status == VOQ_OK)
        status = check_room(&rows, voq_chain_count_at_end(&stream->chain), n_frame);
    if (status != VOQ_OK) return status;
    *n_frame = 0;
    voq_chain_end(&stream->chain);
    return voq_stream_run(stream, &none, &rows, n_frame);
}

voq_status voq_gap(voq_stream *stream, uint64_t n_lost, const voq_output *output, size_t *n_frame)
{
    struct rows rows;
    voq_status status = check_call(stream, output, n_frame, &rows);
    if (status != VOQ_OK) return status;
    if (n_lost == 0) {
        *n_frame = 0;
        return VOQ_OK;
    }
    if (!voq_chain_can_lose(&stream->chain, n_lost)) return VOQ_ERROR_ARGUMENT;
    status = voq_finish(stream, output, n_frame);
    if (status == VOQ_OK) voq_chain_restart(&stream->chain, n_lost);
    return status;
}

void voq_reset(voq_stream *stream)
{
    if (stream) voq_chain_reset(&stream->chain);
}

/* ---- counts -------------------------------------------------------------------------------- */

size_t voq_max_units(const voq_stream *stream, size_t n)
{
    return stream && !is_over(stream) ? saturated(voq_chain_count(&stream->chain, n)) : 0;
}

size_t voq_finish_units(const voq_stream *stream)
{
    return stream && !is_over(stream) ? saturated(voq_chain_count_at_end(&stream->chain)) : 0;
}

uint64_t voq_stream_position(const voq_stream *stream)
{
    return stream ? voq_chain_position(&stream->chain) : 0;
}

uint64_t voq_stream_bad_samples(const voq_stream *stream)
{
    return stream ? stream->chain.framing.n_bad : 0;
}
