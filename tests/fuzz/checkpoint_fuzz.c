/* SPDX-License-Identifier: MIT */
/* Any bytes as a checkpoint of one of four trainings, or as the file of --init; the first byte
   chooses. What is accepted fits into the memory of that training and holds numbers. */
#define _GNU_SOURCE
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/model_sums.h"
#include "tools/train/checkpoint.h"
#include "tools/train/start.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MAX_INPUT = 1 << 20, N_TRAINING = 4, VECTOR_DIM = 3 };

static struct settings settings_of(unsigned which)
{
    struct settings settings;
    settings_defaults(&settings);
    settings.codes = 4;
    settings.classes = 6;
    if (which == 0) settings.codebooks = 2;
    if (which == 1) settings.lda = 3;
    if (which == 2) settings.normalise = NORMALISE_VARIANCE;
    return settings;
}

static bool open_front(struct front_half *front, const struct settings *settings, unsigned which,
                       struct failure *failure)
{
    if (which + 1 < N_TRAINING) return front_half_set_frontend(front, settings, failure);
    front_half_set_vectors(front, VECTOR_DIM);
    return true;
}

/* As training.c goes on from it. */
static void resume(const char *path, unsigned which)
{
    struct failure failure;
    struct front_half front = {0};
    struct checkpoint checkpoint;
    const struct settings settings = settings_of(which);
    const struct checkpoint_use use = {&settings, &front, settings.lda ? settings.rounds : 0};
    if (!open_front(&front, &settings, which, &failure)) abort();
    if (checkpoint_read(&checkpoint, path, &use, &failure)) {
        bool classes = checkpoint.stage < use.n_round;
        uint32_t n_code = classes ? settings.classes : settings.codes;
        uint32_t n_codebook = classes ? 1 : settings.codebooks, n;
        if (settings_changes_front(&settings) &&
            !front_half_copy(&front, &checkpoint.parts, &failure))
            abort();
        uint32_t dim = front.parts.dim;
        float *codeword = malloc(sizeof *codeword * n_codebook * n_code * dim);
        if (!checkpoint_take(&checkpoint, codeword, n_codebook, n_code, dim, &n, &failure) ||
            n == 0 || n > n_codebook)
            abort();
        free(codeword);
    }
    checkpoint_close(&checkpoint);
    front_half_close(&front);
}

static void start(const char *path)
{
    struct failure failure;
    struct messages messages;
    struct start start;
    struct front_half front = {0};
    messages_init(&messages, stderr);
    messages.quiet = true;
    if (start_open(&start, path, &messages, &failure)) {
        size_t n = (size_t)start.n_code * start.dim;
        if (n == 0) abort();
        for (size_t i = 0; i < n; i++)
            if (!isfinite(start.codeword[i])) abort();
        if (start.model && start.parts.frontend && !front_half_copy(&front, &start.parts, &failure))
            abort();
    }
    front_half_close(&front);
    start_close(&start);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 1 || n > MAX_INPUT) return 0;
    uint8_t *bytes = malloc(n);
    memcpy(bytes, data + 1, n - 1);
    put_sums_right(bytes, n - 1);
    struct memory_file file = memory_file_open(bytes, n - 1);
    unsigned which = data[0] % (N_TRAINING + 1);
    if (which == N_TRAINING)
        start(file.path);
    else
        resume(file.path, which);
    memory_file_close(&file);
    free(bytes);
    return 0;
}
