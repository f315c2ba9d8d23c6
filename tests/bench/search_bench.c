/* SPDX-License-Identifier: MIT */
/* ns per vector of the search, for search_peers.py:

       search_bench VECTORS CODEWORDS DIM [CPU]

   Both files are floats of the machine, [n][DIM]. Prints the time of one vector when all are given
   at once, and when each is given alone. */
#include "tests/bench/timing.h"
#include "tests/support/asked.h"

#include "voq.h"

#include <stdio.h>

enum { N_REPEAT = 5, MOST_ALONE = 20000 };

struct floats {
    float *x;
    size_t n;
};

static struct floats read_floats(const char *path)
{
    struct floats floats = {0};
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) exit(2);
    long n_byte = ftell(file);
    rewind(file);
    floats.n = (size_t)n_byte / sizeof(float);
    floats.x = malloc((size_t)n_byte);
    if (!floats.x || fread(floats.x, sizeof(float), floats.n, file) != floats.n) exit(2);
    fclose(file);
    return floats;
}

/* n vectors, `step` of them in each call. */
static double search_ns(const voq_model *model, const float *x, size_t dim, size_t n, size_t step,
                        uint32_t *id)
{
    double ns[N_REPEAT];
    for (size_t r = 0; r < N_REPEAT; r++) {
        double start = now_ns();
        for (size_t i = 0; i < n; i += step)
            if (voq_quantize(model, x + i * dim, step, UNITS(id + i, NULL, step), NULL)) exit(1);
        ns[r] = (now_ns() - start) / (double)n;
    }
    return percentile(ns, N_REPEAT, 50);
}

int main(int argc, char **argv)
{
    if (argc < 4) return 2;
    struct floats x = read_floats(argv[1]), codeword = read_floats(argv[2]);
    size_t dim = (size_t)atoi(argv[3]), n = x.n / dim;
    voq_parts parts = {.struct_size = sizeof parts,
                       .codeword = codeword.x,
                       .n_codebook = 1,
                       .n_code = (uint32_t)(codeword.n / dim),
                       .dim = (uint32_t)dim};
    voq_options options = {sizeof options, argc > 4 ? (voq_cpu)atoi(argv[4]) : VOQ_CPU_AUTO, 0};
    voq_model *model;
    uint32_t *id = malloc(n * sizeof *id);
    if (!id || voq_model_make(&parts, &options, &model, NULL)) return 1;
    printf("%.1f %.1f\n", search_ns(model, x.x, dim, n, n, id),
           search_ns(model, x.x, dim, n < MOST_ALONE ? n : MOST_ALONE, 1, id));
    voq_model_close(model);
    free(x.x);
    free(codeword.x);
    free(id);
    return 0;
}
