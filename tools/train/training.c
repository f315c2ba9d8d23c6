/* SPDX-License-Identifier: MIT */
#include "tools/train/training.h"

#include "tools/base/monotonic.h"
#include "tools/base/output_file.h"
#include "tools/base/parallel.h"
#include "tools/cli/option_guard.h"
#include "tools/formats/feature_reader.h"
#include "tools/base/digest.h"
#include "tools/train/clustering.h"
#include "tools/train/common_ground.h"
#include "tools/train/file_reports.h"
#include "tools/train/learning.h"
#include "tools/train/provenance.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CLASS_PART = 1000 }; /* random stream of the first classes */

struct training {
    struct settings settings; /* with the defaults filled in */
    struct ranks *ranks;
    struct messages *messages;
    struct file_reports reports; /* of the first pass */
    struct schedule schedule;
    size_t n_thread;
    struct corpus *corpus;
    size_t n_pass, n_done; /* passes; utterances of the pass that this rank has read */
    uint64_t n_frame_read; /* of the pass */
    struct start start;
    struct front_half front;
    struct collection collection;
    struct checkpoint_file checkpoint;
    struct checkpoint resumed;
    struct option_guard guard;
    char *provenance;
    char identity[65];
};

/* ---- what to train -------------------------------------------------------------------------- */

/* Opens the codebook to start from, if any, which sets the least number of codes. */
static bool open_start(struct training *training, struct failure *failure)
{
    struct settings *settings = &training->settings;
    const struct start *start = &training->start;
    if (settings_init(settings) &&
        !start_open(&training->start, settings_init(settings), training->messages, failure))
        return false;
    if (settings->codes == 0) settings->codes = settings_init(settings) ? start->n_code : 100;
    if (settings->classes == 0) settings->classes = settings->codes;
    return settings->codes >= start->n_code ||
           fail(failure, EXIT_USAGE, "%s has %" PRIu32 " codes, all of which are kept; use -k %"
                PRIu32 " or more", settings_init(settings), start->n_code, start->n_code);
}

static bool open_corpus(struct training *training, const char *const *operand, size_t n_operand,
                        struct failure *failure)
{
    struct corpus_options options = {.speakers = training->settings.speakers,
                                     .allow_pipes = training->settings.allow_pipes,
                                     .allow_equal_names = true};
    if (!corpus_open(&training->corpus, operand, n_operand, &options, failure)) return false;
    const struct corpus *corpus = training->reports.corpus = training->corpus;
    for (size_t i = 0; i < corpus_n_warning(corpus); i++)
        messages_warn(training->messages, "%s", corpus_warning(corpus, i));
    for (size_t i = 1; i < corpus_size(corpus); i++)
        if (corpus_get(corpus, i)->kind != corpus_get(corpus, 0)->kind)
            return fail(failure, EXIT_USAGE,
                        "the corpus contains audio and vectors; train on one kind");
    return corpus_size(corpus) > 0 ||
           fail(failure, EXIT_INPUT, "%s: contains no speech files", operand[0]);
}

static bool is_vectors(const struct training *training)
{
    return corpus_get(training->corpus, 0)->kind == CORPUS_VECTORS;
}

/* Makes the front half before anything is learned. */
static bool open_front(struct training *training, struct failure *failure)
{
    const struct settings *settings = &training->settings;
    struct front_half *front = &training->front;
    bool own = settings->profile || settings->set.n > 0 || settings_changes_front(settings);
    uint32_t dim = 0;
    front->cpu = settings->cpu;
    if (training->start.model && own)
        return fail(failure, EXIT_USAGE,
                    "%s already defines a front end; leave out the options that describe "
                    "one", settings_init(settings));
    if (is_vectors(training)) {
        if (own)
            return fail(failure, EXIT_USAGE,
                        "the corpus is vectors, which have no front end; leave out the options "
                        "that describe one");
        if (!feature_reader_dim(corpus_get(training->corpus, 0)->path, &dim, failure)) return false;
        front_half_set_vectors(front, dim);
        if (!training->start.model) return true;
        /* Vectors enter just before the codebook, so the stages before it are only copied. */
        return dim == training->start.dim ? front_half_copy(front, &training->start.parts, failure)
                                          : true;
    }
    if (!training->start.model) return front_half_set_frontend(front, settings, failure);
    return training->start.parts.frontend
               ? front_half_copy(front, &training->start.parts, failure)
               : fail(failure, EXIT_USAGE, "%s: a model of vectors cannot continue on audio",
                      settings_init(settings));
}

