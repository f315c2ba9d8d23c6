/* SPDX-License-Identifier: MIT */
#include "tools/learn/learn_data.h"

#include "tools/base/digest.h"
#include "tools/formats/feature_reader.h"
#include "tools/learn/feature_statistics.h"
#include "tools/learn/label_checks.h"
#include "tools/learn/safetensors.h"
#include "tools/learn/weighted_name.h"
#include "tools/learn/weights_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NOISE_SHARE .5

enum { SHIFT_SAMPLES = 96, PRIOR_FRAMES = 50, MEMORY_FRAMES = 400 };

static bool open_corpus(struct learn_data *data, struct corpus **corpus,
                        const char *const *operand, size_t n_operand, struct option_guard *guard,
                        struct failure *failure)
{
    const struct corpus_options options = {.speakers = data->options->speakers,
                                           .allow_pipes = data->options->allow_pipes,
                                           .allow_equal_names = true};
    if (!corpus_open(corpus, operand, n_operand, &options, failure)) return false;
    for (size_t i = 0; i < corpus_n_warning(*corpus); i++)
        messages_warn(data->messages, "%s", corpus_warning(*corpus, i));
    if (corpus_size(*corpus) == 0)
        return fail(failure, EXIT_INPUT, "%s: contains no speech files", operand[0]);
    return option_guard_corpus(guard, *corpus, NULL, 0, failure);
}

static bool add_source(struct learn_data *data, const char *const *operand, size_t n_operand,
                       double share, double weight, struct option_guard *guard,
                       struct failure *failure)
{
    size_t i = data->n_source;
    if (i == LEARN_SOURCES)
        return fail(failure, EXIT_USAGE, "--also %s: at most %d corpora can be given", operand[0],
                    LEARN_SOURCES - 1);
    if (!open_corpus(data, &data->corpus[i], operand, n_operand, guard, failure)) return false;
    data->source[i] = (struct source){data->corpus[i], share, (float)weight};
    data->n_source++;
    return true;
}

static bool open_also(struct learn_data *data, struct option_guard *guard,
                      struct failure *failure)
{
    const struct option_texts *also = data->options->also;
    bool good = true;
    for (size_t i = 0; good && i < also->n; i++) {
        struct weighted_name name;
        good = weighted_name_read(&name, "also", also->text[i], 2, failure);
        double share = name.n > 0 ? name.number[0] : 1, weight = name.n > 1 ? name.number[1] : 1;
        if (good && share > 1)
            good = fail(failure, EXIT_USAGE, "--also %s: the share must be at most 1",
                        also->text[i]);
        const char *path = name.name;
        good = good && add_source(data, &path, 1, share, weight, guard, failure);
        weighted_name_free(&name);
    }
    return good;
}

static bool name_labels(struct learn_data *data, struct option_guard *guard,
                        struct failure *failure)
{
    const struct option_texts *labels = data->options->labels;
    if (data->options->objective != LEARN_LABELS) return true;
    if (labels->n > LEARNER_HEADS)
        return fail(failure, EXIT_USAGE, "at most %d --labels can be given", LEARNER_HEADS);
    data->label_name = calloc(labels->n, sizeof *data->label_name);
    if (!data->label_name) return fail_memory(failure);
    for (size_t h = 0; h < labels->n; h++) {
        struct weighted_name *name = &data->label_name[h];
        if (!weighted_name_read(name, "labels", labels->text[h], 2, failure)) return false;
        data->n_head++;
        data->label_path[h] = name->name;
        data->head_weight[h] = name->n > 0 ? name->number[0] : 1;
        data->head_code_weight[h] = name->n > 1 ? name->number[1] : data->head_weight[h];
        if (!file_has_digest(name->name, failure) ||
            !option_guard_reads(guard, name->name, failure))
            return false;
    }
    return true;
}

/* All corpora must be of one kind. */
static bool find_kind(struct learn_data *data, struct failure *failure)
{
    data->is_vectors = corpus_get(data->corpus[0], 0)->kind == CORPUS_VECTORS;
    for (size_t s = 0; s < data->n_source; s++)
        for (size_t i = 0; i < corpus_size(data->corpus[s]); i++)
            if ((corpus_get(data->corpus[s], i)->kind == CORPUS_VECTORS) != data->is_vectors)
                return fail(failure, EXIT_USAGE,
                            "the corpus contains audio and vectors; train on one kind");
    if (!data->is_vectors) return true;
    if (data->options->noise)
        return fail(failure, EXIT_USAGE, "--noise cannot be added to vectors; leave it out");
    return data->options->labels_hop == 0 ||
           fail(failure, EXIT_USAGE, "--labels-hop has no effect on vectors, which have no times; "
                                     "leave it out");
}

