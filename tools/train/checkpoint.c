/* SPDX-License-Identifier: MIT */
#include "tools/train/checkpoint.h"

#include "src/model/sha256.h"
#include "tools/base/number.h"
#include "tools/base/output_file.h"
#include "tools/train/provenance.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void checkpoint_identity(const char *provenance, char hex[65])
{
    struct sha256 sha;
    unsigned char digest[32];
    sha256_begin(&sha);
    sha256_add(&sha, provenance, strlen(provenance));
    sha256_end(&sha, digest);
    for (int i = 0; i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

bool checkpoint_write(const char *path, const char identity[65], const float *codeword,
                      uint32_t n_codebook, uint32_t n_code, uint32_t dim,
                      const struct lloyd_state *state, struct failure *failure)
{
    char text[256], distortion[32];
    format_double(distortion, state->distortion);
    snprintf(text, sizeof text, "distortion=%s\niteration=%" PRIu32 "\nrevived=%" PRIu32
             "\ntraining=%s\n", distortion, state->iteration, state->n_revived, identity);
    voq_parts parts = {.struct_size = sizeof parts, .codeword = codeword, .dim = dim,
                       .n_codebook = n_codebook, .n_code = n_code, .name = "checkpoint",
                       .provenance = text};
    voq_error error = {.struct_size = sizeof error};
    voq_model *model;
    struct output_file *file;
    if (voq_model_make(&parts, NULL, &model, &error))
        return fail(failure, EXIT_INTERNAL, "no checkpoint can be made: %s", error.text);
    bool good = output_file_open(&file, path, failure);
    if (good) {
        const void *bytes;
        size_t n;
        voq_model_bytes(model, &bytes, &n);
        fwrite(bytes, 1, n, output_file_stream(file));
        good = output_file_commit(file, failure);
    }
    voq_model_close(model);
    return good;
}

static bool read_state(const char *text, struct lloyd_state *state)
{
    char value[32];
    return provenance_value(text, "distortion", value, sizeof value) &&
           parse_double(value, &state->distortion) &&
           provenance_value(text, "iteration", value, sizeof value) &&
           parse_u32(value, &state->iteration) &&
           provenance_value(text, "revived", value, sizeof value) &&
           parse_u32(value, &state->n_revived);
}

bool checkpoint_read(const char *path, const char identity[65], float *codeword,
                     uint32_t *n_codebook, uint32_t n_code, uint32_t dim,
                     struct lloyd_state *state, struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    voq_parts parts = {.struct_size = sizeof parts};
    voq_model *model;
    char training[65] = "";
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        *n_codebook = 0;
        return true;
    }
    if (voq_model_open(path, NULL, &model, &error))
        return fail(failure, EXIT_USAGE, "%s: no checkpoint: %s; remove it to start again", path,
                    error.text);
    bool good = voq_model_parts(model, &parts) == VOQ_OK &&
                provenance_value(parts.provenance, "training", training, sizeof training) &&
                read_state(parts.provenance, state);
    if (!good)
        fail(failure, EXIT_USAGE, "%s: a model, not a checkpoint; choose another file", path);
    else if (strcmp(training, identity) != 0 || parts.n_codebook > *n_codebook ||
             parts.n_code != n_code || parts.dim != dim)
        good = fail(failure, EXIT_USAGE, "%s: the checkpoint of other options or another corpus; "
                    "give what it was made with, or remove it", path);
    if (good) {
        *n_codebook = parts.n_codebook;
        memcpy(codeword, parts.codeword,
               sizeof *codeword * parts.n_codebook * parts.n_code * parts.dim);
    }
    voq_model_close(model);
    return good;
}
