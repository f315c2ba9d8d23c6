/* SPDX-License-Identifier: MIT */
#include "tools/eval/corpus_units.h"

#include "tools/base/growing.h"
#include "tools/base/parallel.h"
#include "tools/corpus/corpus.h"
#include "tools/eval/utterance_encoder.h"
#include "tools/eval/utterance_key.h"

#include <stdlib.h>

/* What became of one utterance, until the others before it are there too. */
struct outcome {
    struct encoded encoded;
    struct quantizer_sums sums;
    uint64_t n_not_finite;   /* samples taken as 0 */
    struct failure *failure; /* NULL: none */
};

struct worker {
    struct utterance_encoder encoder;
    struct samples samples;
};

struct run {
    const struct corpus_encoding *encoding;
    voq_info info;
    const float *origin;     /* [dim] for the sums: the first codeword */
    struct worker *worker;   /* [n_thread] */
    struct outcome *outcome; /* [n_utterance] */
};

static bool encode_audio(const struct corpus_encoding *encoding, struct worker *worker,
                         const struct utterance *u, size_t i, struct encoded *encoded,
                         struct failure *failure)
{
    const struct audio_request request = {
        .path = u->path, .is_command = u->is_command, .offset = u->offset,
        .rate_hz = worker->encoder.info.rate_hz, .channel = u->channel, .begin_s = u->begin_s,
        .end_s = u->end_s, .expected_frames = u->declared};
    if (!request.rate_hz)
        return fail(failure, EXIT_USAGE, "%s: model %s takes vectors, not audio", u->path,
                    worker->encoder.info.name);
    if (!samples_read(&worker->samples, &request, failure)) return false;
    if (encoding->change &&
        !audio_change_apply(encoding->change, i, &worker->samples, failure))
        return false;
    return encode_samples(&worker->encoder, u->name, worker->samples.x, worker->samples.n, encoded,
                          failure);
}

static bool keeps_features(const struct corpus_encoding *encoding, const struct utterance *u)
{
    return encoding->items && name_index_find(&encoding->items->files, u->name) != NO_NAME;
}

static bool keep_failure(struct outcome *outcome, const struct failure *why,
                         struct failure *failure)
{
    outcome->failure = zeroed(1, sizeof *outcome->failure, failure);
    if (!outcome->failure) return false;
    *outcome->failure = *why;
    return true;
}

/* Inputs that fail are kept for later; only what is wrong with the run itself stops it. */
static bool encode_one(void *context, size_t worker_index, size_t i, struct failure *failure)
{
    struct run *run = context;
    const struct corpus_encoding *encoding = run->encoding;
    const struct utterance *u = corpus_get(encoding->corpus, i);
    struct worker *worker = &run->worker[worker_index];
    struct outcome *outcome = &run->outcome[i];
    struct encoded *encoded = &outcome->encoded;
    struct failure why = {0};
    bool good = u->kind == CORPUS_VECTORS
                    ? encode_vectors(&worker->encoder, u->path, encoded, &why)
                    : encode_audio(encoding, worker, u, i, encoded, &why);
    if (u->kind == CORPUS_AUDIO) outcome->n_not_finite = worker->samples.n_not_finite;
    if (!good && why.code == EXIT_INPUT && !encoding->strict)
        return keep_failure(outcome, &why, failure);
    if (!good) {
        *failure = why;
        return false;
    }
    if (!quantizer_sums_init(&outcome->sums, run->info.dim, failure)) return false;
    quantizer_sums_add(&outcome->sums, encoded->feature, encoded->distance, encoded->n_frame,
                       run->info.dim, run->info.n_codebook, run->origin);
    free(encoded->distance);
    encoded->distance = NULL;
    if (!keeps_features(encoding, u)) {
        free(encoded->feature);
        encoded->feature = NULL;
    }
    return true;
}

static bool take_outcome(struct run *run, size_t i, struct unit_set *units,
                         struct feature_set *features, struct quantizer_sums *sums,
                         struct failure *failure)
{
    const struct corpus_encoding *encoding = run->encoding;
    const struct utterance *u = corpus_get(encoding->corpus, i);
    struct outcome *outcome = &run->outcome[i];
    struct encoded *encoded = &outcome->encoded;
    if (outcome->failure) {
        if (encoding->failed) encoding->failed(encoding->context, outcome->failure);
        return true;
    }
    if (outcome->n_not_finite && encoding->not_finite)
        encoding->not_finite(encoding->context, u->path, outcome->n_not_finite);
    quantizer_sums_join(sums, &outcome->sums, run->info.dim);
    if (!unit_set_add(units, u->name, u->speaker, encoded->id, encoded->n_frame, failure))
        return false;
    if (!features || !encoded->feature) return true;
    float *feature = encoded->feature;
    encoded->feature = NULL;
    return feature_set_add(features, u->name, feature, encoded->n_frame, run->info.dim, failure);
}

