/* SPDX-License-Identifier: MIT */
#include "tools/learn/calibration.h"

#include "tools/base/growing.h"
#include "tools/base/parallel.h"

#include <math.h>
#include <stdlib.h>

/* What the outputs of one utterance show. */
struct finding {
    double largest[ENCODER_MOST_LAYERS];
    double error[ENCODER_MOST_LAYERS][CALIBRATION_CANDIDATES];
};

struct calibration {
    const struct float_network *network;
    const struct calibration_utterance *utterance;
    struct finding *finding;        /* [n_utterance] */
    struct float_forward **forward; /* [n_thread] */
    const double *largest;          /* [n_layer]; NULL: it is not known yet */
};

/* Of one utterance. */
struct view {
    const struct calibration *calibration;
    struct finding *finding;
};

static double candidate(double largest, size_t i)
{
    double c = i + 1 < CALIBRATION_CANDIDATES ? .2 + (double)i * ((1 - .2) / 40) : 1;
    return c * largest / 127;
}

/* The nearest whole number, ties to even, of a number below 2^51: rint without a call. */
static inline double nearest_whole(double x)
{
    static const double shift = 0x1.8p52;
    return (x + shift) - shift;
}

double calibration_largest(const float *v, size_t n)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(v[i])) return (double)v[i];
        if ((double)v[i] > largest) largest = (double)v[i];
    }
    return largest;
}

void calibration_errors(const float *v, size_t n, double largest, double *error)
{
    for (size_t c = 0; c < CALIBRATION_CANDIDATES; c++) {
        double step = candidate(largest, c), sum = 0;
        for (size_t i = 0; i < n; i++) {
            if (!(v[i] > 0)) continue;
            double a = nearest_whole((double)v[i] / step);
            double lost = (a < 127 ? a : 127) * step - (double)v[i];
            sum += lost * lost;
        }
        error[c] += sum;
    }
}

double calibration_step(double largest, const double *error)
{
    size_t best = 0;
    for (size_t c = 1; c < CALIBRATION_CANDIDATES; c++)
        if (error[c] < error[best]) best = c;
    return candidate(largest, best);
}

static void see(void *context, size_t layer, const float *v, size_t n)
{
    const struct view *view = context;
    const struct calibration *calibration = view->calibration;
    const struct layer_spec *spec = &calibration->network->spec.layer[layer];
    if (spec->kind != LAYER_CONV) return;
    n *= spec->out_dim;
    if (calibration->largest)
        calibration_errors(v, n, calibration->largest[layer], view->finding->error[layer]);
    else
        view->finding->largest[layer] = calibration_largest(v, n);
}

static bool run_utterance(void *context, size_t worker, size_t i, struct failure *failure)
{
    const struct calibration *calibration = context;
    const struct calibration_utterance *utterance = &calibration->utterance[i];
    struct view view = {calibration, &calibration->finding[i]};
    size_t n_latent;
    (void)failure;
    float_forward_run(calibration->forward[worker], utterance->x, utterance->n, see, &view,
                      &n_latent);
    return true;
}

static bool find_largest(const struct calibration *calibration, size_t n_utterance,
                         double *largest, struct failure *failure)
{
    const struct encoder_spec *spec = &calibration->network->spec;
    for (size_t layer = 0; layer < spec->n_layer; layer++) {
        if (spec->layer[layer].kind != LAYER_CONV) continue;
        for (size_t i = 0; i < n_utterance; i++) {
            double here = calibration->finding[i].largest[layer];
            if (!isfinite(here))
                return fail(failure, EXIT_INPUT,
                            "layer %zu: an output is not finite on the calibration corpus; check "
                            "the weights", layer + 1);
            if (here > largest[layer]) largest[layer] = here;
        }
        if (largest[layer] == 0)
            return fail(failure, EXIT_INPUT,
                        "layer %zu: no output is above 0 on the calibration corpus; check the "
                        "weights, or give more speech", layer + 1);
    }
    return true;
}

static void find_steps(const struct calibration *calibration, size_t n_utterance, double *step)
{
    const struct encoder_spec *spec = &calibration->network->spec;
    for (size_t layer = 0; layer < spec->n_layer; layer++) {
        double error[CALIBRATION_CANDIDATES] = {0};
        if (spec->layer[layer].kind != LAYER_CONV) continue;
        for (size_t i = 0; i < n_utterance; i++)
            for (size_t c = 0; c < CALIBRATION_CANDIDATES; c++)
                error[c] += calibration->finding[i].error[layer][c];
        step[layer] = calibration_step(calibration->largest[layer], error);
    }
}

static bool make_room(struct calibration *calibration, size_t n_utterance, size_t n_thread,
                      struct failure *failure)
{
    size_t longest = 0;
    for (size_t i = 0; i < n_utterance; i++)
        if (calibration->utterance[i].n > longest) longest = calibration->utterance[i].n;
    calibration->finding = zeroed(n_utterance, sizeof *calibration->finding, failure);
    calibration->forward = zeroed(n_thread, sizeof *calibration->forward, failure);
    bool good = calibration->finding && calibration->forward;
    for (size_t i = 0; good && i < n_thread; i++)
        good = float_forward_new(&calibration->forward[i], calibration->network, longest, failure);
    return good;
}

bool calibrate(const struct float_network *network,
               const struct calibration_utterance *utterance, size_t n_utterance, size_t n_thread,
               double *step, struct failure *failure)
{
    struct calibration calibration = {.network = network, .utterance = utterance};
    double largest[ENCODER_MOST_LAYERS] = {0};
    bool good = make_room(&calibration, n_utterance, n_thread, failure) &&
                parallel_for(n_utterance, n_thread, run_utterance, &calibration, failure) &&
                find_largest(&calibration, n_utterance, largest, failure);
    calibration.largest = largest;
    good = good && parallel_for(n_utterance, n_thread, run_utterance, &calibration, failure);
    if (good) find_steps(&calibration, n_utterance, step);
    for (size_t i = 0; calibration.forward && i < n_thread; i++)
        float_forward_free(calibration.forward[i]);
    free(calibration.forward);
    free(calibration.finding);
    return good;
}
