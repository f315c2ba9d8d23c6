/* SPDX-License-Identifier: MIT */
#include "tools/command/command.h"
#include "tools/command/encode_balance.h"
#include "tools/command/encode_fit.h"
#include "tools/command/encode_manifest.h"
#include "tools/command/encode_run.h"
#include "tools/cli/model_lookup.h"
#include "tools/cli/option_frontend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything that a run has open. */
struct encode {
    struct encode_options options;
    struct messages *messages;
    struct audio_raw raw;
    int channel;
    voq_model *model;
    struct corpus *corpus;
    struct encode_plan plan;
    struct encode_items items;
    struct option_guard guard;
    struct encode_manifest manifest;
};

/* ---- the model ------------------------------------------------------------------------------- */

/* Makes a model that is only a front end. */
static bool make_profile(struct encode *encode, struct failure *failure)
{
    const struct encode_options *options = &encode->options;
    voq_frontend frontend;
    if (!option_frontend_profile(options->profile, &frontend, failure) ||
        !option_frontend_set(&options->set, &frontend, failure))
        return false;

    voq_parts parts = {.struct_size = sizeof parts, .frontend = &frontend,
                       .name = options->profile};
    const voq_options how = {.struct_size = sizeof how, .cpu = (voq_cpu)options->cpu};
    voq_error error = {.struct_size = sizeof error};
    voq_status status = voq_model_make(&parts, &how, &encode->model, &error);
    if (status == VOQ_OK) return true;
    if (status == VOQ_ERROR_CPU) return model_fail_cpu(failure);
    return fail(failure, status == VOQ_ERROR_MEMORY ? EXIT_INTERNAL : EXIT_USAGE,
                "--profile %s: %s", options->profile,
                error.text[0] ? error.text : voq_status_string(status));
}

/* Replaces the model by one that also subtracts the mean of each utterance. */
static bool add_utterance_mean(struct encode *encode, struct failure *failure)
{
    voq_parts parts = {.struct_size = sizeof parts};
    voq_info info = {.struct_size = sizeof info};
    const voq_options how = {.struct_size = sizeof how, .cpu = (voq_cpu)encode->options.cpu};
    voq_error error = {.struct_size = sizeof error};
    voq_model *model = NULL;
    voq_status status = voq_model_describe(encode->model, &info);
    if (status == VOQ_OK) status = voq_model_parts(encode->model, &parts);
    float *zeros = calloc(info.frontend_dim + 1, sizeof *zeros);
    if (!zeros) return fail_memory(failure);
    const voq_normalise normalise = {.struct_size = sizeof normalise,
                                     .kind = VOQ_NORMALISE_UTTERANCE_MEAN,
                                     .dim = info.frontend_dim,
                                     .n_max = 1,
                                     .mean = zeros};
    parts.normalise = &normalise;
    if (status == VOQ_OK) status = voq_model_make(&parts, &how, &model, &error);
    free(zeros);
    if (status != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "--utterance-mean: %s",
                    error.text[0] ? error.text : voq_status_string(status));
    voq_model_close(encode->model);
    encode->model = model;
    return true;
}

static bool open_model(struct encode *encode, struct failure *failure)
{
    const struct encode_options *options = &encode->options;
    if (options->profile)
        return make_profile(encode, failure) &&
               (!options->utterance_mean || add_utterance_mean(encode, failure));
    char path[4096];
    return model_open(options->model, options->cpu, &encode->model, path, sizeof path, failure) &&
           option_guard_reads(&encode->guard, path, failure);
}

