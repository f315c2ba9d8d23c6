/* SPDX-License-Identifier: MIT */
#include "tools/train/training.h"

#include "tools/base/output_file.h"
#include "tools/formats/feature_reader.h"
#include "tools/train/checkpoint.h"
#include "tools/train/provenance.h"
#include "tools/train/report.h"
#include "tools/train/residual.h"
#include "tools/train/seeding.h"
#include "tools/train/start.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct training {
    struct settings settings; /* with the defaults filled in */
    struct messages *messages;
    struct progress progress;
    size_t n_thread;
    struct corpus *corpus;
    size_t n_done, n_failed; /* utterances */
    uint64_t n_frame_read;

    struct start start;     /* codeword NULL: none */
    voq_frontend frontend;
    voq_parts chain;        /* what comes before the codebook */
    voq_model *features;    /* the chain; NULL: the corpus is vectors */
    struct collection collection;
    char name[96];
    char *provenance;
    char identity[65];

    float *codeword;        /* [codebooks][codes][dim] */
    uint32_t codebook;      /* under way, from 0 */
    uint64_t n_frame_sample;
    struct outcome *outcome; /* [codebooks] */
};

/* ---- what to train -------------------------------------------------------------------------- */

static bool open_corpus(struct training *training, const char *const *operand, size_t n_operand,
                        struct failure *failure)
{
    struct corpus_options options = {.speakers = training->settings.speakers,
                                     .allow_pipes = training->settings.allow_pipes,
                                     .allow_equal_names = true};
    if (!corpus_open(&training->corpus, operand, n_operand, &options, failure)) return false;
    for (size_t i = 0; i < corpus_n_warning(training->corpus); i++)
        messages_warn(training->messages, "%s", corpus_warning(training->corpus, i));
    for (size_t i = 1; i < corpus_size(training->corpus); i++)
        if (corpus_get(training->corpus, i)->kind != corpus_get(training->corpus, 0)->kind)
            return fail(failure, EXIT_USAGE, "the corpus holds audio and vectors; train on one kind");
    return corpus_size(training->corpus) > 0 ||
           fail(failure, EXIT_INPUT, "%s: no speech files here", operand[0]);
}

static bool set_frontend(struct training *training, struct failure *failure)
{
    const struct settings *settings = &training->settings;
    const char *profile = settings->profile ? settings->profile : "hubert";
    voq_error error = {.struct_size = sizeof error};
    training->frontend.struct_size = sizeof training->frontend;
    if (voq_frontend_profile(profile, &training->frontend))
        return fail(failure, EXIT_USAGE, "--profile %s: no such front end", profile);
    training->frontend.grid = VOQ_GRID_MIRROR;
    for (size_t i = 0; i < settings->set.n; i++) {
        char key[64];
        const char *equals = strchr(settings->set.text[i], '=');
        size_t length = equals ? (size_t)(equals - settings->set.text[i]) : sizeof key;
        if (length >= sizeof key)
            return fail(failure, EXIT_USAGE, "--set %s: expected KEY=VALUE", settings->set.text[i]);
        memcpy(key, settings->set.text[i], length);
        key[length] = '\0';
        if (voq_frontend_set(&training->frontend, key, equals + 1, &error))
            return fail(failure, EXIT_USAGE, "--set %s: %s", settings->set.text[i], error.text);
    }
    if (training->frontend.grid != VOQ_GRID_MIRROR)
        return fail(failure, EXIT_USAGE, "--set: models have a frame grid of their own; leave the "
                    "edges as they are");
    training->chain.frontend = &training->frontend;
    return true;
}

static bool set_vectors(struct training *training, const char *path, struct failure *failure)
{
    struct feature_reader_options options = {0};
    struct feature_reader *reader;
    const struct feature_utterance *first;
    if (training->settings.profile || training->settings.set.n > 0)
        return fail(failure, EXIT_USAGE, "the corpus is vectors; leave out --profile and --set");
    if (!feature_reader_open(&reader, path, &options, failure)) return false;
    bool good = feature_reader_next(reader, &first, failure);
    if (good && (!first || first->dim == 0))
        good = fail(failure, EXIT_INPUT, "%s: no vectors in it", path);
    if (good) training->chain.dim = first->dim;
    feature_reader_close(reader);
    return good;
}

