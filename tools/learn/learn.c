/* SPDX-License-Identifier: MIT */
/* The order of work of `voq train --encoder`. */
#include "tools/learn/learn.h"

#include "tools/base/json_writer.h"
#include "tools/base/monotonic.h"
#include "tools/base/output_file.h"
#include "tools/learn/decoder_spec.h"
#include "tools/base/digest.h"
#include "tools/learn/codebook_start.h"
#include "tools/learn/encoder_model.h"
#include "tools/learn/epochs.h"
#include "tools/learn/first_codebook.h"
#include "tools/learn/learn_provenance.h"
#include "tools/learn/state_file.h"
#include "tools/learn/weights_file.h"

#include <stdlib.h>
#include <string.h>

/* Numbers of the recipe that no option changes; ../../models/make.md has what was tried. */
static const struct adamw_options adamw = {.beta1 = .9, .beta2 = .98, .epsilon = 1e-8,
                                           .decay = .01};
static const struct ema_options ema = {.decay = .99};
static const double dead_share = .048, restart_share = .32; /* of a code's mean count */
static const double commitment = .25 / 8, label_smoothing = .05, gradient_most = 1,
                    time_jitter = .12;

struct learning_run {
    const struct learn_options *options;
    struct messages *messages;
    struct learn_data data;
    struct encoder_spec spec;
    struct workers *workers;
    struct learner *learner;
    struct dev_score *dev;
    struct checkpoint_file checkpoint;
    char *provenance;
    char identity[65];
};

/* Makes all checks that are possible before audio is read. */
static bool prepare(struct learning_run *run, const char *const *operand, size_t n_operand,
                    struct option_guard *guard, struct failure *failure)
{
    const struct learn_options *options = run->options;
    const char *checkpoint = options->checkpoint;
    return (!checkpoint || option_guard_writes_beside(guard, checkpoint, ".lock", failure)) &&
           learn_data_open(&run->data, options, operand, n_operand, guard, run->messages,
                           failure) &&
           option_guard_check(guard, failure) &&
           codebook_can_start(START_SAMPLE, options->codes, failure) &&
           encoder_spec_parse(&run->spec, options->encoder, run->data.dim, failure) &&
           (strcmp(options->output, "-") == 0 || output_file_try(options->output, failure)) &&
           (!options->weights || output_file_try(options->weights, failure)) &&
           (!options->log || output_file_try(options->log, failure)) &&
           checkpoint_file_claim(&run->checkpoint, checkpoint, failure) &&
           (!checkpoint || output_file_try(checkpoint, failure)) &&
           checkpoint_file_take(&run->checkpoint, options->resume, failure);
}

static bool open_dev(struct learning_run *run, struct failure *failure)
{
    const struct learn_options *options = run->options;
    if (!options->dev) return true;
    const struct dev_score_options dev = {
        .corpus = run->data.dev_corpus,
        .labels = options->dev_labels ? options->dev_labels : run->data.label_path[0],
        .labels_hop = options->labels_hop, .stride = run->data.stride,
        .chain = &run->data.chain, .n_thread = options->n_thread,
        .cache_folder = options->cache_folder, .done = learn_data_done, .context = &run->data};
    struct failure why = {0};
    return dev_score_open(&run->dev, &dev, &why) ||
           fail(failure, why.code, "--dev: %s", why.text);
}

/* The other speech first: it is less, and its names may be wrong. */
static bool read_data(struct learning_run *run, struct failure *failure)
{
    char encoder[ENCODER_SPEC_TEXT];
    encoder_spec_text(&run->spec, encoder);
    run->data.stride = encoder_spec_stride(&run->spec);
    if (!open_dev(run, failure) || !learn_data_read(&run->data, failure) ||
        !(run->provenance = learn_provenance(&run->data, encoder, failure)))
        return false;
    text_digest(run->provenance, run->identity);
    return true;
}

