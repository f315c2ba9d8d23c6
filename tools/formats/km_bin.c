/* SPDX-License-Identifier: MIT */
#include "tools/formats/km_bin.h"

#include "tools/formats/pickle.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Element [row][column] of a float array as float32; false where it is not finite. */
static bool get_value(const struct pickle_array *array, const unsigned char *bytes, size_t row,
                      size_t column, float *value)
{
    size_t index = array->fortran ? column * (size_t)array->shape[0] + row
                                  : row * (size_t)array->shape[1] + column;
    const unsigned char *at = bytes + array->offset + index * array->size;
    uint64_t bits = 0;
    for (unsigned i = 0; i < array->size; i++)
        bits = bits << 8 | at[array->big_endian ? i : array->size - 1 - i];
    if (array->size == 8) {
        double wide;
        memcpy(&wide, &bits, sizeof wide);
        *value = (float)wide;
    } else {
        uint32_t narrow = (uint32_t)bits;
        memcpy(value, &narrow, sizeof narrow);
    }
    return isfinite(*value);
}

static bool take_centres(struct codebook_file *codebook, const struct pickle_array *array,
                         const unsigned char *bytes, const char *path, struct failure *failure)
{
    size_t n = (size_t)array->shape[0], dim = (size_t)array->shape[1];
    codebook->codeword = malloc(n * dim * sizeof *codebook->codeword);
    if (!codebook->codeword) return fail_memory(failure);
    codebook->n_code = (uint32_t)n;
    codebook->n_codebook = 1;
    codebook->dim = (uint32_t)dim;
    codebook->from_double = array->size == 8;
    for (size_t i = 0; i < n * dim; i++)
        if (!get_value(array, bytes, i / dim, i % dim, &codebook->codeword[i]))
            return fail(failure, EXIT_INPUT,
                        "%s: byte %llu: a centre that is not finite in float32: code %zu dim %zu",
                        path, (unsigned long long)array->offset, i / dim, i % dim);
    return true;
}

static bool check_count(const struct pickle_node *node, uint64_t expected)
{
    return node->type == PICKLE_NOTHING ||
           (node->type == PICKLE_INT && node->integer >= 0 && (uint64_t)node->integer == expected);
}

/* The version becomes part of a model's provenance, so it ends before any unexpected character. */
static int version_length(const char *text, size_t length)
{
    int n = 0;
    while (n < 32 && (size_t)n < length && text[n] > ' ' && text[n] <= '~') n++;
    return n;
}

static bool take_model(struct codebook_file *codebook, const struct pickle *pickle,
                       const unsigned char *bytes, const char *path, struct failure *failure)
{
    const struct pickle_node *model = &pickle->node[pickle->top];
    if (model->type != PICKLE_OBJECT || model->state == 0)
        return fail(failure, EXIT_INPUT,
                    "%s: byte 0: is not a k-means model of scikit-learn", path);
    const struct pickle_node *state = &pickle->node[model->state];
    const struct pickle_node *centres = pickle_get(pickle, state, "cluster_centers_");
    const struct pickle_array *array = centres->type == PICKLE_ARRAY ? centres->array : NULL;
    if (!array || array->n_dim != 2 || array->kind != 'f' || array->size < 4)
        return fail(failure, EXIT_INPUT,
                    "%s: byte 0: no cluster_centers_ of float32 or float64; was it fitted?", path);
    if (array->shape[0] == 0 || array->shape[1] == 0 || array->shape[0] > INT32_MAX ||
        array->shape[1] > INT32_MAX)
        return fail(failure, EXIT_INPUT, "%s: byte %llu: empty cluster_centers_", path,
                    (unsigned long long)array->offset);
    if (!check_count(pickle_get(pickle, state, "n_clusters"), array->shape[0]) ||
        !check_count(pickle_get(pickle, state, "n_features_in_"), array->shape[1]))
        return fail(failure, EXIT_INPUT,
                    "%s: byte %llu: cluster_centers_ has another shape than n_clusters and "
                    "n_features_in_ say", path, (unsigned long long)array->offset);
    const struct pickle_node *version = pickle_get(pickle, state, "_sklearn_version");
    if (version->type == PICKLE_TEXT)
        snprintf(codebook->tool, sizeof codebook->tool, "scikit-learn %.*s",
                 version_length(version->text, version->length), version->text);
    return take_centres(codebook, array, bytes, path, failure);
}

bool km_bin_parse(struct codebook_file *codebook, const unsigned char *bytes, size_t n_byte,
                  const char *path, struct failure *failure)
{
    struct pickle pickle;
    *codebook = (struct codebook_file){0};
    bool ok = pickle_parse(&pickle, bytes, n_byte, path, failure) &&
              take_model(codebook, &pickle, bytes, path, failure);
    pickle_free(&pickle);
    if (!ok) codebook_file_free(codebook);
    return ok;
}

enum { PICKLE_FIRST = 0x80, LOOK_AT = 4096 };

bool km_bin_read(struct codebook_file *codebook, const char *path, struct failure *failure)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        if (file) fclose(file);
        return fail(failure, EXIT_INPUT, "%s: cannot be opened: %s", path, strerror(errno));
    }
    long size = ftell(file);
    rewind(file);
    int first = fgetc(file);
    rewind(file);
    if (first != PICKLE_FIRST && size > LOOK_AT) size = LOOK_AT; /* enough to identify it */
    unsigned char *bytes = size >= 0 ? malloc((size_t)size + 1) : NULL;
    size_t n_byte = bytes ? fread(bytes, 1, (size_t)size, file) : 0;
    fclose(file);
    bool ok = bytes ? km_bin_parse(codebook, bytes, n_byte, path, failure) : fail_memory(failure);
    free(bytes);
    return ok;
}