/* The chain before the codebook. */
static bool set_chain(struct training *training, struct failure *failure)
{
    const struct utterance *first = corpus_get(training->corpus, 0);
    bool own = training->settings.profile || training->settings.set.n > 0;
    if (training->start.model && own)
        return fail(failure, EXIT_USAGE, "%s brings its own front end; leave out --profile and "
                    "--set", training->settings.init);
    if (training->start.model)
        training->chain = training->start.chain;
    else if (first->kind == CORPUS_VECTORS)
        return set_vectors(training, first->path, failure);
    else
        return set_frontend(training, failure);
    return first->kind == CORPUS_VECTORS || training->chain.frontend ||
           fail(failure, EXIT_USAGE, "%s: a model of vectors cannot continue on audio",
                training->settings.init);
}

static bool open_features(struct training *training, struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    voq_options options = {.struct_size = sizeof options, .cpu = training->settings.cpu};
    voq_info info = {.struct_size = sizeof info};
    training->chain.struct_size = sizeof training->chain;
    training->chain.codeword = NULL;
    training->chain.n_codebook = training->chain.n_code = 0;
    training->chain.name = "features";
    training->chain.provenance = NULL;
    if (corpus_get(training->corpus, 0)->kind == CORPUS_AUDIO) {
        if (voq_model_make(&training->chain, &options, &training->features, &error))
            return fail(failure, EXIT_USAGE, "no such front end: %s", error.text);
        if (voq_model_describe(training->features, &info))
            return fail(failure, EXIT_INTERNAL, "the model of the features is unusable");
        training->chain.dim = info.dim;
    }
    return !training->start.codeword || training->start.dim == training->chain.dim ||
           fail(failure, EXIT_USAGE, "%s has %" PRIu32 " dimensions, the vectors have %" PRIu32,
                training->settings.init, training->start.dim, training->chain.dim);
}

/* The codebook to start from, if any, settles how many codes there are at least. */
static bool open_start(struct training *training, struct failure *failure)
{
    struct settings *settings = &training->settings;
    if (settings->init && !start_open(&training->start, settings->init, training->messages, failure))
        return false;
    if (settings->codes == 0) settings->codes = settings->init ? training->start.n_code : 100;
    return settings->codes >= training->start.n_code ||
           fail(failure, EXIT_USAGE, "%s has %" PRIu32 " codes, none of which is given up; use -k %"
                PRIu32 " or more", settings->init, training->start.n_code, training->start.n_code);
}

/* ---- reading -------------------------------------------------------------------------------- */

static bool utterance_done(void *context, const struct pass_end *end, struct failure *failure)
{
    (void)failure;
    struct training *training = context;
    char detail[96];
    size_t n = corpus_size(training->corpus);
    training->n_done++;
    training->n_frame_read += end->n_frame;
    if (!end->good) {
        training->n_failed++;
        messages_error(training->messages, "%s", end->trouble.text);
    }
    snprintf(detail, sizeof detail, "%zu of %zu files", training->n_done, n);
    progress_update(&training->progress, (double)training->n_done / (double)n,
                    (double)training->n_frame_read, detail);
    return true;
}

static bool collect(struct training *training, struct failure *failure)
{
    const struct settings *settings = &training->settings;
    struct collect collect = {
        .corpus = training->corpus, .features = training->features, .dim = training->chain.dim,
        .n_thread = training->n_thread, .cache_folder = settings->cache_dir,
        .seed = settings->seed, .most_frames = settings->frames,
        .cap_speaker = settings->cap_speaker, .done = utterance_done, .context = training};
    progress_start(&training->progress, training->messages, "frames/s");
    if (!collect_frames(&collect, &training->collection, failure)) return false;
    progress_finish(&training->progress, (double)training->n_frame_read, "corpus read");
    training->provenance = provenance_text(settings, &training->collection,
                                           settings->init ? training->start.hash : NULL);
    if (!training->provenance) return fail(failure, EXIT_INTERNAL, "out of memory");
    checkpoint_identity(training->provenance, training->identity);
    return true;
}