static bool check_start(const struct training *training, struct failure *failure)
{
    return !training->start.codeword || training->start.dim == training->front.parts.dim ||
           fail(failure, EXIT_USAGE, "%s has %" PRIu32 " dimensions, the vectors have %" PRIu32,
                settings_init(&training->settings), training->start.dim, training->front.parts.dim);
}

/* ---- reading -------------------------------------------------------------------------------- */

static bool utterance_done(void *context, const struct pass_end *end, struct failure *failure)
{
    struct training *training = context;
    char detail[96];
    size_t n = ranks_share_of(training->ranks, corpus_size(training->corpus));
    training->n_done++;
    training->n_frame_read += end->n_frame;
    if (training->n_pass == 1 && !file_reports_take(&training->reports, end, failure)) return false;
    snprintf(detail, sizeof detail, "%zu of %zu files", training->n_done, n);
    schedule_update(&training->schedule, (double)training->n_done / (double)n,
                    (double)training->n_frame_read, detail);
    return true;
}

static bool end_pass(void *context, struct failure *failure)
{
    struct training *training = context;
    return training->n_pass > 1 || file_reports_finish(&training->reports, failure);
}

static void start_pass(void *context)
{
    struct training *training = context;
    training->n_pass++;
    training->n_done = 0;
    training->n_frame_read = 0;
    schedule_next(&training->schedule, SCHEDULE_PASS);
}

/* Collects the vectors of the current front half. */
static bool collect(struct training *training, struct failure *failure)
{
    const struct settings *settings = &training->settings;
    struct collect collect = {
        .corpus = training->corpus, .ranks = training->ranks,
        .features = is_vectors(training) ? NULL : training->front.features,
        .dim = training->front.parts.dim, .n_thread = training->n_thread,
        .cache_folder = settings->cache_dir, .seed = settings->seed,
        .most_frames = settings->frames, .cap_speaker = settings->cap_speaker,
        .done = utterance_done, .passed = end_pass, .context = training};
    collection_free(&training->collection);
    start_pass(training);
    return collect_frames(&collect, &training->collection, failure);
}

/* The identity of this run (options and corpus hash), known after the first pass. */
static bool identify(struct training *training, struct failure *failure)
{
    const struct settings *settings = &training->settings;
    const char *classes = settings_classes_file(settings);
    char classes_hash[DIGEST_HEX];
    if (classes && !file_digest(classes, classes_hash, failure)) return false;
    training->provenance = provenance_text(settings, &training->collection,
                                           settings_init(settings) ? training->start.hash : NULL,
                                           classes ? classes_hash : NULL);
    if (!training->provenance) return fail_memory(failure);
    text_digest(training->provenance, training->identity);
    return same_training(training->ranks, training->identity, &training->resumed, failure) &&
           checkpoint_is_of(&training->resumed, training->identity, failure);
}

/* ---- learning ------------------------------------------------------------------------------- */

static bool set_normalise(struct training *training, struct failure *failure)
{
    uint32_t kind = settings_normalise_kind(&training->settings);
    struct frames *frames = training->collection.frames;
    return kind == 0 || front_half_set_normalise(&training->front, kind, frames, training->n_thread,
                                                 failure);
}

static void describe_clustering(struct training *training, struct clustering *clustering,
                                uint32_t stage)
{
    *clustering = (struct clustering){
        .settings = &training->settings, .front = &training->front,
        .frames = training->collection.frames, .schedule = &training->schedule,
        .n_thread = training->n_thread, .checkpoint = &training->checkpoint,
        .identity = training->identity, .stage = stage,
        .resumed = training->resumed.model && training->resumed.stage == stage ? &training->resumed
                                                                               : NULL};
}

