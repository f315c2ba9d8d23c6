/* SPDX-License-Identifier: MIT */
#include "tools/eval/corpus_units.h"

#include "tools/base/growing.h"
#include "tools/base/parallel.h"
#include "tools/corpus/corpus.h"
#include "tools/eval/utterance_encoder.h"
#include "tools/eval/utterance_key.h"

#include <stdlib.h>

/* One utterance encoded by one model, kept until all utterances before it are done. */
struct product {
    struct encoded encoded;
    struct quantizer_sums sums;
};

/* The result of one utterance. */
struct outcome {
    uint64_t n_not_finite;   /* samples taken as 0 */
    char *notes;             /* see audio_notes */
    struct failure *failure; /* NULL: none */
    bool is_left_out;        /* skipped */
};

struct run {
    const struct corpus_encoding *encoding;
    struct utterance_encoder *encoder; /* [n_model] */
    struct samples *samples; /* [n_thread]: what a worker read last */
    struct outcome *outcome; /* [n_utterance] */
    struct product *product; /* [n_utterance][n_model] */
};

static bool read_audio(const struct corpus_encoding *encoding, struct samples *samples,
                       const struct utterance *u, size_t i, uint32_t rate_hz,
                       struct failure *failure)
{
    const struct audio_request request = audio_request_of(u, rate_hz);
    return samples_read(samples, &request, failure) &&
           (!encoding->change || audio_change_apply(encoding->change, i, samples, failure));
}

/* Adds to the message which of several models failed and what follows. Returns false. */
static bool blame_model(const struct corpus_encoding *encoding, const voq_info *info,
                        struct failure *failure)
{
    struct failure why = *failure;
    if (encoding->n_model == 1 || why.code != EXIT_INPUT) return false;
    return fail(failure, why.code, "%s; model %s cannot use it, so it is left out for all",
                why.text, info->name);
}

static bool encode_by(const struct run *run, struct samples *samples, const struct utterance *u,
                      size_t i, size_t m, struct encoded *encoded, struct failure *failure)
{
    const struct utterance_encoder *encoder = &run->encoder[m];
    uint32_t rate_hz = encoder->info.rate_hz;
    if (u->kind == CORPUS_VECTORS)
        return encode_vectors(encoder, u->path, encoded, failure) ||
               blame_model(run->encoding, &encoder->info, failure);
    if (!rate_hz)
        return fail(failure, EXIT_USAGE, "%s: model %s takes vectors, not audio", u->path,
                    encoder->info.name);
    bool is_read = m > 0 && samples->rate_hz == rate_hz;
    if (!is_read && !read_audio(run->encoding, samples, u, i, rate_hz, failure)) return false;
    return encode_samples(encoder, u->name, samples->x, samples->n, encoded, failure) ||
           blame_model(run->encoding, &encoder->info, failure);
}

static bool keeps_features(const struct corpus_encoding *encoding, const struct utterance *u)
{
    return encoding->items && name_index_find(&encoding->items->files, u->name) != NO_NAME;
}

static bool measure_product(const struct run *run, const struct utterance *u, const voq_info *info,
                            const float *origin, struct product *product, struct failure *failure)
{
    struct encoded *encoded = &product->encoded;
    if (!quantizer_sums_init(&product->sums, info->dim, failure)) return false;
    quantizer_sums_add(&product->sums, encoded->feature, encoded->distance, encoded->n_frame,
                       info->dim, info->n_codebook, origin);
    free(encoded->distance);
    encoded->distance = NULL;
    if (keeps_features(run->encoding, u)) return true;
    free(encoded->feature);
    encoded->feature = NULL;
    return true;
}

static void keep_notes(struct outcome *outcome, struct samples *samples)
{
    outcome->n_not_finite = samples->n_not_finite;
    if (!samples->notes) return;
    free(outcome->notes);
    outcome->notes = samples->notes;
    samples->notes = NULL;
}

static bool keep_failure(struct outcome *outcome, const struct failure *why,
                         struct failure *failure)
{
    outcome->failure = zeroed(1, sizeof *outcome->failure, failure);
    if (!outcome->failure) return false;
    *outcome->failure = *why;
    return true;
}

/* Failures of inputs are reported later; only a failure of the run itself stops it. */
static bool encode_one(void *context, size_t worker_index, size_t i, struct failure *failure)
{
    struct run *run = context;
    const struct corpus_encoding *encoding = run->encoding;
    const struct utterance *u = corpus_get(encoding->corpus, i);
    struct samples *samples = &run->samples[worker_index];
    struct outcome *outcome = &run->outcome[i];
    struct failure why = {0};
    outcome->is_left_out = encoding->left_out && encoding->left_out[i];
    for (size_t m = 0; m < encoding->n_model && !outcome->is_left_out; m++) {
        struct product *product = &run->product[i * encoding->n_model + m];
        const struct utterance_encoder *encoder = &run->encoder[m];
        bool good = encode_by(run, samples, u, i, m, &product->encoded, &why);
        if (u->kind == CORPUS_AUDIO) keep_notes(outcome, samples);
        if (!good && why.code == EXIT_INPUT && !encoding->strict)
            return keep_failure(outcome, &why, failure);
        if (!good) {
            *failure = why;
            return false;
        }
        if (!measure_product(run, u, &encoder->info, encoder->origin, product, failure))
            return false;
    }
    return true;
}

