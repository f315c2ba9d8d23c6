/* SPDX-License-Identifier: MIT */
static void kernel_matrix(const float *matrix, size_t n_row, size_t n_column, const float *x,
                          float *y)
{
    for (size_t r = 0; r < n_row; r++) {
        vec sum = vec_splat(0.0f);
        for (size_t c = 0; c < n_column; c++)
            sum = sum + vec_splat(matrix[r * n_column + c]) * vec_load(x + c * LANES);
        vec_store(y + r * LANES, sum);
    }
}

static void kernel_affine(const float *packed, const float *bias, size_t n_group, size_t n_column,
                          const float *x, float *y)
{
    for (size_t g = 0; g < n_group; g++, packed += n_column * ROW_GROUP)
        for (size_t r = 0; r < ROW_GROUP; r += LANES) {
            vec sum = vec_load(bias + g * ROW_GROUP + r);
            for (size_t c = 0; c < n_column; c++)
                sum = sum + vec_load(packed + c * ROW_GROUP + r) * vec_splat(x[c]);
            vec_store(y + g * ROW_GROUP + r, sum);
        }
}