static bool open_features(struct learn_data *data, struct failure *failure)
{
    uint32_t dim = 0;
    data->frontend.struct_size = sizeof data->frontend;
    if (data->is_vectors) {
        if (!feature_reader_dim(corpus_get(data->corpus[0], 0)->path, &dim, failure)) return false;
    } else if (voq_frontend_profile("encoder", &data->frontend) != VOQ_OK) {
        return fail(failure, EXIT_INTERNAL, "the profile encoder is missing");
    }
    data->frontend.grid = VOQ_GRID_MIRROR;
    if (!feature_chain_open(&data->chain, data->is_vectors ? NULL : &data->frontend, dim,
                            VOQ_CPU_AUTO, failure))
        return false;
    data->dim = data->chain.dim;
    return true;
}

static bool open_noise(struct learn_data *data, struct option_guard *guard,
                       struct failure *failure)
{
    struct weighted_name name;
    bool good = weighted_name_read(&name, "noise", data->options->noise, 1, failure);
    const char *path = name.name;
    data->noise_share = name.n > 0 ? name.number[0] : NOISE_SHARE;
    if (good && data->noise_share > 1)
        good = fail(failure, EXIT_USAGE, "--noise %s: the share must be at most 1",
                    data->options->noise);
    good = good && open_corpus(data, &data->noise_corpus, &path, 1, guard, failure);
    weighted_name_free(&name);
    return good;
}

bool learn_data_open(struct learn_data *data, const struct learn_options *options,
                     const char *const *operand, size_t n_operand, struct option_guard *guard,
                     struct messages *messages, struct failure *failure)
{
    data->options = options;
    data->messages = messages;
    return name_labels(data, guard, failure) &&
           add_source(data, operand, n_operand, 1, 1, guard, failure) &&
           open_also(data, guard, failure) &&
           (!options->noise || open_noise(data, guard, failure)) &&
           (!options->dev ||
            open_corpus(data, &data->dev_corpus, &options->dev, 1, guard, failure)) &&
           find_kind(data, failure) && open_features(data, failure);
}

bool learn_data_done(void *context, const struct recordings_end *end, struct failure *failure)
{
    struct learn_data *data = context;
    (void)failure;
    if (end->trouble) {
        data->n_failed++;
        messages_error(data->messages, "%s", end->trouble->text);
    }
    if (end->notes) messages_warn(data->messages, "%s", end->notes);
    if (end->n_not_finite > 0)
        messages_not_finite(data->messages, utterance_label(end->utterance), end->n_not_finite);
    return true;
}

static bool read_recordings(struct learn_data *data, const struct source *source, size_t n_source,
                            struct recordings *recordings, struct failure *failure)
{
    const struct recordings_request request = {
        .source = source, .n_source = n_source, .rate_hz = data->chain.rate_hz,
        .hop_samples = data->chain.hop_samples, .dim = data->is_vectors ? data->dim : 1,
        .n_thread = data->options->n_thread, .cache_folder = data->options->cache_folder,
        .done = learn_data_done, .context = data};
    return recordings_read(recordings, &request, failure);
}

/* A name that is wrong must not cost a training. */
static bool check_sources(const struct learn_data *data, struct failure *failure)
{
    bool has[LEARN_SOURCES] = {0};
    for (size_t i = 0; i < data->recordings.n; i++)
        has[data->recordings.recording[i].source] = true;
    if (!has[0]) return fail(failure, EXIT_INPUT, "the corpus has no frames to learn from");
    for (size_t s = 1; s < data->n_source; s++)
        if (!has[s])
            return fail(failure, EXIT_INPUT, "--also %s: none of it can be read",
                        data->options->also->text[s - 1]);
    return true;
}

static bool read_noise(struct learn_data *data, struct failure *failure)
{
    if (!data->noise_corpus) return true;
    data->noise_source = (struct source){data->noise_corpus, 1, 1};
    return read_recordings(data, &data->noise_source, 1, &data->noise, failure) &&
           (data->noise.n > 0 || fail(failure, EXIT_INPUT, "--noise %s: none of it can be read",
                                      data->options->noise));
}

static bool read_labels(struct learn_data *data, struct failure *failure)
{
    struct label_head_options options = {.cache_folder = data->options->cache_folder};
    options.units.facts.hop_samples = data->options->labels_hop;
    bool hop_has_effect = data->options->labels_hop == 0 || data->options->dev_labels;
    for (size_t h = 0; h < data->n_head; h++) {
        if (!label_head_read(&data->head[h], data->label_path[h], &options, failure)) return false;
        hop_has_effect |= !label_head_is_alignment(data->head[h]);
    }
    return hop_has_effect || fail(failure, EXIT_USAGE, "--labels-hop is for labels that are units, "
                                  "but these have times; leave it out");
}

/* Speech: minus the running mean, times 1 / standard deviation. Vectors, which need not be a
   sequence: minus the mean, over the standard deviation. */
