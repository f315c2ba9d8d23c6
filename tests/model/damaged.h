/* SPDX-License-Identifier: MIT */
/* A model file with every section, to be damaged, and what reading it says. */
#ifndef VOQ_TESTS_DAMAGED_H
#define VOQ_TESTS_DAMAGED_H

#include "tests/support/check.h"
#include "tests/support/guard.h"
#include "tests/model/labels.h"
#include "tests/model/raw_file.h"
#include "tests/stream/recipes.h"
#include "tests/support/networks.h"

#include <ctype.h>

static unsigned char *file;
static size_t n_file;

static inline void make_file(void)
{
    struct recipe r = with_everything();
    r.frontend.n_cepstrum = 3;
    r.n_code = 3;
    r.n_codebook = 2;
    r.out_dim = 4;
    r.stack_left = r.stack_right = 1;
    struct ingredients in;
    struct network network;
    voq_model *model = NULL;
    const void *bytes;
    ingredients_fill(&in, &r);
    network_of_least_size(&network, in.transform.out_dim);
    in.parts.encoder = &network.encoder;
    in.parts.dim = network.layer[network.encoder.n_layer - 1].out_dim;
    in.parts.label = some_label;
    in.parts.label_probability = some_probability;
    if (voq_model_make(&in.parts, &r.options, &model, NULL) != VOQ_OK) abort();
    ingredients_free(&in);
    network_free(&network);
    voq_model_bytes(model, &bytes, &n_file);
    file = malloc(n_file);
    memcpy(file, bytes, n_file);
    voq_model_close(model);
}

/* Reads bytes that lie against a guard page; an error must be a good sentence about a byte. */
static inline voq_status status_of(const unsigned char *bytes, size_t n, voq_error *error)
{
    struct guarded g = guard_new(n);
    unsigned char *place = guard_place(&g, n, 1, 1);
    voq_model *model = NULL;
    memcpy(place, bytes, n);
    *error = (voq_error){.struct_size = sizeof *error};
    voq_status status = voq_model_read(place, n, NULL, &model, error);
    guard_free(&g);
    if (status == VOQ_OK) {
        voq_model_close(model);
        return status;
    }
    bool told = error->status == status && !isupper((unsigned char)error->text[0]) &&
                strlen(error->text) > 10 && !strchr(error->text, '\n') &&
                strstr(error->text, "; ") && error->offset <= n && model == NULL;
    if (!told)
        printf("# status %d (%d), offset %llu: \"%s\"\n", (int)status, (int)error->status,
               (unsigned long long)error->offset, error->text);
    return told ? status : (voq_status)-1;
}

static inline voq_status status_of_raw(const struct raw_file *raw, voq_error *error)
{
    size_t n;
    unsigned char *bytes = raw_write(raw, &n);
    voq_status status = status_of(bytes, n, error);
    free(bytes);
    return status;
}

static inline bool is_damage(voq_status status)
{
    return status == VOQ_ERROR_CORRUPT || status == VOQ_ERROR_NOT_VOQ ||
           status == VOQ_ERROR_VERSION || status == VOQ_ERROR_LIMIT || status == VOQ_ERROR_VALUE;
}

#endif