/* One round: clusters of the current vectors become the classes of the next discriminants. */
static bool learn_round(struct training *training, const struct learning *learning, uint32_t round,
                        struct failure *failure)
{
    struct clustering clustering;
    if (!collect(training, failure)) return false;
    describe_clustering(training, &clustering, round);
    clustering.what = "classes";
    clustering.n_codebook = 1;
    clustering.n_code = training->settings.classes;
    clustering.iterations = CLASS_ITERATIONS;
    clustering.part = CLASS_PART + round;
    bool good = clustering_run(&clustering, failure);
    good = good && learn_lda(learning, clustering.codeword, clustering.n_code, &training->front,
                             failure);
    clustering_free(&clustering);
    return good;
}

/* Learns normalisation and transform; then collects the vectors of the finished front half. */
static bool learn(struct training *training, uint32_t n_round, struct failure *failure)
{
    const struct settings *settings = &training->settings;
    struct learning learning = {.corpus = training->corpus, .ranks = training->ranks,
                                .n_thread = training->n_thread,
                                .left = settings->left, .right = settings->right,
                                .out_dim = settings_dim(settings),
                                .warp = settings->warp,
                                .begin = start_pass, .done = utterance_done,
                                .context = training};
    struct front_half *front = &training->front;
    uint32_t round = training->resumed.model ? training->resumed.stage : 0;
    bool good;
    if (training->resumed.model)
        good = front_half_copy(front, &training->resumed.parts, failure);
    else if (!(good = set_normalise(training, failure)))
        return false;
    else if (settings_classes_file(settings))
        good = learn_lda_of_labels(&learning, settings_classes_file(settings), front, failure);
    else if (settings_has_transform(settings))
        good = learn_pca(&learning, settings->whiten, front, failure);
    for (; good && round < n_round; round++)
        good = learn_round(training, &learning, round, failure);
    return good && collect(training, failure);
}

/* ---- the model ------------------------------------------------------------------------------ */

static bool write_model(struct training *training, const struct clustering *clustering,
                        double start_s, struct failure *failure)
{
    const struct settings *settings = &training->settings;
    char name[128];
    voq_info info = {.struct_size = sizeof info};
    voq_model *model;
    const void *bytes;
    size_t n;
    if (!ranks_is_first(training->ranks)) return true;
    settings_name(settings, training->front.parts.frontend ? "hubert" : "vectors", name,
                  sizeof name);
    if (!front_half_make(&training->front, clustering->codeword, settings->codebooks,
                         settings->codes, name, training->provenance, &model, failure))
        return false;
    voq_model_bytes(model, &bytes, &n);
    bool good = voq_model_describe(model, &info) == VOQ_OK &&
                output_file_write(settings->output, bytes, n, failure);
    if (good) {
        struct summary summary = {
            .output = settings->output, .name = name, .hash = info.hash,
            .collection = &training->collection, .n_frame_sample = clustering->n_frame_sample,
            .n_failed = training->reports.n_failed, .n_code = settings->codes,
            .n_codebook = settings->codebooks, .outcome = clustering->outcome,
            .seconds = monotonic_s() - start_s};
        report_summary(training->messages, &summary);
        good = !settings->json || train_report_json(&summary, failure);
    }
    voq_model_close(model);
    return good;
}

static bool train_codebooks(struct training *training, uint32_t stage, double start_s,
                            struct failure *failure)
{
    const struct settings *settings = &training->settings;
    struct clustering clustering;
    describe_clustering(training, &clustering, stage);
    clustering.what = "codebook";
    clustering.n_codebook = settings->codebooks;
    clustering.n_code = settings->codes;
    clustering.iterations = settings->iterations;
    clustering.log_path = settings->log;
    clustering.start = training->start.codeword ? &training->start : NULL;
    bool good = clustering_run(&clustering, failure) &&
                write_model(training, &clustering, start_s, failure);
    clustering_free(&clustering);
    return good;
}

