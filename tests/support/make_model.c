/* SPDX-License-Identifier: MIT */
/* make_model OUT.voq [K [CODEBOOKS]] : a small model for the tests of the command, the same bytes
   every time: HuBERT's features on the models' grid, a running mean, codewords by a generator.
   make_model OUT.voq vectors DIM K: a model of vectors. */
#include "voq.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIM = 39, MOST = 4096 };

static uint64_t state = 88172645463325252u;

/* About normal, from four uniform numbers of a xorshift generator. */
static float draw(void)
{
    float sum = 0;
    for (int i = 0; i < 4; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        sum += (float)(state >> 40) / 16777216.0f - 0.5f;
    }
    return sum * 1.7f;
}

static int finish(const voq_parts *parts, const char *path)
{
    voq_model *model = NULL;
    voq_error error = {.struct_size = sizeof error};
    voq_status status = voq_model_make(parts, NULL, &model, &error);
    if (status == VOQ_OK) status = voq_model_write(model, path, &error);
    voq_model_close(model);
    if (status == VOQ_OK) return 0;
    fprintf(stderr, "make_model: %s\n", error.text);
    return 1;
}

int main(int argc, char **argv)
{
    static float codeword[MOST * DIM], mean[DIM];
    if (argc < 2) return 2;
    voq_parts parts = {.struct_size = sizeof parts, .codeword = codeword, .n_codebook = 1,
                       .n_code = 20, .dim = DIM, .name = "tiny",
                       .provenance = "corpus=none\nseed=1\n"};
    voq_frontend frontend = {.struct_size = sizeof frontend};
    if (voq_frontend_profile("hubert", &frontend) != VOQ_OK) return 1;
    frontend.grid = VOQ_GRID_MIRROR;
    const voq_normalise normalise = {.struct_size = sizeof normalise,
                                     .kind = VOQ_NORMALISE_RUNNING_MEAN,
                                     .dim = DIM, .n0 = 100, .n_max = 300, .mean = mean};
    bool vectors = argc == 5 && strcmp(argv[2], "vectors") == 0;
    if (vectors) {
        parts.dim = (uint32_t)atoi(argv[3]);
        parts.n_code = (uint32_t)atoi(argv[4]);
    } else {
        parts.frontend = &frontend;
        parts.normalise = &normalise;
        if (argc > 2) parts.n_code = (uint32_t)atoi(argv[2]);
        if (argc > 3) parts.n_codebook = (uint32_t)atoi(argv[3]);
    }
    if ((size_t)parts.n_code * parts.n_codebook * parts.dim > MOST * DIM) return 2;
    for (size_t i = 0; i < (size_t)parts.n_code * parts.n_codebook * parts.dim; i++)
        codeword[i] = draw() * (i % parts.dim % 13 == 0 ? 20.0f : 8.0f);
    return finish(&parts, argv[1]);
}
