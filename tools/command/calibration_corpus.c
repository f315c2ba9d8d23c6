/* SPDX-License-Identifier: MIT */
#include "tools/command/calibration_corpus.h"

#include "tools/base/growing.h"
#include "tools/corpus/corpus.h"
#include "tools/eval/samples.h"

#include <stdlib.h>

enum { MOST_UTTERANCES = 60, MOST_FRAMES = 1500 };

static bool compute(struct calibration_utterance *utterance, const char *name,
                    const voq_model *features, const voq_info *info, const struct samples *samples,
                    struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    size_t n = voq_encode_frames(features, samples->n);
    float *x = zeroed(n * info->dim, sizeof *x, failure);
    if (!x) return false;
    utterance->x = x;
    const voq_output output = {.struct_size = sizeof output, .capacity = n, .feature = x};
    voq_status status = voq_encode(features, NULL, samples->x, samples->n, &output, &n, &error);
    if (status == VOQ_ERROR_MEMORY) return fail_memory(failure);
    if (status != VOQ_OK) return fail(failure, EXIT_INPUT, "%s: %s", name, error.text);
    utterance->n = n < MOST_FRAMES ? n : MOST_FRAMES;
    return true;
}

static bool read_utterances(struct calibration_corpus *calibration, const struct corpus *corpus,
                            const voq_model *features, struct failure *failure)
{
    struct samples samples = {0};
    voq_info info = {.struct_size = sizeof info};
    size_t size = corpus_size(corpus), n = size < MOST_UTTERANCES ? size : MOST_UTTERANCES;
    calibration->utterance = zeroed(n, sizeof *calibration->utterance, failure);
    bool good = calibration->utterance;
    if (good && voq_model_describe(features, &info) != VOQ_OK)
        good = fail(failure, EXIT_INTERNAL, "the model of the features cannot be used");
    for (size_t i = 0; good && i < n; i++) {
        const struct utterance *utterance = corpus_get(corpus, i * size / n);
        if (utterance->kind != CORPUS_AUDIO)
            good = fail(failure, EXIT_INPUT, "%s: is not audio; give --calibrate recordings",
                        utterance->path);
        const struct audio_request request = audio_request_of(utterance, info.rate_hz);
        struct calibration_utterance *to = &calibration->utterance[calibration->n++];
        good = good && samples_read(&samples, &request, failure) &&
               compute(to, utterance_label(utterance), features, &info, &samples, failure);
        calibration->n_frame += to->n;
    }
    samples_clear(&samples);
    return good;
}

bool calibration_corpus_read(struct calibration_corpus *calibration, const char *path,
                             const voq_model *features, struct option_guard *guard,
                             struct failure *failure)
{
    const struct corpus_options options = {.fixed = true, .allow_equal_names = true};
    struct corpus *corpus;
    *calibration = (struct calibration_corpus){0};
    if (!corpus_open(&corpus, &path, 1, &options, failure)) return false;
    bool good = option_guard_corpus(guard, corpus, &path, 1, failure) &&
                option_guard_check(guard, failure) &&
                read_utterances(calibration, corpus, features, failure);
    option_guard_free(guard); /* it borrows the corpus' paths */
    corpus_close(corpus);
    if (good && calibration->n_frame == 0)
        return fail(failure, EXIT_INPUT, "%s: there is no frame of speech; give --calibrate more",
                    path);
    return good;
}

void calibration_corpus_free(struct calibration_corpus *calibration)
{
    for (size_t i = 0; i < calibration->n; i++) free((float *)calibration->utterance[i].x);
    free(calibration->utterance);
    *calibration = (struct calibration_corpus){0};
}
