/* SPDX-License-Identifier: MIT */
#include "tools/report/spectrogram.h"

#include "tools/base/growing.h"
#include "tools/report/png.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_MEL = 20 };

#define QUIET 0.25 /* of all energies, as paper */
#define LOUD 0.998
#define LEAST_RANGE 4.0 /* of the logarithm, so that silence stays paper */

bool spectrogram_model(voq_model **model, struct failure *failure)
{
    voq_frontend frontend = {.struct_size = sizeof frontend};
    voq_error error = {.struct_size = sizeof error};
    if (voq_frontend_profile("encoder", &frontend) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "there is no profile \"encoder\"");
    frontend.n_mel = N_MEL;
    const voq_parts parts = {
        .struct_size = sizeof parts, .frontend = &frontend, .name = "log-mel"};
    return voq_model_make(&parts, NULL, model, &error) == VOQ_OK ||
           fail(failure, EXIT_INTERNAL, "%s", error.text);
}

static int ascending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

static bool find_range(const float *energy, size_t n, double *quiet, double *loud,
                       struct failure *failure)
{
    float *sorted = zeroed(n, sizeof *sorted, failure);
    if (!sorted) return false;
    memcpy(sorted, energy, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, ascending);
    *quiet = n ? (double)sorted[(size_t)(QUIET * (double)(n - 1))] : 0;
    *loud = n ? (double)sorted[(size_t)(LOUD * (double)(n - 1))] : 0;
    *loud = fmax(*loud, *quiet + LEAST_RANGE);
    free(sorted);
    return true;
}

static bool make_ink(struct spectrogram *s, const float *energy, struct failure *failure)
{
    double quiet, loud;
    size_t n = s->n_column * s->n_mel;
    s->ink = zeroed(n, 1, failure);
    if (!s->ink || !find_range(energy, n, &quiet, &loud, failure)) return false;
    for (size_t i = 0; i < n; i++) {
        double share = fmin(1, fmax(0, ((double)energy[i] - quiet) / (loud - quiet)));
        s->ink[i] = (unsigned char)floor(share * PNG_MOST + 0.5);
    }
    return true;
}

bool spectrogram_make(struct spectrogram *s, const voq_model *model, const struct samples *samples,
                      struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    voq_info info = {.struct_size = sizeof info};
    *s = (struct spectrogram){.n_column = voq_encode_frames(model, samples->n)};
    if (voq_model_describe(model, &info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model cannot be described");
    s->n_mel = info.dim;
    float *energy = zeroed(s->n_column * s->n_mel, sizeof *energy, failure);
    if (!energy) return false;
    const voq_output output = {.struct_size = sizeof output, .capacity = s->n_column,
                               .feature = energy};
    size_t n_frame;
    bool good = voq_encode(model, NULL, samples->x, samples->n, &output, &n_frame, &error) ==
                    VOQ_OK ||
                fail(failure, EXIT_INTERNAL, "%s", error.text);
    good = good && make_ink(s, energy, failure);
    free(energy);
    return good;
}

bool spectrogram_write(FILE *file, const struct spectrogram *s, size_t first, size_t n,
                       struct failure *failure)
{
    unsigned char *picture = zeroed(n * s->n_mel, 1, failure);
    if (!picture) return false;
    for (size_t x = 0; x < n; x++)
        for (size_t m = 0; m < s->n_mel; m++)
            picture[(s->n_mel - 1 - m) * n + x] = s->ink[(first + x) * s->n_mel + m];
    bool good = png_write(file, picture, n, s->n_mel, failure);
    free(picture);
    return good;
}