/* ---- clustering ----------------------------------------------------------------------------- */

static bool say_iteration(void *context, const struct lloyd_state *state,
                          const struct totals *totals, struct failure *failure)
{
    (void)failure;
    struct training *training = context;
    report_iteration(&training->progress, training->codebook, training->settings.iterations, state,
                     totals);
    return true;
}

static bool keep_state(void *context, const struct lloyd_state *state, const float *codeword,
                       struct failure *failure)
{
    (void)codeword; /* it is the last of the training's codebooks */
    struct training *training = context;
    const struct settings *settings = &training->settings;
    return !settings->checkpoint ||
           checkpoint_write(settings->checkpoint, training->identity, training->codeword,
                            training->codebook + 1, settings->codes, training->chain.dim, state,
                            failure);
}

static bool seed_codebook(struct training *training, float *codeword, struct failure *failure)
{
    const struct settings *settings = &training->settings;
    struct seeding seeding = {.seed = settings->seed, .part = training->codebook,
                              .n_code = settings->codes, .n_thread = training->n_thread};
    if (training->start.codeword) {
        seeding.n_given = training->start.n_code;
        memcpy(codeword, training->start.codeword,
               sizeof *codeword * seeding.n_given * training->start.dim);
        if (seeding.n_given == settings->codes) return true;
    }
    training->n_frame_sample = seeding_sample_size(training->collection.frames, settings->codes);
    return seeding_run(training->collection.frames, &seeding, codeword, failure);
}

static bool train_codebook(struct training *training, struct lloyd_state *state, bool seeded,
                           struct failure *failure)
{
    const struct settings *settings = &training->settings;
    float *codeword = training->codeword +
                      (size_t)training->codebook * settings->codes * training->chain.dim;
    struct lloyd lloyd = {.n_code = settings->codes, .iterations = settings->iterations,
                          .tolerance = settings->tolerance, .time_s = settings->time_s,
                          .memory = settings->memory_mb << 20,
                          .n_thread = training->n_thread, .cpu = settings->cpu,
                          .report = say_iteration, .keep = keep_state, .context = training};
    struct totals totals;
    enum lloyd_stop stop;
    progress_start(&training->progress, training->messages, "frames/s");
    progress_update(&training->progress, -1, 0, "choosing where to start");
    if (!seeded && !(seed_codebook(training, codeword, failure) &&
                     keep_state(training, state, codeword, failure)))
        return false;
    if (!totals_new(&totals, settings->codes, training->chain.dim))
        return fail(failure, EXIT_INTERNAL, "out of memory");
    bool good = lloyd_run(training->collection.frames, &lloyd, state, codeword, &totals, &stop,
                          failure);
    if (good) training->outcome[training->codebook] = outcome_of(state, &totals, stop);
    totals_free(&totals);
    return good;
}

static bool train_codebooks(struct training *training, struct failure *failure)
{
    const struct settings *settings = &training->settings;
    uint32_t dim = training->chain.dim, n_codebook = settings->codebooks, n_resumed = 0;
    size_t n_float = (size_t)settings->codes * dim;
    struct lloyd_state state = {0};
    training->codeword = calloc(n_codebook * n_float, sizeof *training->codeword);
    training->outcome = calloc(n_codebook, sizeof *training->outcome);
    if (!training->codeword || !training->outcome)
        return fail(failure, EXIT_INTERNAL, "out of memory");
    if (settings->resume) {
        n_resumed = n_codebook;
        if (!checkpoint_read(settings->checkpoint, training->identity, training->codeword,
                             &n_resumed, settings->codes, dim, &state, failure))
            return false;
    }
    for (uint32_t b = 0; b < n_codebook; b++) {
        training->codebook = b;
        if (b + 1 < n_resumed)
            training->outcome[b].earlier = true;
        else if (!train_codebook(training, &state, b + 1 == n_resumed, failure))
            return false;
        else
            state = (struct lloyd_state){0};
        if (b + 1 < n_codebook &&
            !residual_subtract(training->collection.frames, training->codeword + b * n_float,
                               settings->codes, training->n_thread, failure))
            return false;
    }
    return true;
}

