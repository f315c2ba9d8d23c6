/* SPDX-License-Identifier: MIT */
/* Two products of a matrix and a vector, in the same order of operations: y = 0 or the bias, then
   y += matrix[r][c] * x[c] for c ascending, a product and a sum per step, never fused.

   kernel_matrix (the DCT) works on a group of frames, one per lane: it broadcasts a coefficient and
   loads x[c] of all frames. The matrix is stored by rows.

   kernel_affine (PCA, LDA) works on one frame, because a live stream has no second one: lanes are
   rows, so it broadcasts x[c] and loads the coefficients of LANES rows. For that the matrix is
   packed in groups of ROW_GROUP rows, column by column, and padded with zero rows. ROW_GROUP is a
   multiple of every LANES, so one packing serves all instruction sets. */
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