static void describe_normalise(struct learn_data *data)
{
    data->normalise = (voq_normalise){.struct_size = sizeof data->normalise, .dim = data->dim,
                                      .n_max = 1, .mean = data->mean};
    for (uint32_t d = 0; d < data->dim; d++) {
        double deviation = (double)data->deviation[d];
        data->scale[d] = (float)(data->is_vectors ? deviation * deviation : 1 / deviation);
    }
    if (data->is_vectors) {
        data->normalise.kind = VOQ_NORMALISE_GLOBAL;
        data->normalise.variance = data->scale;
        return;
    }
    data->normalise.kind = VOQ_NORMALISE_RUNNING_SCALED;
    data->normalise.scale = data->scale;
    data->normalise.n0 = PRIOR_FRAMES;
    data->normalise.n_max = MEMORY_FRAMES;
}

static bool check_normalise(const struct learn_data *data, struct failure *failure)
{
    for (uint32_t d = 0; d < data->dim; d++)
        if (!(data->scale[d] > 0) || !isfinite(data->scale[d]) || !isfinite(data->mean[d]))
            return fail(failure, EXIT_INPUT, "dimension %u of the input, counted from 0, has a "
                        "mean of %g and a standard deviation of %g, which no model can store; "
                        "scale it%s", (unsigned)d, (double)data->mean[d],
                        (double)data->deviation[d],
                        data->options->init->n > 0 ? ", or name another --init" : "");
    return true;
}

static bool measure(struct learn_data *data, struct failure *failure)
{
    data->mean = malloc(data->dim * sizeof *data->mean);
    data->scale = malloc(data->dim * sizeof *data->scale);
    data->deviation = malloc(data->dim * sizeof *data->deviation);
    if (!data->mean || !data->scale || !data->deviation) return fail_memory(failure);
    if (!feature_statistics(&data->recordings, &data->chain, data->options->n_thread, data->mean,
                            data->deviation, failure) ||
        !weights_files_statistics(data->options->init, data->dim, data->mean, data->deviation,
                                  failure))
        return false;
    describe_normalise(data);
    return check_normalise(data, failure) &&
           feature_chain_set_normalise(&data->chain, &data->normalise, failure);
}

/* With --noise a share of the speech is noisy, and half as much is in a room. */
static struct augmentation augmentation_of(const struct learn_data *data)
{
    struct augmentation augmentation = {0};
    if (data->is_vectors) return augmentation;
    augmentation = augmentation_default();
    augmentation.noise_p = data->noise_share;
    augmentation.room_p = data->noise_share / 2;
    augmentation.snr_low_db = 0;
    return augmentation;
}

static bool prepare_examples(struct learn_data *data, struct failure *failure)
{
    data->examples = (struct examples){
        .recordings = &data->recordings, .chain = &data->chain, .head = data->head,
        .n_head = data->n_head, .seed = data->options->seed, .stride = data->stride,
        .shift_samples = data->is_vectors || data->n_head == 0 ? 0 : SHIFT_SAMPLES};
    if (data->noise_corpus) data->examples.noise = &data->noise;
    data->examples.augmentation = augmentation_of(data);
    if (!examples_prepare(&data->examples, failure)) return false;
    size_t n = examples_n_unlabelled(&data->examples);
    if (data->n_head > 0 && n > 0)
        messages_note(data->messages, "%zu utterances have no labels and are left out", n);
    return label_checks(data, failure);
}

/* Whether --init can be read at all. */
static bool try_weights(const struct learn_data *data, struct failure *failure)
{
    const struct option_texts *init = data->options->init;
    struct safetensors file;
    for (size_t i = 0; i < init->n; i++) {
        if (!file_has_digest(init->text[i], failure) ||
            !safetensors_read(&file, init->text[i], failure))
            return false;
        safetensors_free(&file);
    }
    return true;
}

/* Audio takes longest to read, so everything that may be refused sooner comes before it. */
bool learn_data_read(struct learn_data *data, struct failure *failure)
{
    return read_labels(data, failure) && try_weights(data, failure) &&
           read_recordings(data, data->source, data->n_source, &data->recordings, failure) &&
           check_sources(data, failure) && read_noise(data, failure) && measure(data, failure) &&
           prepare_examples(data, failure);
}

void learn_data_close(struct learn_data *data)
{
    examples_clear(&data->examples);
    feature_chain_close(&data->chain);
    for (size_t h = 0; h < data->n_head; h++) {
        label_head_free(data->head[h]);
        weighted_name_free(&data->label_name[h]);
    }
    free(data->label_name);
    recordings_clear(&data->recordings);
    recordings_clear(&data->noise);
    for (size_t s = 0; s < data->n_source; s++) corpus_close(data->corpus[s]);
    corpus_close(data->noise_corpus);
    corpus_close(data->dev_corpus);
    free(data->mean);
    free(data->deviation);
    free(data->scale);
    *data = (struct learn_data){0};
}
