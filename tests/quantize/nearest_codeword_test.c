/* SPDX-License-Identifier: MIT */
/* If this fails, an id is not the nearest codeword as src/quantize/README.md defines it. */
#include "tests/quantize/plain_search.h"

static bool random_case(uint32_t n_codebook, uint32_t n_code, uint32_t dim, size_t n, float offset)
{
    uint64_t seed = n_code * 1000 + dim + n;
    struct vq vq = {n_codebook, n_code, dim, NULL};
    vq.codeword = random_array(&seed, (size_t)n_codebook * n_code * dim, 1.0f);
    float *x = random_array(&seed, n * dim, 1.3f);
    for (size_t i = 0; i < (size_t)n_code * dim; i++) vq.codeword[i] += offset;
    for (size_t i = 0; i < n * dim; i++) x[i] += offset;
    bool same = agrees(&vq, x, n);
    if (!same)
        printf("# %u codebooks, %u codes, %u dimensions, %zu vectors\n", n_codebook, n_code, dim,
               n);
    free(vq.codeword);
    free(x);
    return same;
}

static void every_size_of_codebook_follows_the_definition(void)
{
    static const uint32_t n_code[] = {1, 2, 3, 31, 32, 33, 63, 64, 65, 96, 97, 500};
    for (size_t i = 0; i < sizeof n_code / sizeof *n_code; i++)
        for (size_t n = 1; n <= 9; n++) CHECK(random_case(1, n_code[i], 39, n, 0.0f));
}

static void every_dimension_follows_the_definition(void)
{
    for (uint32_t dim = 1; dim <= 48; dim++) CHECK(random_case(1, 50, dim, 7, 0.0f));
    CHECK(random_case(1, 70, 768, 5, 0.0f));
    CHECK(random_case(1, 3, 2048, 3, 0.0f));
}

static void residual_codebooks_code_what_is_left(void)
{
    for (uint32_t n_codebook = 2; n_codebook <= 8; n_codebook++)
        for (size_t n = 1; n <= 6; n++) CHECK(random_case(n_codebook, 33, 13, n, 0.0f));
    CHECK(random_case(32, 4, 5, 9, 0.0f));
}

static void vectors_far_from_the_origin_are_told_apart(void)
{
    CHECK(random_case(1, 64, 39, 200, 1000.0f));
    CHECK(random_case(2, 64, 39, 200, -3e5f));
    uint64_t seed = 5; /* centring: plain distances in double choose the same code */
    struct vq vq = {1, 64, 20, random_array(&seed, 64 * 20, 1.0f)};
    for (size_t i = 0; i < 64 * 20; i++) vq.codeword[i] += 4096.0f;
    voq_model *model = model_from(&vq, VOQ_CPU_AUTO);
    for (size_t i = 0; i < 500; i++) {
        float x[20];
        double best = INFINITY;
        uint32_t nearest = 0, id;
        for (size_t d = 0; d < 20; d++) x[d] = 4096.0f + 1.2f * random_normal(&seed);
        for (uint32_t k = 0; k < 64; k++) {
            double sum = 0.0;
            for (size_t d = 0; d < 20; d++) {
                double difference = (double)x[d] - (double)vq.codeword[k * 20 + d];
                sum += difference * difference;
            }
            if (sum < best) nearest = k;
            if (sum < best) best = sum;
        }
        CHECK_EQ(voq_quantize(model, x, 1, UNITS(&id, NULL, 1), NULL), VOQ_OK);
        CHECK_EQ(id, nearest);
    }
    voq_model_close(model);
    free(vq.codeword);
}

static void the_lowest_index_wins_among_equals(void)
{
    uint64_t seed = 1;
    struct vq vq = {1, 500, 7, random_array(&seed, 500 * 7, 1.0f)};
    for (size_t k = 250; k < 500; k++) memcpy(vq.codeword + k * 7, vq.codeword + (499 - k) * 7, 28);
    CHECK(agrees(&vq, vq.codeword, 500));
    voq_model *model = model_from(&vq, VOQ_CPU_AUTO);
    for (uint32_t k = 0; k < 500; k++) {
        uint32_t id;
        float distance;
        CHECK_EQ(voq_quantize(model, vq.codeword + k * 7, 1, UNITS(&id, &distance, 1), NULL),
                 VOQ_OK);
        CHECK_EQ(id, k < 250 ? k : 499 - k);
        CHECK(distance == 0.0f);
    }
    voq_model_close(model);
    for (size_t i = 0; i < 500 * 7; i++) vq.codeword[i] = 0.3f; /* all equal */
    CHECK(agrees(&vq, vq.codeword, 9));
    free(vq.codeword);
}