static bool take_product(struct run *run, size_t i, size_t m, const struct corpus_products *to,
                         struct quantizer_sums *sums, struct failure *failure)
{
    const struct utterance *u = corpus_get(run->encoding->corpus, i);
    struct product *product = &run->product[i * run->encoding->n_model + m];
    struct encoded *encoded = &product->encoded;
    uint32_t dim = run->encoder[m].info.dim;
    quantizer_sums_join(sums, &product->sums, dim);
    if (to->sums) {
        to->sums[m * corpus_size(run->encoding->corpus) + i] = product->sums;
        product->sums = (struct quantizer_sums){0};
    }
    if (!unit_set_add(&to->units[m], u->name, u->speaker, encoded->id, encoded->n_frame, failure))
        return false;
    if (!to->features || !encoded->feature) return true;
    float *feature = encoded->feature;
    encoded->feature = NULL;
    return feature_set_add(&to->features[m], u->name, feature, encoded->n_frame, dim, failure);
}

static bool gather(struct run *run, size_t m, const struct corpus_products *to,
                   struct failure *failure)
{
    struct quantizer_sums sums;
    uint32_t dim = run->encoder[m].info.dim;
    if (!quantizer_sums_init(&sums, dim, failure)) return false;
    bool good = true;
    for (size_t i = 0; good && i < corpus_size(run->encoding->corpus); i++)
        if (!run->outcome[i].failure && !run->outcome[i].is_left_out)
            good = take_product(run, i, m, to, &sums, failure);
    if (to->error) to->error[m] = quantizer_error_of(&sums, dim);
    quantizer_sums_clear(&sums);
    return good && unit_set_finish(&to->units[m], failure);
}

static void tell_outcomes(const struct run *run)
{
    const struct corpus_encoding *encoding = run->encoding;
    for (size_t i = 0; i < corpus_size(encoding->corpus); i++) {
        const struct outcome *outcome = &run->outcome[i];
        if (outcome->notes && encoding->noted) encoding->noted(encoding->context, outcome->notes);
        if (outcome->failure) {
            if (encoding->left_out) encoding->left_out[i] = true;
            if (encoding->failed) encoding->failed(encoding->context, outcome->failure);
        } else if (outcome->n_not_finite && encoding->not_finite) {
            encoding->not_finite(encoding->context,
                                 utterance_label(corpus_get(encoding->corpus, i)),
                                 outcome->n_not_finite);
        }
    }
}

static bool start(struct run *run, size_t n_thread, struct failure *failure)
{
    const struct corpus_encoding *encoding = run->encoding;
    size_t n = corpus_size(encoding->corpus);
    run->encoder = zeroed(encoding->n_model, sizeof *run->encoder, failure);
    run->samples = zeroed(n_thread, sizeof *run->samples, failure);
    run->outcome = zeroed(n, sizeof *run->outcome, failure);
    run->product = zeroed(n * encoding->n_model, sizeof *run->product, failure);
    if (!run->encoder || !run->samples || !run->outcome || !run->product) return false;
    for (size_t m = 0; m < encoding->n_model; m++)
        if (!utterance_encoder_init(&run->encoder[m], encoding->model[m], failure)) return false;
    return true;
}

static void stop(struct run *run, size_t n_thread)
{
    size_t n = corpus_size(run->encoding->corpus), n_model = run->encoding->n_model;
    for (size_t i = 0; run->samples && i < n_thread; i++) samples_clear(&run->samples[i]);
    for (size_t i = 0; run->product && i < n * n_model; i++) {
        encoded_clear(&run->product[i].encoded);
        quantizer_sums_clear(&run->product[i].sums);
    }
    for (size_t i = 0; run->outcome && i < n; i++) {
        free(run->outcome[i].failure);
        free(run->outcome[i].notes);
    }
    free(run->encoder);
    free(run->samples);
    free(run->outcome);
    free(run->product);
}

static struct unit_set empty_units(const voq_info *info, const struct corpus_encoding *encoding)
{
    bool has_rate = info->rate_hz > 0;
    uint32_t of_vectors = encoding->hop_samples * (info->stride ? info->stride : 1);
    return (struct unit_set){.hop_samples = has_rate ? info->hop_samples : of_vectors,
                             .rate_hz = has_rate ? info->rate_hz : encoding->rate_hz,
                             .stride = info->stride,
                             .n_code = info->n_code, .n_codebook = info->n_codebook};
}

bool corpus_units(const struct corpus_encoding *encoding, const struct corpus_products *to,
                  struct failure *failure)
{
    struct run run = {.encoding = encoding};
    size_t n_thread = encoding->n_thread ? encoding->n_thread : 1;
    for (size_t m = 0; m < encoding->n_model; m++) to->units[m] = (struct unit_set){0};
    bool good = start(&run, n_thread, failure) &&
                parallel_for(corpus_size(encoding->corpus), n_thread, encode_one, &run, failure);
    if (good) tell_outcomes(&run);
    for (size_t m = 0; good && m < encoding->n_model; m++) {
        to->units[m] = empty_units(&run.encoder[m].info, encoding);
        good = gather(&run, m, to, failure);
    }
    stop(&run, n_thread);
    for (size_t m = 0; !good && m < encoding->n_model; m++) unit_set_clear(&to->units[m]);
    return good;
}

static bool read_noises(const struct corpus *corpus, uint32_t rate_hz, struct samples *noise,
                        struct failure *failure)
{
    for (size_t i = 0; i < corpus_size(corpus); i++) {
        const struct utterance *u = corpus_get(corpus, i);
        const struct audio_request request = audio_request_of(u, rate_hz);
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
    if (good && !*n_noise) good = fail(failure, EXIT_INPUT, "%s: contains no audio files", folder);
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
