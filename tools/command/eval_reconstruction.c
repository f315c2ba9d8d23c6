/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_reconstruction.h"

#include "tools/base/growing.h"
#include "tools/base/parallel.h"
#include "tools/corpus/corpus.h"
#include "tools/eval/samples.h"
#include "tools/learn/decoder.h"

#include <stdlib.h>

struct run {
    const struct eval_sources *sources;
    const struct unit_set *units;
    const voq_model *model;
    voq_model *input; /* its features enter the encoder */
    uint32_t rate_hz; /* 0: vectors */
    struct decoder decoder;
    float *origin; /* [frame_dim] zeros */
    struct samples *samples;     /* [n_thread] */
    struct quantizer_sums *sums; /* [corpus_size] */
};

/* An utterance while it is decoded. */
struct comparison {
    const struct run *run;
    const struct unit_utterance *units;
    struct quantizer_sums *sums;
    float *x; /* [n][frame_dim] what entered the encoder */
    size_t n, done;
};

static void codewords(void *context, uint64_t first, size_t n, float *z_q)
{
    const struct comparison *c = context;
    /* The ids come from this model, so this does not fail. */
    (void)!voq_decode(c->run->model, c->units->id + first * c->run->units->n_codebook, n, z_q);
}

/* With a stride, the frames of the last unit may pass the end of the input. */
static bool compare(void *context, const float *frame, size_t n, struct failure *failure)
{
    struct comparison *c = context;
    uint32_t dim = c->run->decoder.frame_dim;
    (void)failure;
    for (size_t t = 0; t < n && c->done < c->n; t++, c->done++, frame += dim) {
        const float *x = c->x + c->done * dim;
        double distance = 0;
        for (uint32_t k = 0; k < dim; k++) {
            double d = (double)x[k] - (double)frame[k];
            distance += d * d;
        }
        quantizer_sums_add(c->sums, x, &(float){(float)distance}, 1, dim, 1, c->run->origin);
    }
    return true;
}

static bool make_room(struct comparison *c, size_t n, voq_output *output, struct failure *failure)
{
    c->n = n;
    c->x = zeroed(n * c->run->decoder.frame_dim, sizeof *c->x, failure);
    *output = (voq_output){.struct_size = sizeof *output, .capacity = n, .feature = c->x};
    return c->x != NULL;
}

static bool check(voq_status status, const char *path, const voq_error *error,
                  struct failure *failure)
{
    if (status == VOQ_ERROR_MEMORY) return fail_memory(failure);
    return status == VOQ_OK || fail(failure, EXIT_INPUT, "%s: %s", path, error->text);
}

static bool take_audio(struct comparison *c, const struct utterance *u, struct samples *samples,
                       struct failure *failure)
{
    const struct audio_request request = audio_request_of(u, c->run->rate_hz);
    voq_error error = {.struct_size = sizeof error};
    voq_output output;
    size_t n;
    if (!samples_read(samples, &request, failure) ||
        !make_room(c, voq_encode_frames(c->run->input, samples->n), &output, failure))
        return false;
    return check(voq_encode(c->run->input, NULL, samples->x, samples->n, &output, &n, &error),
                 utterance_label(u), &error, failure);
}

static bool take_vectors(struct comparison *c, const struct utterance *u, struct failure *failure)
{
    struct feature_set set = {0};
    voq_error error = {.struct_size = sizeof error};
    voq_output output;
    bool good = feature_set_read(&set, u->path, failure) &&
                make_room(c, set.series[0].n_frame, &output, failure) &&
                check(voq_quantize(c->run->input, set.series[0].frame, c->n, &output, &error),
                      u->path, &error, failure);
    feature_set_clear(&set);
    return good;
}

/* Vectors into a model with a front end enter behind the encoder: there is nothing to compare. */
static bool compare_utterance(void *context, size_t worker, size_t i, struct failure *failure)
{
    const struct run *run = context;
    const struct utterance *u = corpus_get(run->sources->corpus, i);
    struct comparison c = {.run = run, .sums = &run->sums[i],
                           .units = unit_set_find(run->units, u->name)};
    const struct decoder_ends ends = {codewords, compare, &c};
    bool is_vectors = u->kind == CORPUS_VECTORS;
    if (run->sources->encoding.left_out[i] || !c.units || is_vectors != !run->rate_hz) return true;
    bool good = quantizer_sums_init(c.sums, run->decoder.frame_dim, failure) &&
                (is_vectors ? take_vectors(&c, u, failure)
                            : take_audio(&c, u, &run->samples[worker], failure)) &&
                decoder_run(&run->decoder, c.units->n_frame, &ends, failure);
    free(c.x);
    return good;
}

static bool start(struct run *run, size_t i, size_t n_thread, struct failure *failure)
{
    voq_info info = {.struct_size = sizeof info};
    if (voq_model_describe(run->model, &info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model cannot be described");
    run->rate_hz = info.rate_hz;
    if (!decoder_open(&run->decoder, run->model, run->sources->name[i], failure) ||
        !encoder_input_model(&run->input, run->model, failure))
        return false;
    run->origin = zeroed(run->decoder.frame_dim, sizeof *run->origin, failure);
    run->samples = zeroed(n_thread, sizeof *run->samples, failure);
    run->sums = zeroed(corpus_size(run->sources->corpus), sizeof *run->sums, failure);
    return run->origin && run->samples && run->sums;
}

static bool join(struct run *run, struct quantizer_error *error, struct failure *failure)
{
    struct quantizer_sums all;
    uint32_t dim = run->decoder.frame_dim;
    if (!quantizer_sums_init(&all, dim, failure)) return false;
    for (size_t i = 0; i < corpus_size(run->sources->corpus); i++)
        if (run->sums[i].sum) quantizer_sums_join(&all, &run->sums[i], dim);
    *error = quantizer_error_of(&all, dim);
    quantizer_sums_clear(&all);
    return true;
}

static void stop(struct run *run, size_t n_thread)
{
    size_t n = corpus_size(run->sources->corpus);
    for (size_t i = 0; run->samples && i < n_thread; i++) samples_clear(&run->samples[i]);
    for (size_t i = 0; run->sums && i < n; i++) quantizer_sums_clear(&run->sums[i]);
    free(run->samples);
    free(run->sums);
    free(run->origin);
    voq_model_close(run->input);
    decoder_close(&run->decoder);
}

bool eval_reconstruction(const struct eval_sources *sources, size_t i, size_t n_thread,
                         struct quantizer_error *error, struct failure *failure)
{
    struct run run = {.sources = sources, .units = &sources->units[i], .model = sources->model[i]};
    bool good = start(&run, i, n_thread, failure) &&
                parallel_for(corpus_size(sources->corpus), n_thread, compare_utterance, &run,
                             failure) &&
                join(&run, error, failure);
    stop(&run, n_thread);
    return good;
}