static bool gather(struct run *run, struct unit_set *units, struct feature_set *features,
                   struct quantizer_error *error, struct failure *failure)
{
    struct quantizer_sums sums;
    if (!quantizer_sums_init(&sums, run->info.dim, failure)) return false;
    bool good = true;
    for (size_t i = 0; good && i < corpus_size(run->encoding->corpus); i++)
        good = take_outcome(run, i, units, features, &sums, failure);
    if (error) *error = quantizer_error_of(&sums, run->info.dim);
    quantizer_sums_clear(&sums);
    return good && unit_set_finish(units, failure);
}

static bool start(struct run *run, size_t n_thread, struct failure *failure)
{
    const voq_model *model = run->encoding->model;
    voq_parts parts = {.struct_size = sizeof parts};
    run->worker = zeroed(n_thread, sizeof *run->worker, failure);
    run->outcome = zeroed(corpus_size(run->encoding->corpus), sizeof *run->outcome, failure);
    if (!run->worker || !run->outcome) return false;
    for (size_t i = 0; i < n_thread; i++)
        if (!utterance_encoder_init(&run->worker[i].encoder, model, failure)) return false;
    run->info = run->worker[0].encoder.info;
    if (voq_model_parts(model, &parts) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model does not give its parts");
    run->origin = parts.codeword;
    return true;
}

static void stop(struct run *run, size_t n_thread)
{
    for (size_t i = 0; run->worker && i < n_thread; i++) {
        utterance_encoder_clear(&run->worker[i].encoder);
        samples_clear(&run->worker[i].samples);
    }
    for (size_t i = 0; run->outcome && i < corpus_size(run->encoding->corpus); i++) {
        encoded_clear(&run->outcome[i].encoded);
        quantizer_sums_clear(&run->outcome[i].sums);
        free(run->outcome[i].failure);
    }
    free(run->worker);
    free(run->outcome);
}

bool corpus_units(const struct corpus_encoding *encoding, struct unit_set *units,
                  struct feature_set *features, struct quantizer_error *error,
                  struct failure *failure)
{
    struct run run = {.encoding = encoding};
    size_t n_thread = encoding->n_thread ? encoding->n_thread : 1;
    *units = (struct unit_set){0};
    bool good = start(&run, n_thread, failure);
    if (good) {
        bool has_rate = run.info.rate_hz > 0;
        units->hop_samples = has_rate ? run.info.hop_samples : encoding->hop_samples;
        units->rate_hz = has_rate ? run.info.rate_hz : encoding->rate_hz;
        units->n_code = run.info.n_code;
        units->n_codebook = run.info.n_codebook;
        good = parallel_for(corpus_size(encoding->corpus), n_thread, encode_one, &run, failure) &&
               gather(&run, units, features, error, failure);
    }
    stop(&run, n_thread);
    if (!good) unit_set_clear(units);
    return good;
}

static bool read_noises(const struct corpus *corpus, uint32_t rate_hz, struct samples *noise,
                        struct failure *failure)
{
    for (size_t i = 0; i < corpus_size(corpus); i++) {
        const struct utterance *u = corpus_get(corpus, i);
        const struct audio_request request = {.path = u->path, .rate_hz = rate_hz};
        if (!samples_read(&noise[i], &request, failure)) return false;
        if (!noise[i].n) return fail(failure, EXIT_INPUT, "%s: no samples", u->path);
    }
    return true;
}

bool noises_read(const char *folder, uint32_t rate_hz, struct samples **noise, size_t *n_noise,
                 struct failure *failure)
{
    const struct corpus_options options = {.allow_equal_names = true};
    struct corpus *corpus;
    if (!corpus_open(&corpus, &folder, 1, &options, failure)) return false;
    *n_noise = corpus_size(corpus);
    *noise = zeroed(*n_noise, sizeof **noise, failure);
    bool good = *noise != NULL;
    if (good && !*n_noise) good = fail(failure, EXIT_INPUT, "%s: no audio files in it", folder);
    good = good && read_noises(corpus, rate_hz, *noise, failure);
    if (!good && *noise) noises_free(*noise, *n_noise);
    corpus_close(corpus);
    return good;
}

void noises_free(struct samples *noise, size_t n_noise)
{
    for (size_t i = 0; i < n_noise; i++) samples_clear(&noise[i]);
    free(noise);
}