/* ---- the model ------------------------------------------------------------------------------ */

static void name_model(struct training *training)
{
    const struct settings *settings = &training->settings;
    const char *kind = settings->profile ? settings->profile
                       : training->chain.frontend ? "hubert" : "vectors";
    if (settings->name)
        snprintf(training->name, sizeof training->name, "%s", settings->name);
    else
        snprintf(training->name, sizeof training->name, "%s-%" PRIu32, kind, settings->codes);
}

static bool write_bytes(const char *path, const voq_model *model, struct failure *failure)
{
    struct output_file *file;
    const void *bytes;
    size_t n;
    if (!output_file_open(&file, path, failure)) return false;
    if (model) {
        voq_model_bytes(model, &bytes, &n);
        fwrite(bytes, 1, n, output_file_stream(file));
        return output_file_commit(file, failure);
    }
    output_file_abandon(file);
    return true;
}

static bool write_model(struct training *training, double start_s, struct failure *failure)
{
    const struct settings *settings = &training->settings;
    voq_parts parts = training->chain;
    voq_error error = {.struct_size = sizeof error};
    voq_info info = {.struct_size = sizeof info};
    voq_model *model;
    parts.codeword = training->codeword;
    parts.n_codebook = settings->codebooks;
    parts.n_code = settings->codes;
    parts.name = training->name;
    parts.provenance = training->provenance;
    if (voq_model_make(&parts, NULL, &model, &error))
        return fail(failure, EXIT_INTERNAL, "the result makes no model: %s", error.text);
    bool good = voq_model_describe(model, &info) == VOQ_OK &&
                write_bytes(settings->output, model, failure);
    if (good) {
        struct summary summary = {
            .output = settings->output, .name = training->name, .hash = info.hash,
            .collection = &training->collection, .n_frame_sample = training->n_frame_sample,
            .n_failed = training->n_failed, .n_code = settings->codes,
            .n_codebook = settings->codebooks, .outcome = training->outcome,
            .seconds = progress_now() - start_s};
        report_summary(training->messages, &summary);
        good = !settings->json || report_json(&summary, failure);
    }
    voq_model_close(model);
    return good;
}

static bool run(struct training *training, const char *const *operand, size_t n_operand,
                struct failure *failure)
{
    const struct settings *settings = &training->settings;
    double start_s = progress_now();
    if (settings->checkpoint && !settings->resume && access(settings->checkpoint, F_OK) == 0)
        return fail(failure, EXIT_USAGE, "%s: there is a checkpoint; go on from it with --resume, "
                    "or remove it", settings->checkpoint);
    /* Hours of training are not lost to a folder that cannot be written. */
    if (strcmp(settings->output, "-") != 0 && !write_bytes(settings->output, NULL, failure))
        return false;
    if (!open_start(training, failure) || !open_corpus(training, operand, n_operand, failure) ||
        !set_chain(training, failure) || !open_features(training, failure))
        return false;
    name_model(training);
    if (!collect(training, failure) || !train_codebooks(training, failure) ||
        !write_model(training, start_s, failure))
        return false;
    if (settings->checkpoint) unlink(settings->checkpoint);
    return true;
}

int training_run(const struct settings *settings, const char *const *operand, size_t n_operand,
                 struct messages *messages)
{
    struct training training = {.settings = *settings, .messages = messages};
    struct failure failure = {0};
    long n_processor = sysconf(_SC_NPROCESSORS_ONLN);
    training.n_thread = settings->jobs ? settings->jobs : n_processor > 0 ? (size_t)n_processor : 1;
    bool good = run(&training, operand, n_operand, &failure);
    messages_status(messages, NULL);
    int code = good ? EXIT_FINE : messages_failure(messages, &failure);
    if (good && training.n_failed > 0) {
        messages_error(messages, "%zu of %zu inputs failed and are not in the model",
                       training.n_failed, corpus_size(training.corpus));
        code = EXIT_INPUT;
    }
    collection_free(&training.collection);
    voq_model_close(training.features);
    start_close(&training.start);
    corpus_close(training.corpus);
    free(training.provenance);
    free(training.codeword);
    free(training.outcome);
    return code;
}
