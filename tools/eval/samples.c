/* SPDX-License-Identifier: MIT */
#include "tools/eval/samples.h"

#include "tools/base/growing.h"

#include <math.h>
#include <stdlib.h>

enum { BLOCK = 16384 };

/* The library does this too, but noise and levels are computed from these samples. */
static void clean(struct samples *samples)
{
    for (size_t i = 0; i < samples->n; i++)
        if (!isfinite(samples->x[i])) {
            samples->x[i] = 0;
            samples->n_not_finite++;
        }
}

static bool read_all(struct samples *samples, struct audio *audio, struct failure *failure)
{
    size_t n_read = 1;
    samples->n = 0;
    free(samples->notes);
    samples->notes = NULL;
    while (n_read > 0 || audio_gap(audio) > 0) { /* lost audio is reported at the end */
        if (!grow(&samples->x, &samples->capacity, samples->n + BLOCK, sizeof *samples->x,
                  failure) ||
            !audio_read(audio, samples->x + samples->n, BLOCK, &n_read, failure))
            return false;
        samples->n += n_read;
    }
    samples->n_not_finite = audio_facts(audio)->not_finite;
    samples->notes = audio_notes(audio);
    clean(samples);
    struct failure why;
    return audio_check_whole(audio, &why) ||
           fail(failure, why.code, "%s; the file is left out", why.text);
}

bool samples_read(struct samples *samples, const struct audio_request *request,
                  struct failure *failure)
{
    struct audio *audio;
    if (!audio_open(&audio, request, failure)) return false;
    bool good = read_all(samples, audio, failure);
    audio_close(audio);
    samples->rate_hz = request->rate_hz;
    return good;
}

void samples_clear(struct samples *samples)
{
    free(samples->x);
    free(samples->notes);
    *samples = (struct samples){0};
}
