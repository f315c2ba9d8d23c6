/* SPDX-License-Identifier: MIT */
#include "tools/base/parallel.h"
#include "tools/base/standard_streams.h"
#include "tools/cli/launcher.h"
#include "tools/cli/messages.h"
#include "tools/cli/option_fit.h"
#include "tools/learn/learn.h"
#include "tools/train/train_settings.h"
#include "tools/train/training.h"

#include <inttypes.h>

enum { ENCODER_CODES = 256, ENCODER_BATCH = 8000 };

/* Several processes would all write the same files. */
static bool refuse_ranks(const struct ranks *ranks, struct failure *failure)
{
    const char *variable;
    uint32_t n = launcher_size(&variable);
    if (ranks->n > 1) n = ranks->n;
    return n == 1 || n == UINT32_MAX ||
           fail(failure, EXIT_USAGE, "--encoder trains in one process, but MPI started %" PRIu32
                " (%s); start one", n, variable);
}

/* voq train --encoder. */
static int train_encoder(const struct settings *settings, const char *const *operand,
                         size_t n_operand, struct messages *messages)
{
    const bool by_labels = settings->objective == OBJECTIVE_LABELS ||
                           (settings->objective == OBJECTIVE_DEFAULT && settings->labels.n > 0);
    bool batch = option_is_given(&settings_table, settings, "batch");
    uint32_t batch_frames = batch ? settings->batch_frames : ENCODER_BATCH;
    char name[128];
    struct failure failure = {0};
    struct option_guard guard = {0};
    settings_name(settings, by_labels ? "phone" : "vqvae", name, sizeof name);
    const struct learn_options options = {
        .encoder = settings->encoder, .objective = by_labels ? LEARN_LABELS : LEARN_VQVAE,
        .labels = &settings->labels, .labels_hop = settings->labels_hop, .also = &settings->also,
        .noise = settings->noise, .consistency = settings->consistency, .dev = settings->dev,
        .dev_labels = settings->dev_labels, .speakers = settings->speakers,
        .allow_pipes = settings->allow_pipes,
        .codes = settings->codes > 0 ? settings->codes : ENCODER_CODES,
        .codebook_loss = settings->codebook == CODEBOOK_BY_LOSS,
        .codebooks = settings->codebooks, .seed = settings->seed, .epochs = settings->epochs,
        .batch_frames = batch_frames, .learning_rate = settings->learning_rate,
        .output = settings->output, .weights = settings->weights, .log = settings->log,
        .init = &settings->init, .name = name, .corpus_name = settings->corpus_name,
        .licence = settings->licence, .checkpoint = settings->checkpoint,
        .checkpoint_minutes = settings->checkpoint_minutes,
        .cache_folder = settings->cache_dir, .resume = settings->resume, .json = settings->json,
        .n_thread = parallel_jobs(settings->jobs)};
    bool good = option_guard_options(&guard, &settings_table, settings, &failure);
    for (size_t i = 0; good && i < n_operand; i++)
        good = option_guard_add(&guard, operand[i], true, true, &failure);
    good = good && option_guard_check(&guard, &failure) &&
           settings_fit(settings, operand, n_operand, &failure);
    int code = good ? learn_run(&options, operand, n_operand, &guard, messages)
                    : messages_failure(messages, &failure);
    option_guard_free(&guard);
    return code;
}

static bool join_ranks(struct ranks *ranks, const struct settings *settings,
                       struct failure *failure)
{
    bool good = ranks_start(ranks, failure);
    return settings->encoder ? refuse_ranks(ranks, failure) : good;
}

static int train(const struct settings *settings, const char *const *operand, size_t n_operand,
                 struct ranks *ranks, struct messages *messages)
{
    return settings->encoder ? train_encoder(settings, operand, n_operand, messages)
                             : training_run(settings, operand, n_operand, ranks, messages);
}

int main(int argc, char **argv)
{
    struct messages messages;
    struct settings settings;
    struct ranks ranks;
    struct failure failure = {0}, ignored;
    char **operand;
    size_t n_operand;
    standard_streams_hold();
    messages_init(&messages, stderr);
    messages_only();
    write_signals_ignore();
    settings_defaults(&settings);
    enum options_result parsed = options_parse(&settings_table, argc, argv, &settings, &operand,
                                               &n_operand, &failure);
    if (parsed == OPTIONS_DONE) {
        options_free(&settings_table, &settings);
        return EXIT_FINE;
    }
    bool good = parsed != OPTIONS_FAILED && settings_check(&settings, n_operand, &failure);
    /* Ranks with wrong options also join, so that only one of them reports it. */
    good &= join_ranks(&ranks, &settings, good ? &failure : &ignored);
    good = ranks_agree(&ranks, good, &failure);
    messages.quiet = settings.quiet;
    if (ranks.rank > 0) messages_silence(&messages);
    int code = good ? train(&settings, (const char *const *)operand, n_operand, &ranks, &messages)
                    : messages_failure(&messages, &failure);
    ranks_end(&ranks);
    options_free(&settings_table, &settings);
    return code;
}