static bool make_learner(struct learning_run *run, struct failure *failure)
{
    const struct learn_options *options = run->options;
    const struct learn_data *data = &run->data;
    double mean_count = (double)options->batch_frames / options->codes;
    const struct restart_options restart = {dead_share * mean_count, restart_share * mean_count};
    struct learner_options learner = {
        .spec = run->spec, .adamw = adamw, .smoothing = label_smoothing,
        .gradient_most = gradient_most, .seed = options->seed, .n_head = data->n_head,
        .jitter = encoder_has_context(&run->spec) ? time_jitter : 0,
        .consistency = data->noise_corpus ? options->consistency : 0,
        .quantizer = {.n_codebook = options->codebooks, .n_code = options->codes,
                      .dim = run->spec.layer[run->spec.n_layer - 1].out_dim,
                      .rule = options->codebook_loss ? CODEBOOK_LOSS : CODEBOOK_EMA,
                      .commitment = commitment, .ema = ema, .restart = restart,
                      .seed = options->seed}};
    if (data->n_head == 0 && !data->is_vectors)
        learner.n_speaker = (uint32_t)data->recordings.speakers.n;
    for (size_t h = 0; h < data->n_head; h++) {
        learner.n_class[h] = label_head_n_class(data->head[h]);
        learner.head_weight[h] = data->head_weight[h];
        learner.head_code_weight[h] = data->head_code_weight[h];
    }
    return workers_new(&run->workers, options->n_thread, failure) &&
           learner_new(&run->learner, &learner, run->workers, failure) &&
           first_codebook_fits(run->learner, &data->examples, options->seed, failure) &&
           weights_files_read(options->init, run->learner, failure);
}

static bool run_epochs(struct learning_run *run, struct failure *failure)
{
    struct epochs epochs = {.options = run->options, .data = &run->data, .learner = run->learner,
                            .dev = run->dev, .messages = run->messages,
                            .checkpoint = &run->checkpoint, .identity = run->identity,
                            .resumed = run->checkpoint.exists};
    return epochs_run(&epochs, failure);
}

static bool report(const struct learning_run *run, const voq_model *model, double seconds,
                   struct failure *failure)
{
    const struct learn_options *options = run->options;
    voq_info info = {.struct_size = sizeof info};
    struct output_file *out;
    if (voq_model_describe(model, &info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model cannot be described");
    messages_note(run->messages, "%s: model %s, %s, in %.1f s", options->output, info.name,
                  info.hash, seconds);
    if (!options->json) return true;
    if (!output_file_open(&out, "-", failure)) return false;
    struct json_writer json = {.file = output_file_stream(out), .layout = JSON_SPACED};
    json_open(&json, NULL, '{');
    json_text(&json, "output", options->output);
    json_text(&json, "name", info.name);
    json_text(&json, "hash", info.hash);
    json_count(&json, "utterances", run->data.recordings.n_utterance);
    json_count(&json, "failed", run->data.n_failed);
    json_count(&json, "epochs", options->epochs);
    json_count(&json, "steps", run->learner->n_step);
    json_count(&json, "codes", options->codes);
    json_number(&json, "seconds", seconds);
    json_close(&json, '}');
    return output_file_commit(out, failure);
}

static bool write_model(struct learning_run *run, double start_s, struct failure *failure)
{
    const struct learn_options *options = run->options;
    const void *bytes;
    size_t n;
    voq_model *model;
    if (!encoder_model_make(run->learner, &run->data, options->name, run->provenance, &model,
                            failure))
        return state_file_cannot_help(&run->checkpoint, failure);
    voq_model_bytes(model, &bytes, &n);
    bool good = output_file_write(options->output, bytes, n, failure) &&
                report(run, model, monotonic_s() - start_s, failure);
    voq_model_close(model);
    return good;
}

/* Weights that cannot be written do not cost the model, nor the reverse. */
static bool write_outputs(struct learning_run *run, double start_s, struct failure *failure)
{
    const char *weights = run->options->weights;
    struct failure of_weights = {0};
    bool good = !weights || weights_file_write(weights, run->learner, &run->data, &of_weights);
    return write_model(run, start_s, failure) &&
           (good || fail(failure, of_weights.code, "%s", of_weights.text));
}

static void clean_up(struct learning_run *run, bool good)
{
    checkpoint_file_release(&run->checkpoint, good);
    dev_score_close(run->dev);
    learner_free(run->learner);
    workers_free(run->workers);
    learn_data_close(&run->data);
    free(run->provenance);
}

int learn_run(const struct learn_options *options, const char *const *operand, size_t n_operand,
              struct option_guard *guard, struct messages *messages)
{
    struct learning_run run = {.options = options, .messages = messages,
                               .checkpoint = {.lock = -1}};
    struct failure failure = {0};
    double start_s = monotonic_s();
    bool good = prepare(&run, operand, n_operand, guard, &failure) &&
                read_data(&run, &failure) && make_learner(&run, &failure) &&
                run_epochs(&run, &failure) && write_outputs(&run, start_s, &failure);
    messages_status(messages, NULL);
    int code = good ? EXIT_FINE : messages_failure(messages, &failure);
    if (good && run.data.n_failed > 0) {
        messages_error(messages, "%zu inputs failed; the model was trained on the others",
                       run.data.n_failed);
        code = EXIT_INPUT;
    }
    clean_up(&run, good);
    return code;
}
