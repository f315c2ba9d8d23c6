/* SPDX-License-Identifier: MIT */
/* A tile of a product: up to TILE_ROWS x TILE_COLUMNS sums in registers, k ascending. With 16
   registers of 8 lanes: 12 sums, 2 columns of the panel, 1 element of a, 1 product. */
#define TILE_VECTORS 2
#define TILE_COLUMNS (TILE_VECTORS * LANES)

static inline __attribute__((always_inline)) void
tile_of(const size_t rows, size_t k, const float *a, size_t row, size_t step, const float *panel,
        float *c, size_t ldc, bool add)
{
    vec sum[TILE_ROWS][TILE_VECTORS];
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < TILE_VECTORS; j++)
            sum[i][j] = add ? vec_load(c + i * ldc + j * LANES) : vec_splat(0.0f);
    for (size_t at = 0; at < k; at++, a += step, panel += TILE_COLUMNS) {
        vec b[TILE_VECTORS];
        for (size_t j = 0; j < TILE_VECTORS; j++) b[j] = vec_load(panel + j * LANES);
        for (size_t i = 0; i < rows; i++) {
            vec x = vec_splat(a[i * row]);
            for (size_t j = 0; j < TILE_VECTORS; j++) sum[i][j] = sum[i][j] + x * b[j];
        }
    }
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < TILE_VECTORS; j++)
            vec_store(c + i * ldc + j * LANES, sum[i][j]);
}

static void tile(size_t rows, size_t k, const float *a, size_t row, size_t step, const float *panel,
                 float *c, size_t ldc, bool add)
{
    switch (rows) {
    case 6: tile_of(6, k, a, row, step, panel, c, ldc, add); break;
    case 5: tile_of(5, k, a, row, step, panel, c, ldc, add); break;
    case 4: tile_of(4, k, a, row, step, panel, c, ldc, add); break;
    case 3: tile_of(3, k, a, row, step, panel, c, ldc, add); break;
    case 2: tile_of(2, k, a, row, step, panel, c, ldc, add); break;
    default: tile_of(1, k, a, row, step, panel, c, ldc, add); break;
    }
}