static void nothing_to_quantize_is_fine(void)
{
    float codeword[2] = {0.0f, 1.0f};
    struct vq vq = {1, 2, 1, codeword};
    voq_model *model = model_from(&vq, VOQ_CPU_AUTO);
    CHECK_EQ(voq_quantize(model, NULL, 0, NULL, NULL), VOQ_OK);
    CHECK_EQ(voq_decode(model, NULL, 0, NULL), VOQ_OK);
    CHECK_EQ(voq_quantize(model, NULL, 1, NULL, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_quantize(NULL, codeword, 1, NULL, NULL), VOQ_ERROR_ARGUMENT);
    voq_model_close(model);
}

static void an_id_beyond_the_codebook_is_not_decoded(void)
{
    float codeword[12] = {0}, z_q[4] = {7.0f, 7.0f, 7.0f, 7.0f};
    struct vq vq = {2, 3, 2, codeword};
    voq_model *model = model_from(&vq, VOQ_CPU_AUTO);
    uint32_t good[4] = {0, 2, 2, 0}, bad[4] = {0, 2, 2, 3}, huge[4] = {UINT32_MAX, 0, 0, 0};
    CHECK_EQ(voq_decode(model, bad, 2, z_q), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_decode(model, huge, 2, z_q), VOQ_ERROR_ARGUMENT);
    CHECK(z_q[0] == 7.0f && z_q[3] == 7.0f);
    CHECK_EQ(voq_decode(model, good, 2, z_q), VOQ_OK);
    CHECK(z_q[3] == 0.0f);
    voq_model_close(model);
}

/* A bad vector among good ones, at every place of the search's blocks. */
static void a_bad_vector_is_named_by_frame_and_dimension(void)
{
    enum { N = 11, DIM = 5 };
    uint64_t seed = 2;
    struct vq vq = {2, 40, DIM, random_array(&seed, 2 * 40 * DIM, 1.0f)};
    static const float bad[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f};
    for (size_t c = 0; c < N_CPU; c++) {
        voq_model *model = model_from(&vq, cpus[c]);
        for (size_t frame = 0; model && frame < N; frame++)
            for (size_t k = 0; k < 5; k++) {
                size_t dimension = (frame + k) % DIM;
                float *x = random_array(&seed, N * DIM, 1.0f), z_q[N * DIM];
                uint32_t id[N * 2], expected_id[N * 2];
                char where[60];
                voq_error error = {.struct_size = sizeof error};
                for (size_t i = 0; i < N * 2; i++) id[i] = expected_id[i] = 12345;
                CHECK_EQ(voq_quantize(model, x, frame, CODES(expected_id, NULL, z_q, frame), NULL),
                         VOQ_OK);
                x[frame * DIM + dimension] = bad[k];
                CHECK_EQ(voq_quantize(model, x, N, CODES(id, NULL, z_q, N), &error),
                         VOQ_ERROR_VALUE);
                CHECK_EQ(error.status, VOQ_ERROR_VALUE);
                CHECK(error.offset == VOQ_NO_OFFSET);
                snprintf(where, sizeof where, "frame %zu, dimension %zu ", frame, dimension);
                if (!strstr(error.text, where))
                    printf("# \"%s\" says not \"%s\"\n", error.text, where);
                CHECK(strstr(error.text, where));
                CHECK_BITS(id, expected_id, frame * 2); /* what was before stays */
                free(x);
            }
        voq_model_close(model);
    }
    free(vq.codeword);
}

static void codewords_at_the_edge_of_float_give_an_id_or_an_error(void)
{
    float codeword[8] = {3e38f, -3e38f, 1e-40f, 0.0f, -3e38f, 3e38f, FLT_MAX, FLT_MIN};
    struct vq vq = {1, 4, 2, codeword};
    voq_model *model = model_from(&vq, VOQ_CPU_AUTO);
    for (size_t k = 0; k < 4; k++) {
        uint32_t id = 99;
        voq_status status = voq_quantize(model, codeword + 2 * k, 1, UNITS(&id, NULL, 1), NULL);
        CHECK(status == VOQ_OK ? id < 4 : status == VOQ_ERROR_VALUE && id == 99);
    }
    voq_model_close(model);
}

int main(void)
{
    RUN(every_size_of_codebook_follows_the_definition);
    RUN(every_dimension_follows_the_definition);
    RUN(residual_codebooks_code_what_is_left);
    RUN(vectors_far_from_the_origin_are_told_apart);
    RUN(the_lowest_index_wins_among_equals);
    RUN(nothing_to_quantize_is_fine);
    RUN(an_id_beyond_the_codebook_is_not_decoded);
    RUN(a_bad_vector_is_named_by_frame_and_dimension);
    RUN(codewords_at_the_edge_of_float_give_an_id_or_an_error);
    return check_done();
}
