/* SPDX-License-Identifier: MIT */
#include "src/stream/runner.h"

#include "src/base/sizes.h"
#include "src/kernel/float_env.h"

#include <stdlib.h>
#include <string.h>

static voq_status check(const voq_model *model, const voq_options *options, enum runner_kind kind,
                        uint32_t *block)
{
    voq_cpu cpu;
    if (!model) return VOQ_ERROR_ARGUMENT;
    voq_status status = voq_read_options(options, &cpu, block, NULL);
    if (status == VOQ_OK) status = voq_chain_check(model);
    if (status == VOQ_OK && kind == RUNNER_UNITS && !model->has_codebook)
        status = VOQ_ERROR_UNSUPPORTED;
    return status;
}

static struct runner *place(const voq_model *model, size_t block, enum runner_kind kind,
                            struct arena *arena)
{
    struct runner *runner = ARENA_TAKE(arena, 1, struct runner);
    size_t n_scratch = kind == RUNNER_UNITS ? 2 * SEARCH_BLOCK * model->parsed.dim : 0;
    float *scratch = ARENA_TAKE(arena, n_scratch, float);
    struct chain measured;
    voq_chain_place(arena->base ? &runner->chain : &measured, model, block, arena);
    if (!arena->base) return NULL;
    runner->allocation = NULL;
    runner->scratch = kind == RUNNER_UNITS ? scratch : NULL;
    voq_chain_reset(&runner->chain);
    return runner;
}

voq_status voq_runner_size(const voq_model *model, const voq_options *options,
                           enum runner_kind kind, size_t *size)
{
    uint32_t block;
    voq_status status = check(model, options, kind, &block);
    if (status != VOQ_OK) return status;
    if (!size) return VOQ_ERROR_ARGUMENT;
    struct arena arena = {0};
    place(model, block, kind, &arena);
    *size = arena_size(&arena);
    return VOQ_OK;
}

voq_status voq_runner_init(void *memory, size_t size, const voq_model *model,
                           const voq_options *options, enum runner_kind kind,
                           struct runner **runner)
{
    size_t needed;
    uint32_t block;
    voq_status status = check(model, options, kind, &block);
    if (status == VOQ_OK) status = voq_runner_size(model, options, kind, &needed);
    if (status != VOQ_OK) return status;
    if (!memory) return VOQ_ERROR_ARGUMENT;
    if (size < needed) return VOQ_ERROR_MEMORY;
    struct arena arena = arena_in(memory);
    uint64_t environment = float_env_enter();
    *runner = place(model, block, kind, &arena);
    float_env_leave(environment);
    return VOQ_OK;
}

voq_status voq_runner_new(const voq_model *model, const voq_options *options, enum runner_kind kind,
                          struct runner **runner)
{
    size_t size;
    voq_status status = voq_runner_size(model, options, kind, &size);
    if (status != VOQ_OK) return status;
    void *memory = malloc(size);
    if (!memory) return VOQ_ERROR_MEMORY;
    status = voq_runner_init(memory, size, model, options, kind, runner);
    if (status == VOQ_OK)
        (*runner)->allocation = memory;
    else
        free(memory);
    return status;
}

/* Writes chain->feature[n] as the at-th output and on; returns how many were written. */
static size_t give(struct runner *runner, const struct output *out, size_t at, size_t n)
{
    const struct chain *chain = &runner->chain;
    const struct quantizer *quantizer = &chain->model->quantizer;
    if (!runner->scratch) {
        size_t dim = chain->model->parsed.dim;
        memcpy(out->feature + at * dim, chain->feature, n * dim * sizeof(float));
        return n;
    }
    at *= quantizer->n_codebook;
    return voq_quantizer_run(quantizer, chain->model->kernel, chain->feature, n, runner->scratch,
                             out->id + at, out->distance ? out->distance + at : NULL, NULL);
}

static voq_status run(struct runner *runner, struct samples *in, const struct output *out)
{
    struct chain *chain = &runner->chain;
    uint64_t environment = float_env_enter();
    size_t n_out = 0, n;
    while ((n = voq_chain_next(chain, in)) > 0) {
        size_t n_given = give(runner, out, n_out, n);
        n_out += n_given;
        if (n_given < n) {
            chain->failed = true;
            chain->n_given -= n - n_given;
        }
    }
    float_env_leave(environment);
    *out->n = n_out;
    return chain->failed ? VOQ_ERROR_VALUE : VOQ_OK;
}

/* Before anything is consumed: is there room for what is due, and a place to write it? */
static voq_status check_room(const struct runner *runner, uint64_t n_due, const struct output *out)
{
    const voq_model *model = runner->chain.model;
    if (n_due > out->capacity) {
        *out->n = saturated(n_due);
        return VOQ_ERROR_CAPACITY;
    }
    bool has_place = runner->scratch ? out->id != NULL : out->feature != NULL;
    size_t row = runner->scratch ? model->quantizer.n_codebook : model->parsed.dim;
    return n_due && !(has_place && can_exist(n_due, 4 * row)) ? VOQ_ERROR_ARGUMENT : VOQ_OK;
}

static bool can_be_samples(const struct samples *in)
{
    if (in->x) return can_exist(in->n, sizeof *in->x);
    return in->n == 0 || (in->x_i16 && can_exist(in->n, sizeof *in->x_i16));
}

static bool is_over(const struct runner *runner)
{
    return runner->chain.ended || runner->chain.failed;
}

static voq_status check_call(const struct runner *runner, const struct output *out)
{
    if (!runner || !out->n) return VOQ_ERROR_ARGUMENT;
    return is_over(runner) ? VOQ_ERROR_STATE : VOQ_OK;
}

voq_status voq_runner_push(struct runner *runner, struct samples in, const struct output *out)
{
    voq_status status = check_call(runner, out);
    if (status == VOQ_OK && !can_be_samples(&in)) status = VOQ_ERROR_ARGUMENT;
    if (status == VOQ_OK) status = check_room(runner, voq_chain_count(&runner->chain, in.n), out);
    return status == VOQ_OK ? run(runner, &in, out) : status;
}

voq_status voq_runner_finish(struct runner *runner, const struct output *out)
{
    struct samples none = {0};
    voq_status status = check_call(runner, out);
    if (status == VOQ_OK) status = check_room(runner, voq_chain_count_at_end(&runner->chain), out);
    if (status != VOQ_OK) return status;
    voq_chain_end(&runner->chain);
    return run(runner, &none, out);
}

voq_status voq_runner_gap(struct runner *runner, uint64_t n_lost, const struct output *out)
{
    voq_status status = check_call(runner, out);
    if (status != VOQ_OK) return status;
    if (n_lost == 0) {
        *out->n = 0;
        return VOQ_OK;
    }
    if (!voq_chain_can_lose(&runner->chain, n_lost)) return VOQ_ERROR_ARGUMENT;
    status = voq_runner_finish(runner, out);
    if (status == VOQ_OK) voq_chain_restart(&runner->chain, n_lost);
    return status;
}

size_t voq_runner_count(const struct runner *runner, size_t n)
{
    return is_over(runner) ? 0 : saturated(voq_chain_count(&runner->chain, n));
}

size_t voq_runner_count_at_end(const struct runner *runner)
{
    return is_over(runner) ? 0 : saturated(voq_chain_count_at_end(&runner->chain));
}
