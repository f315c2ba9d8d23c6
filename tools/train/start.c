/* SPDX-License-Identifier: MIT */
#include "tools/train/start.h"

#include "src/model/sha256.h"
#include "tools/base/number.h"
#include "tools/formats/codebook_file.h"

#include <stdlib.h>
#include <string.h>

static void say_note(void *context, const char *text)
{
    messages_note(context, "%s", text);
}

static bool read_codewords(struct start *start, const char *path, struct messages *messages,
                           struct failure *failure)
{
    struct format_notes notes = {.say = say_note, .context = messages};
    struct codebook_file file;
    struct sha256 sha;
    unsigned char digest[32];
    if (!codebook_file_read(&file, path, 0, false, &notes, failure)) return false;
    if (file.n_codebook > 1) {
        fail(failure, EXIT_USAGE,
             "%s: has %u codebooks, but training continues from one; extract it by voq convert "
             "--codebook N", path, file.n_codebook);
        codebook_file_free(&file);
        return false;
    }
    size_t size = sizeof *file.codeword * file.n_code * file.dim;
    start->codeword = malloc(size);
    if (start->codeword) {
        memcpy(start->codeword, file.codeword, size);
        start->n_code = file.n_code;
        start->dim = file.dim;
        voq_sha256_begin(&sha);
        voq_sha256_add(&sha, file.codeword, size);
        voq_sha256_end(&sha, digest);
        format_hex(start->hash, digest, 8);
    }
    codebook_file_free(&file);
    return start->codeword || fail_memory(failure);
}

bool start_open(struct start *start, const char *path, struct messages *messages,
                struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    voq_info info = {.struct_size = sizeof info};
    *start = (struct start){.parts = {.struct_size = sizeof start->parts}};
    if (codebook_file_is(path)) return read_codewords(start, path, messages, failure);
    voq_status status = voq_model_open(path, NULL, &start->model, &error);
    if (status == VOQ_ERROR_IO) return fail(failure, EXIT_USAGE, "%s", error.text); /* names it */
    if (status != VOQ_OK) return fail(failure, EXIT_USAGE, "%s: %s", path, error.text);
    if (voq_model_describe(start->model, &info) || info.n_codebook != 1 ||
        voq_model_parts(start->model, &start->parts))
        return fail(failure, EXIT_USAGE,
                    "%s: is not a model with one codebook; extract one by voq convert --codebook "
                    "N", path);
    if (start->parts.encoder)
        return fail(failure, EXIT_USAGE,
                    "%s: has a learned encoder, which this training would leave out; train on its "
                    "features, which voq encode --features writes", path);
    size_t size = sizeof *start->codeword * info.n_code * info.dim;
    start->codeword = malloc(size);
    if (!start->codeword) return fail_memory(failure);
    memcpy(start->codeword, start->parts.codeword, size);
    memcpy(start->hash, info.hash, sizeof start->hash);
    start->n_code = info.n_code;
    start->dim = info.dim;
    return true;
}

void start_close(struct start *start)
{
    voq_model_close(start->model);
    free(start->codeword);
    *start = (struct start){0};
}
