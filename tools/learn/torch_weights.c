/* SPDX-License-Identifier: MIT */
#include "tools/learn/torch_weights.h"

#include "tools/base/growing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double NORM_EPS = 1e-5;

/* The tensors of one layer while they are read. */
struct source {
    const struct safetensors *file;
    const char *path;
    size_t layer; /* from 0, as in the names */
    const struct layer_spec *spec;
    struct failure *failure;
};

/* Variances that are below 0, and deviations that are not above it, have no use. */
static bool check_signs(const struct tensor *tensor, const char *path, struct failure *failure)
{
    bool is_variance = strstr(tensor->name, "norm.running_var") != NULL;
    bool is_deviation = strcmp(tensor->name, "std") == 0;
    if (!is_variance && !is_deviation) return true;
    for (uint64_t i = 0; i < tensor->n; i++) {
        double x = tensor_value(tensor, i);
        if (x < 0 || (is_deviation && (float)x == 0))
            return fail(failure, EXIT_INPUT, "%s: tensor '%s': element %llu is %s", path,
                        tensor->name, (unsigned long long)i,
                        is_variance ? "below 0" : "not above 0");
    }
    return true;
}

static bool check_tensor(const struct tensor *tensor, const char *path, const uint64_t *shape,
                         size_t n_axis, const char *advice, struct failure *failure)
{
    char has[192], wanted[192];
    if (tensor->n_axis != n_axis ||
        memcmp(tensor->shape, shape, n_axis * sizeof *shape) != 0)
        return fail(failure, EXIT_INPUT, "%s: tensor '%s' is %s; expected %s%s%s", path,
                    tensor->name, tensor_shape_text(tensor->shape, tensor->n_axis, has, sizeof has),
                    tensor_shape_text(shape, n_axis, wanted, sizeof wanted), advice ? "; " : "",
                    advice ? advice : "");
    if (tensor->type == TENSOR_OTHER)
        return fail(failure, EXIT_INPUT,
                    "%s: tensor '%s' is not of F16, BF16, F32 or F64; save it as floats", path,
                    tensor->name);
    for (uint64_t i = 0; i < tensor->n; i++)
        if (!isfinite((float)tensor_value(tensor, i)))
            return fail(failure, EXIT_INPUT,
                        "%s: tensor '%s': element %llu is not finite in float32", path,
                        tensor->name, (unsigned long long)i);
    return check_signs(tensor, path, failure);
}

bool torch_weights_array(const struct safetensors *file, const char *path, const char *name,
                         const uint64_t *shape, size_t n_axis, const char *advice, float **x,
                         struct failure *failure)
{
    const struct tensor *tensor = safetensors_find(file, name);
    *x = NULL;
    if (!tensor) return true;
    if (!check_tensor(tensor, path, shape, n_axis, advice, failure)) return false;
    *x = zeroed((size_t)tensor->n, sizeof **x, failure);
    for (uint64_t i = 0; *x && i < tensor->n; i++) (*x)[i] = (float)tensor_value(tensor, i);
    return *x != NULL;
}

/* A tensor of the layer; *tensor = NULL: there is none, and it need not be there. */
static bool find(const struct source *source, const char *suffix, bool is_needed,
                 const uint64_t *shape, size_t n_axis, const struct tensor **tensor)
{
    char name[64];
    snprintf(name, sizeof name, "layers.%zu.%s", source->layer, suffix);
    *tensor = safetensors_find(source->file, name);
    if (!*tensor && is_needed)
        return fail(source->failure, EXIT_INPUT, "%s: there is no tensor '%s'; see voq-convert(1)",
                    source->path, name);
    return !*tensor || check_tensor(*tensor, source->path, shape, n_axis, NULL, source->failure);
}

/* out[n] in the order of the tensor; zeros where there is none. */
static void copy(float *out, const struct tensor *tensor)
{
    for (uint64_t i = 0; tensor && i < tensor->n; i++) out[i] = (float)tensor_value(tensor, i);
}

struct norm {
    const struct tensor *weight, *bias, *mean, *variance;
};

static bool find_norm(const struct source *source, struct norm *norm)
{
    const uint64_t shape[] = {source->spec->out_dim};
    if (!find(source, "norm.running_var", false, shape, 1, &norm->variance)) return false;
    bool is_there = norm->variance != NULL;
    if (!find(source, "norm.weight", is_there, shape, 1, &norm->weight) ||
        !find(source, "norm.bias", is_there, shape, 1, &norm->bias) ||
        !find(source, "norm.running_mean", is_there, shape, 1, &norm->mean))
        return false;
    if (!is_there && (norm->weight || norm->bias || norm->mean))
        return find(source, "norm.running_var", true, shape, 1, &norm->variance);
    return true;
}

static bool fold(const struct source *source, struct float_layer *layer, const struct norm *norm)
{
    size_t n = (size_t)source->spec->taps * source->spec->in_dim;
    for (size_t r = 0; norm->variance && r < source->spec->out_dim; r++) {
        double scale = tensor_value(norm->weight, r) /
                       sqrt(tensor_value(norm->variance, r) + NORM_EPS);
        double bias = ((double)layer->bias[r] - tensor_value(norm->mean, r)) * scale +
                      tensor_value(norm->bias, r);
        bool is_finite = isfinite((float)bias);
        layer->bias[r] = (float)bias;
        for (size_t k = 0; k < n; k++) {
            float *w = &layer->weight[r * n + k];
            *w = (float)((double)*w * scale);
            is_finite = is_finite && isfinite(*w);
        }
        if (!is_finite)
            return fail(source->failure, EXIT_INPUT,
                        "%s: layers.%zu: row %zu overflows with its batch norm", source->path,
                        source->layer, r);
    }
    return true;
}

