/* SPDX-License-Identifier: MIT */
#include "tools/learn/weights_file.h"

#include "tools/base/growing.h"
#include "tools/base/output_file.h"
#include "tools/learn/safetensors.h"
#include "tools/learn/torch_weights.h"
#include "tools/learn/weights_visit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Writes the header in a first round, the values in a second. */
struct writing {
    FILE *header, *values; /* one of them, or NULL */
    uint64_t at;           /* bytes of the values so far */
};

static bool write_tensor(void *context, const char *name, const uint64_t *shape, size_t n_axis,
                         float *value, struct failure *failure)
{
    struct writing *writing = context;
    uint64_t n = 1;
    (void)failure;
    for (size_t i = 0; i < n_axis; i++) n *= shape[i];
    if (writing->values) fwrite(value, sizeof *value, (size_t)n, writing->values);
    if (!writing->header) return true;
    fprintf(writing->header, "%s\"%s\":{\"dtype\":\"F32\",\"shape\":[", writing->at ? "," : "",
            name);
    for (size_t i = 0; i < n_axis; i++)
        fprintf(writing->header, "%s%" PRIu64, i ? "," : "", shape[i]);
    fprintf(writing->header, "],\"data_offsets\":[%" PRIu64 ",%" PRIu64 "]}", writing->at,
            writing->at + n * sizeof *value);
    writing->at += n * sizeof *value;
    return true;
}

static const char *prefix_of(size_t i, char text[WEIGHT_NAME])
{
    if (i == LEARNER_ENCODER) return "layers";
    if (i == LEARNER_DECODER) return "decoder";
    snprintf(text, WEIGHT_NAME, "heads.%zu", i - LEARNER_FIRST_HEAD);
    return text;
}

static bool write_all(struct writing *writing, struct learner *learner,
                      const struct learn_data *data, float *deviation, struct failure *failure)
{
    const struct quantizer_options *quantizer = &learner->options.quantizer;
    const uint64_t shape[] = {quantizer->n_codebook, quantizer->n_code, quantizer->dim};
    const uint64_t dim = data->dim;
    char prefix[WEIGHT_NAME];
    for (size_t i = 0; i < LEARNER_NETWORKS; i++)
        if (learner->learned[i].network &&
            !weights_visit(learner->learned[i].network, prefix_of(i, prefix), write_tensor,
                           writing, failure))
            return false;
    size_t first = quantizer->n_codebook == 1;
    return write_tensor(writing, "codebook", shape + first, 3 - first,
                        learner->quantizer.codeword, failure) &&
           write_tensor(writing, "mean", &dim, 1, data->mean, failure) &&
           write_tensor(writing, "std", &dim, 1, deviation, failure);
}

bool weights_file_write(const char *path, struct learner *learner, const struct learn_data *data,
                        struct failure *failure)
{
    struct output_file *output = NULL;
    char *header = NULL;
    size_t n_header = 0;
    struct writing writing = {.header = open_memstream(&header, &n_header)};
    bool good = writing.header || fail_memory(failure);
    if (writing.header) {
        fputc('{', writing.header);
        good = write_all(&writing, learner, data, data->deviation, failure);
        fputc('}', writing.header);
        if (fclose(writing.header) != 0 && good) good = fail_memory(failure);
    }
    good = good && output_file_open_binary(&output, path, failure);
    if (good) {
        uint64_t padded = (n_header + 7) / 8 * 8;
        writing = (struct writing){.values = output_file_stream(output)};
        fwrite(&padded, sizeof padded, 1, writing.values);
        fprintf(writing.values, "%-*s", (int)padded, header);
        good = write_all(&writing, learner, data, data->deviation, failure);
        if (!good) output_file_abandon(output);
        good = good && output_file_commit(output, failure);
    }
    free(header);
    return good;
}

/* The files of a mean. A tensor that need not be there is the mean of the files that have it. */
struct reading {
    const struct option_texts *path;
    struct safetensors *file; /* [path->n] */
    bool optional;
};

/* What decides the shape of a tensor. */
static const char *advice_of(const struct reading *reading, const char *name)
{
    return !reading->optional                ? "name the same --encoder"
           : strncmp(name, "heads.", 6) == 0 ? "give --labels of the same classes"
           : strstr(name, ".speakers")       ? "give speech of as many speakers"
                                             : "give a corpus of the same kind";
}

static bool read_tensor(void *context, const char *name, const uint64_t *shape, size_t n_axis,
                        float *value, struct failure *failure)
{
    struct reading *reading = context;
    uint64_t n = 1;
    float n_read = 0;
    for (size_t i = 0; i < n_axis; i++) n *= shape[i];
    for (size_t f = 0; f < reading->path->n; f++) {
        const char *path = reading->path->text[f];
        float *x;
        if (!torch_weights_array(&reading->file[f], path, name, shape, n_axis,
                                 advice_of(reading, name), &x, failure))
            return false;
        if (!x && !reading->optional)
            return fail(failure, EXIT_INPUT, "%s: has no tensor %s; name the same --encoder", path,
                        name);
        if (!x) continue;
        float part = 1 / ++n_read;
        for (uint64_t i = 0; i < n; i++)
            value[i] = n_read > 1 ? value[i] + part * (x[i] - value[i]) : x[i];
        free(x);
    }
    return true;
}

static bool open_all(struct reading *reading, const struct option_texts *path,
                     struct failure *failure)
{
    *reading = (struct reading){path, zeroed(path->n, sizeof *reading->file, failure), true};
    bool good = reading->file != NULL;
    for (size_t f = 0; good && f < path->n; f++)
        good = safetensors_read(&reading->file[f], path->text[f], failure);
    return good;
}

static void close_all(struct reading *reading)
{
    for (size_t f = 0; reading->file && f < reading->path->n; f++)
        safetensors_free(&reading->file[f]);
    free(reading->file);
}

bool weights_files_read(const struct option_texts *paths, struct learner *learner,
                        struct failure *failure)
{
    struct reading reading;
    char prefix[WEIGHT_NAME];
    bool good = open_all(&reading, paths, failure);
    for (size_t i = 0; good && i < LEARNER_NETWORKS; i++) {
        reading.optional = i != LEARNER_ENCODER;
        if (learner->learned[i].network)
            good = weights_visit(learner->learned[i].network, prefix_of(i, prefix), read_tensor,
                                 &reading, failure);
    }
    close_all(&reading);
    return good;
}

bool weights_files_statistics(const struct option_texts *paths, uint32_t dim, float *mean,
                              float *deviation, struct failure *failure)
{
    const uint64_t shape = dim;
    struct reading reading;
    bool good = open_all(&reading, paths, failure) &&
                read_tensor(&reading, "mean", &shape, 1, mean, failure) &&
                read_tensor(&reading, "std", &shape, 1, deviation, failure);
    close_all(&reading);
    return good;
}
