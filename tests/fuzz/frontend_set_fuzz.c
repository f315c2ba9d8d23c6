/* SPDX-License-Identifier: MIT */
/* Any text as options of a front end: a profile's name, then lines "key=value". What is refused has
   a sentence and changes nothing; what is set comes back from its text; what makes a model takes
   samples. */
#include "tests/support/asked.h"

#include "voq.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MAX_INPUT = 4096, MAX_TEXT = 4096, MAX_DIM = 2048, N_SAMPLE = 2000, MAX_FRAMES = 16 };

static void set_or_refuse(voq_frontend *f, const char *key, const char *value)
{
    voq_error error = {.struct_size = sizeof error};
    voq_frontend before = *f;
    if (voq_frontend_set(f, key, value, &error) == VOQ_OK) return;
    if (error.status != VOQ_ERROR_ARGUMENT || strlen(error.text) < 10) abort();
    if (memcmp(&before, f, sizeof before) != 0) abort();
}

/* Sets the lines of a text, which is changed. */
static void set_lines(voq_frontend *f, char *text)
{
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        char *value = strchr(line, '=');
        if (!value) continue;
        *value++ = 0;
        set_or_refuse(f, line, value);
    }
}

static void come_back_from_text(const voq_frontend *f)
{
    char text[MAX_TEXT], copy[MAX_TEXT], again[MAX_TEXT];
    size_t n;
    voq_frontend other = {.struct_size = sizeof other};
    if (voq_frontend_text(f, text, sizeof text, &n) != VOQ_OK || strlen(text) != n) abort();
    memcpy(copy, text, n + 1);
    if (voq_frontend_profile("kaldi", &other) != VOQ_OK) abort();
    set_lines(&other, copy);
    if (voq_frontend_text(&other, again, sizeof again, &n) != VOQ_OK) abort();
    if (strcmp(text, again) != 0) abort();
}

static void push_a_little(const voq_model *model)
{
    static float x[N_SAMPLE], feature[MAX_FRAMES * MAX_DIM];
    voq_stream *features;
    size_t n = N_SAMPLE, n_frame;
    if (voq_stream_new(model, NULL, &features) != VOQ_OK) return;
    for (size_t i = 0; i < N_SAMPLE; i++) x[i] = (float)(i * 7919 % 65536) / 32768.0f - 1.0f;
    while (n > 1 && voq_max_units(features, n) > MAX_FRAMES) n /= 2;
    if (voq_push(features, x, n, FEATURES(feature, MAX_FRAMES), &n_frame) == VOQ_OK &&
        voq_finish_units(features) <= MAX_FRAMES)
        (void)!voq_finish(features, FEATURES(feature, MAX_FRAMES), &n_frame);
    voq_stream_free(features);
}

static void make_and_use(const voq_frontend *f)
{
    voq_parts parts = {.struct_size = sizeof parts, .frontend = f};
    voq_error error = {.struct_size = sizeof error};
    voq_model *model;
    if (voq_model_make(&parts, NULL, &model, &error) != VOQ_OK) {
        if (error.status == VOQ_OK || error.text[0] == 0) abort();
        return;
    }
    push_a_little(model);
    voq_model_close(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n > MAX_INPUT) return 0;
    char *text = calloc(n + 1, 1);
    if (n) memcpy(text, data, n);
    char *lines = text + strcspn(text, "\n");
    voq_frontend f = {.struct_size = sizeof f};
    if (*lines) *lines++ = 0;
    if (voq_frontend_profile(text, &f) == VOQ_OK) {
        set_lines(&f, lines);
        come_back_from_text(&f);
        make_and_use(&f);
    }
    free(text);
    return 0;
}