static bool read_step(const struct source *source, double *step)
{
    const struct tensor *tensor;
    const uint64_t shape[] = {1};
    char name[64];
    snprintf(name, sizeof name, "layers.%zu.step", source->layer);
    tensor = safetensors_find(source->file, name);
    if (!tensor) return true;
    if (!check_tensor(tensor, source->path, shape, tensor->n_axis > 0, NULL, source->failure))
        return false;
    *step = tensor_value(tensor, 0);
    return *step > 0 || fail(source->failure, EXIT_INPUT, "%s: tensor '%s' is not above 0",
                             source->path, name);
}

static bool read_conv(const struct source *source, struct float_layer *layer, double *step)
{
    const struct layer_spec *spec = source->spec;
    const uint64_t shape[] = {spec->out_dim, spec->in_dim, spec->taps};
    const struct tensor *weight, *bias;
    struct norm norm;
    if (!find(source, "weight", true, shape, 3, &weight) ||
        !find(source, "bias", false, shape, 1, &bias) || !find_norm(source, &norm))
        return false;
    for (size_t r = 0, i = 0; r < spec->out_dim; r++)
        for (size_t c = 0; c < spec->in_dim; c++)
            for (size_t j = 0; j < spec->taps; j++, i++)
                layer->weight[(r * spec->taps + j) * spec->in_dim + c] =
                    (float)tensor_value(weight, i);
    copy(layer->bias, bias);
    return fold(source, layer, &norm) && read_step(source, step);
}

/* The biases of r and z are added up; n's are apart, because r multiplies one of them. */
static bool read_gru(const struct source *source, struct float_layer *layer)
{
    const struct layer_spec *spec = source->spec;
    const uint64_t rows = 3 * (uint64_t)spec->out_dim;
    const uint64_t input[] = {rows, spec->in_dim}, state[] = {rows, spec->out_dim};
    const struct tensor *w, *u, *b, *c;
    if (!find(source, "weight_ih_l0", true, input, 2, &w) ||
        !find(source, "weight_hh_l0", true, state, 2, &u) ||
        !find(source, "bias_ih_l0", false, input, 1, &b) ||
        !find(source, "bias_hh_l0", b != NULL, input, 1, &c) ||
        (c && !find(source, "bias_ih_l0", true, input, 1, &b)))
        return false;
    copy(layer->weight, w);
    copy(layer->state_weight, u);
    copy(layer->bias, b);
    copy(layer->state_bias, c);
    for (size_t r = 0; r < 2 * (size_t)spec->out_dim; r++) {
        layer->bias[r] = (float)((double)layer->bias[r] + (double)layer->state_bias[r]);
        layer->state_bias[r] = 0;
    }
    return true;
}

static bool read_latent(const struct source *source, struct float_layer *layer)
{
    const uint64_t shape[] = {source->spec->out_dim, source->spec->in_dim};
    const struct tensor *weight, *bias;
    if (!find(source, "weight", true, shape, 2, &weight) ||
        !find(source, "bias", false, shape, 1, &bias))
        return false;
    copy(layer->weight, weight);
    copy(layer->bias, bias);
    return true;
}

/* A second layer of a GRU, a second direction or a layer that the description lacks would otherwise
   be left out without a word. */
static bool is_read(const struct encoder_spec *spec, const char *name)
{
    static const char *const suffix[][12] = {
        [LAYER_CONV] = {"weight", "bias", "step", "norm.weight", "norm.bias", "norm.running_mean",
                        "norm.running_var", "norm.num_batches_tracked"},
        [LAYER_GRU] = {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"},
        [LAYER_LATENT] = {"weight", "bias"}};
    char expected[64];
    for (size_t i = 0; i < spec->n_layer; i++) {
        for (size_t s = 0; suffix[spec->layer[i].kind][s]; s++) {
            snprintf(expected, sizeof expected, "layers.%zu.%s", i, suffix[spec->layer[i].kind][s]);
            if (strcmp(name, expected) == 0) return true;
        }
    }
    return false;
}

static bool check_names(const struct encoder_spec *spec, const struct safetensors *file,
                        const char *path, struct failure *failure)
{
    for (size_t i = 0; i < file->n_tensor; i++) {
        const char *name = file->tensor[i].name;
        if (strncmp(name, "layers.", 7) != 0 || is_read(spec, name)) continue;
        return fail(failure, EXIT_INPUT,
                    "%s: tensor '%.80s' belongs to no layer of --encoder; see voq-convert(1)", path,
                    name);
    }
    return true;
}

bool torch_weights_read(struct float_network *network, const struct encoder_spec *spec,
                        const struct safetensors *file, const char *path, double *step,
                        struct failure *failure)
{
    bool good = float_network_new(network, spec, failure);
    for (size_t i = 0; good && i < spec->n_layer; i++) {
        const struct source source = {file, path, i, &spec->layer[i], failure};
        struct float_layer *layer = &network->layer[i];
        step[i] = 0;
        good = spec->layer[i].kind == LAYER_CONV  ? read_conv(&source, layer, &step[i])
               : spec->layer[i].kind == LAYER_GRU ? read_gru(&source, layer)
                                                  : read_latent(&source, layer);
    }
    good = good && check_names(spec, file, path, failure);
    if (!good) float_network_free(network);
    return good;
}