static bool make_plan(struct encode *encode, struct failure *failure)
{
    struct encode_plan *plan = &encode->plan;
    const struct encode_options *options = &encode->options;
    plan->model = encode->model;
    plan->info.struct_size = sizeof plan->info;
    if (voq_model_describe(encode->model, &plan->info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model cannot be described");
    if (options->labels && !model_labels(encode->model, &plan->label, failure)) return false;
    if (!options->profile && !options->model)
        messages_note(encode->messages, "model %s %s", plan->info.name, plan->info.hash);
    plan->features = options->features;
    plan->distances = options->distances != NULL;
    plan->width = options->features ? plan->info.dim : plan->info.n_codebook;
    if (plan->distances) plan->width *= 2;
    plan->raw = encode->raw.rate_hz ? &encode->raw : NULL;
    if (plan->width > QUEUE_RECORD_BYTES / sizeof(uint32_t))
        return fail(failure, EXIT_USAGE,
                    "%s: more than %zu numbers per frame; choose fewer dimensions", plan->info.name,
                    QUEUE_RECORD_BYTES / sizeof(uint32_t));
    if (plan->info.n_codebook == 0 && !options->features)
        return fail(failure, EXIT_USAGE,
                    "%s: the model has no codewords; add --features to write its features",
                    plan->info.name);
    return true;
}

/* ---- the inputs ------------------------------------------------------------------------------ */

static bool check_kinds(const struct encode *encode, struct failure *failure)
{
    for (size_t i = 0; i < corpus_size(encode->corpus); i++) {
        const struct utterance *utterance = corpus_get(encode->corpus, i);
        if (utterance->kind == CORPUS_AUDIO && encode->plan.info.rate_hz == 0)
            return fail(failure, EXIT_USAGE,
                        "%s: is audio, but %s is a model of vectors; give it .npy files",
                        utterance_label(utterance), encode->plan.info.name);
        if (utterance->kind == CORPUS_VECTORS && encode->plan.features)
            return fail(failure, EXIT_USAGE, "%s: contains vectors already; leave out --features",
                        utterance->path);
    }
    return true;
}

/* --tsv is read if the inputs are shards, and written if they are audio. */
static bool choose_manifest(struct encode *encode, struct failure *failure)
{
    const struct encode_items *items = &encode->items;
    if (!encode->options.tsv) return true;
    if (!items->shard) {
        encode->plan.manifest = &encode->manifest;
        return encode_fit_manifest(&encode->options, failure) &&
               encode_manifest_open(&encode->manifest, items, failure);
    }
    for (size_t i = 0; i < items->n; i++)
        if (!items->item[i].part && !items->item[i].fault)
            return fail(failure, EXIT_USAGE,
                        "%s: --tsv is read if the inputs are shards and written if they are audio; "
                        "give one kind of input", utterance_label(items->item[i].utterance));
    return true;
}

static bool take_shard(struct encode *encode, struct failure *failure)
{
    const struct shard shard = {encode->options.rank, encode->options.n_shard};
    size_t begin, end;
    if (!encode->options.balance)
        shard_span(&shard, encode->items.n_list, &begin, &end);
    else if (!encode_balance(&encode->items, &shard, &begin, &end, failure))
        return false;
    encode_items_take(&encode->items, begin, end);
    return true;
}

static bool open_inputs(struct encode *encode, char **operand, size_t n_operand,
                        struct failure *failure)
{
    const struct encode_options *options = &encode->options;
    bool vectors = encode->plan.info.rate_hz == 0;
    const struct corpus_options how = {
        .suffixes = vectors           ? CORPUS_SUFFIXES_VECTORS
                    : encode->plan.raw ? CORPUS_SUFFIXES_RAW
                                       : CORPUS_SUFFIXES_AUDIO,
        .names_from_path = options->names == NAMES_PATH,
        .stdin_name = options->name,
        .segments = options->segments,
        .speakers = options->speakers,
        .allow_pipes = options->allow_pipes,
    };
    const struct encode_items_options items = {
        .channel = encode->channel,
        .raw = encode->plan.raw,
        .tsv = options->tsv,
        .names_from_path = how.names_from_path,
    };
    if (n_operand == 0)
        return fail(failure, EXIT_USAGE,
                    "no input; name a file, a folder, a list, or - for standard input");
    if (!corpus_open(&encode->corpus, (const char *const *)operand, n_operand, &how, failure) ||
        !option_guard_options(&encode->guard, &encode_option_table, options, failure) ||
        !option_guard_corpus(&encode->guard, encode->corpus, (const char *const *)operand,
                             n_operand, failure) ||
        !option_guard_check(&encode->guard, failure) ||
        !encode_fit_inputs(options, vectors, operand, n_operand, failure))
        return false;
    for (size_t i = 0; i < corpus_n_warning(encode->corpus); i++)
        messages_warn(encode->messages, "%s", corpus_warning(encode->corpus, i));
    if (corpus_size(encode->corpus) == 0)
        return fail(failure, EXIT_INPUT, "%s: contains no audio", operand[0]);
    if (!check_kinds(encode, failure) ||
        !encode_items_make(&encode->items, encode->corpus, &items, failure) ||
        !choose_manifest(encode, failure))
        return false;
    return take_shard(encode, failure);
}

/* ---- the command ----------------------------------------------------------------------------- */

static int run(struct encode *encode, char **operand, size_t n_operand)
{
    struct failure failure = {0};
    struct encode_task task = {.options = &encode->options,
                               .plan = &encode->plan,
                               .items = &encode->items,
                               .messages = encode->messages};
    const char *variable;
    if (!encode_fit_options(&encode->options, &failure) ||
        !encode_options_shard(&encode->options, &variable, &failure) ||
        !encode_options_check(&encode->options, &encode->channel, &encode->raw, &failure) ||
        !open_model(encode, &failure) || !make_plan(encode, &failure) ||
        !open_inputs(encode, operand, n_operand, &failure) ||
        !encode_sink_open(&task.sink, &encode->options, &encode->plan, &encode->items,
                          &encode->guard, encode->messages, &failure))
        return messages_failure(encode->messages, &failure);
    if (variable)
        messages_note(encode->messages, "shard %u of %u, counted from 0 (%s)", encode->options.rank,
                      encode->options.n_shard, variable);
    return encode_run(&task);
}

int command_encode(int argc, char **argv, struct messages *messages)
{
    struct encode encode = {.messages = messages};
    struct failure failure = {0};
    char **operand;
    size_t n_operand;
    int code = EXIT_FINE;
    encode_options_default(&encode.options);
    switch (options_parse(&encode_option_table, argc, argv, &encode.options, &operand, &n_operand,
                          &failure)) {
    case OPTIONS_DONE: break;
    case OPTIONS_FAILED: code = messages_failure(messages, &failure); break;
    case OPTIONS_RUN:
        messages->quiet = encode.options.quiet;
        code = run(&encode, operand, n_operand);
        break;
    }
    option_guard_free(&encode.guard);
    encode_manifest_free(&encode.manifest);
    encode_items_free(&encode.items);
    corpus_close(encode.corpus);
    voq_model_close(encode.model);
    options_free(&encode_option_table, &encode.options);
    return code;
}
