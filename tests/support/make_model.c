/* SPDX-License-Identifier: MIT */
/* Writes small models for the tests of the command, always with the same bytes.
   make_model OUT.voq [K [CODEBOOKS]]: HuBERT's features on the grid of models, a running mean,
   random codewords.
   make_model OUT.voq vectors DIM K: a model of vectors.
   make_model OUT.voq chain | chain-frontend | chain-vectors: a model that normalises and stacks;
   only its front end; only the rest, as a model of vectors.
   make_model OUT.voq encoder | encoder-10ms | encoder-vectors: a model with a learned encoder of
   stride 2 and labels; with stride 1; without a front end.
   make_model OUT.voq whole: librosa's features with top_db and utterance mean, which need the whole
   signal. */
#include "tests/support/networks.h"

#include "voq.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIM = 39, MOST = 4096 };

static uint64_t state = 88172645463325252u;

/* Roughly normal, from four uniform numbers of a xorshift generator. */
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

static voq_frontend frontend_of(const char *profile, uint32_t grid)
{
    voq_frontend frontend = {.struct_size = sizeof frontend};
    if (voq_frontend_profile(profile, &frontend) != VOQ_OK) exit(1);
    frontend.grid = grid;
    return frontend;
}

static void fill(float *x, size_t n, float scale)
{
    for (size_t i = 0; i < n; i++) x[i] = scale * draw();
}

static int make_chain(const char *path, const char *kind)
{
    enum { OUT = 12, K = 20 };
    static float codeword[K * OUT], mean[DIM], matrix[OUT * 3 * DIM];
    fill(codeword, K * OUT, 30.0f);
    fill(mean, DIM, 5.0f);
    fill(matrix, OUT * 3 * DIM, 0.5f);
    const voq_frontend frontend = frontend_of("hubert", VOQ_GRID_MIRROR);
    const voq_normalise normalise = {.struct_size = sizeof normalise,
                                     .kind = VOQ_NORMALISE_RUNNING_MEAN,
                                     .dim = DIM, .n0 = 10, .n_max = 30, .mean = mean};
    const voq_transform transform = {.struct_size = sizeof transform, .stack_left = 1,
                                     .stack_right = 1, .in_dim = DIM, .out_dim = OUT,
                                     .matrix = matrix};
    voq_parts parts = {.struct_size = sizeof parts, .name = kind};
    if (strcmp(kind, "chain-vectors") != 0) parts.frontend = &frontend;
    if (strcmp(kind, "chain-frontend") == 0) return finish(&parts, path);
    parts.normalise = &normalise;
    parts.transform = &transform;
    parts.codeword = codeword;
    parts.n_codebook = 1;
    parts.n_code = K;
    parts.dim = OUT;
    return finish(&parts, path);
}

/* HuBERT's 13 cepstra without deltas, then the encoder. */
static int make_encoder(const char *path, const char *kind)
{
    enum { IN = 13, OUT = 6, K = 30 };
    static float codeword[K * OUT], mean[IN], probability[K];
    static const char *label[K];
    struct network network;
    fill(codeword, K * OUT, 0.4f);
    fill(mean, IN, 5.0f);
    for (size_t i = 0; i < K; i++) {
        label[i] = i % 3 ? "AH" : i % 2 ? "sil" : "";
        probability[i] = (float)i / 32.0f;
    }
    voq_frontend frontend = frontend_of("hubert", VOQ_GRID_MIRROR);
    frontend.n_delta = 0;
    const voq_normalise normalise = {.struct_size = sizeof normalise,
                                     .kind = VOQ_NORMALISE_RUNNING_VARIANCE, .dim = IN, .n0 = 10,
                                     .n_max = 100, .floor = 1.0f, .mean = mean,
                                     .variance = probability + K - IN};
    bool has_audio = strcmp(kind, "encoder-vectors") != 0;
    network_of_small_size(&network, IN);
    if (strcmp(kind, "encoder-10ms") == 0) network.layer[1].stride = 1;
    const voq_parts parts = {.struct_size = sizeof parts, .frontend = has_audio ? &frontend : NULL,
                             .normalise = &normalise, .encoder = &network.encoder,
                             .codeword = codeword, .n_codebook = 1, .n_code = K, .dim = OUT,
                             .name = "encoder", .label = label, .label_probability = probability};
    int status = finish(&parts, path);
    network_free(&network);
    return status;
}

static int make_whole(const char *path)
{
    enum { WHOLE_DIM = 20, K = 30 };
    static float codeword[K * WHOLE_DIM], mean[WHOLE_DIM];
    fill(codeword, K * WHOLE_DIM, 10.0f);
    voq_frontend frontend = frontend_of("librosa", VOQ_GRID_ZERO);
    frontend.top_db = 20.0f;
    const voq_normalise normalise = {.struct_size = sizeof normalise,
                                     .kind = VOQ_NORMALISE_UTTERANCE_MEAN,
                                     .dim = WHOLE_DIM, .n_max = 1, .mean = mean};
    const voq_parts parts = {.struct_size = sizeof parts, .frontend = &frontend,
                             .normalise = &normalise, .codeword = codeword, .n_codebook = 1,
                             .n_code = K, .dim = WHOLE_DIM, .name = "whole"};
    return finish(&parts, path);
}

int main(int argc, char **argv)
{
    static float codeword[MOST * DIM], mean[DIM];
    if (argc < 2) return 2;
    if (argc == 3 && strncmp(argv[2], "chain", 5) == 0) return make_chain(argv[1], argv[2]);
    if (argc == 3 && strncmp(argv[2], "encoder", 7) == 0)
        return make_encoder(argv[1], argv[2]);
    if (argc == 3 && strcmp(argv[2], "whole") == 0) return make_whole(argv[1]);
    voq_parts parts = {.struct_size = sizeof parts, .codeword = codeword, .n_codebook = 1,
                       .n_code = 20, .dim = DIM, .name = "tiny",
                       .provenance = "corpus=none\nseed=1\n"};
    const voq_frontend frontend = frontend_of("hubert", VOQ_GRID_MIRROR);
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