/* Checks early that outputs can be written, so that hours of training are not lost. */
static bool take_places(struct training *training, const char *const *operand, size_t n_operand,
                        struct failure *failure)
{
    const struct settings *settings = &training->settings;
    const char *checkpoint = settings->checkpoint;
    struct option_guard *guard = &training->guard;
    if (!option_guard_options(guard, &settings_table, settings, failure) ||
        (checkpoint && !option_guard_writes_beside(guard, checkpoint, ".lock", failure)))
        return false;
    for (size_t i = 0; i < n_operand; i++)
        if (!option_guard_add(guard, operand[i], true, true, failure)) return false;
    return option_guard_check(guard, failure) &&
           settings_fit(settings, operand, n_operand, failure) &&
           (!ranks_is_first(training->ranks) ||
            ((strcmp(settings->output, "-") == 0 || output_file_try(settings->output, failure)) &&
             (!settings->log || output_file_try(settings->log, failure)) &&
             checkpoint_file_claim(&training->checkpoint, checkpoint, failure) &&
             (!checkpoint || output_file_try(checkpoint, failure))));
}

/* Checks that no output replaces a file of the corpus, and that the checkpoint can be used. */
static bool check_files(struct training *training, uint32_t n_round, struct failure *failure)
{
    const struct settings *settings = &training->settings;
    const struct checkpoint_use use = {settings, &training->front, n_round};
    bool good = option_guard_corpus(&training->guard, training->corpus, NULL, 0, failure) &&
                option_guard_check(&training->guard, failure) &&
                checkpoint_file_take(&training->checkpoint, settings->resume, failure) &&
                (!settings->resume ||
                 checkpoint_read(&training->resumed, settings->checkpoint, &use, failure));
    if (good)
        schedule_start(&training->schedule, training->messages, settings, n_round,
                       training->resumed.model ? &training->resumed.stage : NULL);
    return good;
}

/* Makes all checks that are possible before the corpus is read. */
static bool prepare(struct training *training, const char *const *operand, size_t n_operand,
                    uint32_t n_round, struct failure *failure)
{
    return take_places(training, operand, n_operand, failure) && open_start(training, failure) &&
           open_corpus(training, operand, n_operand, failure) && open_front(training, failure) &&
           (settings_changes_front(&training->settings) || check_start(training, failure)) &&
           check_files(training, n_round, failure) &&
           same_corpus(training->ranks, training->corpus, failure);
}

static bool finish_front(struct training *training, uint32_t n_round, struct failure *failure)
{
    if (!settings_changes_front(&training->settings)) return true;
    return learn(training, n_round, failure) && check_start(training, failure);
}

static bool run(struct training *training, const char *const *operand, size_t n_operand,
                struct failure *failure)
{
    const struct settings *settings = &training->settings;
    double start_s = monotonic_s();
    bool has_rounds = settings->lda > 0 && !settings_classes_file(settings);
    uint32_t n_round = has_rounds ? settings->rounds : 0;
    return prepare(training, operand, n_operand, n_round, failure) &&
           collect(training, failure) && identify(training, failure) &&
           finish_front(training, n_round, failure) &&
           train_codebooks(training, n_round, start_s, failure);
}

int training_run(const struct settings *settings, const char *const *operand, size_t n_operand,
                 struct ranks *ranks, struct messages *messages)
{
    struct training training = {.settings = *settings, .ranks = ranks, .messages = messages,
                                .reports = {.ranks = ranks, .messages = messages},
                                .n_thread = parallel_jobs(settings->jobs)};
    struct failure failure = {0};
    prepare_for_loss(ranks, settings->checkpoint);
    bool good = run(&training, operand, n_operand, &failure);
    good = ranks_agree(ranks, good, &failure);
    messages_status(messages, NULL);
    int code = good ? EXIT_FINE : messages_failure(messages, &failure);
    if (good && training.reports.n_failed > 0) {
        messages_error(messages, "%zu of %zu inputs failed; the model was trained on the others",
                       training.reports.n_failed, corpus_size(training.corpus));
        code = EXIT_INPUT;
    }
    checkpoint_file_release(&training.checkpoint, good);
    option_guard_free(&training.guard);
    file_reports_free(&training.reports);
    collection_free(&training.collection);
    checkpoint_close(&training.resumed);
    front_half_close(&training.front);
    start_close(&training.start);
    corpus_close(training.corpus);
    free(training.provenance);
    return code;
}
