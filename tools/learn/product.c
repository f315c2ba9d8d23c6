/* SPDX-License-Identifier: MIT */
#include "tools/learn/product.h"

#include <string.h>

/* A block of b, at most BLOCK_K x BLOCK_COLUMNS, is packed into a thread's scratch memory and used
   for BLOCK_ROWS rows of a, which stay in the second-level cache. If a is transposed it is packed
   too, since its columns would share few lines of the cache. */
enum { BLOCK_K = 400, BLOCK_COLUMNS = 256, BLOCK_ROWS = 72, ITEM_ROWS = 128 };
enum { PACKED_B = BLOCK_K * (BLOCK_COLUMNS + TILE_COLUMNS_MOST), PACKED_A = BLOCK_K * BLOCK_ROWS };
_Static_assert(PACKED_B + PACKED_A <= WORKERS_SCRATCH, "packed blocks fit the scratch memory");

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The size of n's parts if there are as few as possible of at most `most`, all but equal. */
static size_t part_size(size_t n, size_t most)
{
    size_t n_part = (n + most - 1) / most;
    return n_part ? (n + n_part - 1) / n_part : 1;
}

static void pack_rows(size_t width, size_t n, size_t k, const float *b, size_t ldb, float *panel)
{
    for (size_t at = 0; at < k; at++, b += ldb, panel += width) {
        memcpy(panel, b, n * sizeof *b);
        memset(panel + n, 0, (width - n) * sizeof *b);
    }
}

static void pack_columns(size_t width, size_t n, size_t k, const float *b, size_t ldb, float *panel)
{
    for (size_t j = 0; j < width; j++)
        for (size_t at = 0; at < k; at++)
            panel[at * width + j] = j < n ? b[j * ldb + at] : 0.0f;
}

/* Panels of tile_columns columns, one after another, each [k][tile_columns]. b is stored by its k
   rows or, transposed, by its n columns. */
static void pack(const struct lane_table *lanes, bool transposed, size_t n, size_t k,
                 const float *b, size_t ldb, float *packed)
{
    size_t width = lanes->tile_columns;
    for (size_t j = 0; j < n; j += width, packed += width * k)
        if (transposed) pack_columns(width, smaller(width, n - j), k, b + j * ldb, ldb, packed);
        else pack_rows(width, smaller(width, n - j), k, b + j, ldb, packed);
}

/* How a is read: element (i, k) is a[i * row + k * step] in a tile, and tiles are `tile` apart. */
struct side {
    const float *a;
    size_t row, step, tile;
};

static struct side side_of_rows(const float *a, size_t lda)
{
    return (struct side){a, lda, 1, TILE_ROWS * lda};
}

/* From a[k][m] to tiles of [k][TILE_ROWS]. */
static struct side pack_side(size_t m, size_t k, const float *a, size_t lda, float *packed)
{
    for (size_t i = 0; i < m; i += TILE_ROWS) {
        size_t rows = smaller(TILE_ROWS, m - i);
        float *tile = packed + i * k;
        for (size_t at = 0; at < k; at++)
            for (size_t j = 0; j < rows; j++) tile[at * TILE_ROWS + j] = a[at * lda + i + j];
    }
    return (struct side){packed, 1, TILE_ROWS, TILE_ROWS * k};
}

/* The last panel may be wider than what is left of c. */
static void narrow_tile(const struct lane_table *lanes, size_t rows, size_t n, size_t k,
                        const struct side *side, const float *panel, float *c, size_t ldc, bool add)
{
    float wide[TILE_ROWS * TILE_COLUMNS_MOST] = {0};
    size_t width = lanes->tile_columns;
    for (size_t i = 0; add && i < rows; i++) memcpy(wide + i * width, c + i * ldc, n * sizeof *c);
    lanes->tile(rows, k, side->a, side->row, side->step, panel, wide, width, add);
    for (size_t i = 0; i < rows; i++) memcpy(c + i * ldc, wide + i * width, n * sizeof *c);
}

static void multiply(const struct lane_table *lanes, size_t m, size_t n, size_t k,
                     const struct side *side, const float *packed, float *c, size_t ldc, bool add)
{
    size_t width = lanes->tile_columns;
    for (size_t j = 0; j < n; j += width, packed += width * k)
        for (size_t i = 0; i < m; i += TILE_ROWS) {
            struct side at = *side;
            at.a += i / TILE_ROWS * side->tile;
            float *to = c + i * ldc + j;
            size_t rows = smaller(TILE_ROWS, m - i);
            if (n - j < width) narrow_tile(lanes, rows, n - j, k, &at, packed, to, ldc, add);
            else lanes->tile(rows, k, at.a, at.row, at.step, packed, to, ldc, add);
        }
}

struct job {
    struct workers *workers;
    enum product_form form;
    size_t m, n, k;
    const float *a;
    size_t lda;
    const float *b;
    size_t ldb;
    float *c;
    size_t ldc;
    bool add;
    size_t item_rows, item_columns, n_item_column;
};

static struct side side_of(const struct job *job, size_t row, size_t m, size_t k, size_t n_k,
                           float *packed)
{
    if (job->form != PRODUCT_ATB) return side_of_rows(job->a + row * job->lda + k, job->lda);
    return pack_side(m, n_k, job->a + k * job->lda + row, job->lda, packed);
}

/* One block of c with all of k. */
static void do_block(void *context, size_t thread, size_t item)
{
    const struct job *job = context;
    const struct lane_table *lanes = workers_lanes(job->workers);
    float *packed = workers_scratch(job->workers, thread);
    size_t row = item / job->n_item_column * job->item_rows;
    size_t column = item % job->n_item_column * job->item_columns;
    size_t m = smaller(job->item_rows, job->m - row);
    size_t n = smaller(job->item_columns, job->n - column);
    bool transposed = job->form == PRODUCT_ABT;
    const float *b = job->b + column * (transposed ? job->ldb : 1);
    size_t size_k = part_size(job->k, BLOCK_K);
    for (size_t k = 0; k < job->k; k += size_k) {
        size_t n_k = smaller(size_k, job->k - k);
        pack(lanes, transposed, n, n_k, b + k * (transposed ? 1 : job->ldb), job->ldb, packed);
        for (size_t i = 0; i < m; i += BLOCK_ROWS) {
            size_t n_row = smaller(BLOCK_ROWS, m - i);
            struct side side = side_of(job, row + i, n_row, k, n_k, packed + PACKED_B);
            multiply(lanes, n_row, n, n_k, &side, packed,
                     job->c + (row + i) * job->ldc + column, job->ldc, job->add || k > 0);
        }
    }
}

/* Into how many items the rows are cut: as many as give every thread up to four, but each costs
   another packing of b. */
static size_t row_parts(size_t m, size_t n_thread)
{
    if (n_thread == 1) return 1;
    size_t n_part = (m / ITEM_ROWS + n_thread - 1) / n_thread * n_thread;
    return n_part < n_thread ? n_thread : smaller(n_part, 4 * n_thread);
}

static void clear(size_t m, size_t n, float *c, size_t ldc)
{
    for (size_t i = 0; i < m; i++) memset(c + i * ldc, 0, n * sizeof *c);
}

void product(struct workers *workers, enum product_form form, size_t m, size_t n, size_t k,
             const float *a, size_t lda, const float *b, size_t ldb, float *c, size_t ldc, bool add)
{
    if (m == 0 || n == 0) return;
    if (k == 0) {
        if (!add) clear(m, n, c, ldc);
        return;
    }
    struct job job = {.workers = workers, .form = form, .m = m, .n = n, .k = k, .a = a, .lda = lda,
                      .b = b, .ldb = ldb, .c = c, .ldc = ldc, .add = add};
    job.item_columns = part_size(n, BLOCK_COLUMNS);
    job.n_item_column = (n + job.item_columns - 1) / job.item_columns;
    size_t n_part = row_parts(m, workers_count(workers));
    size_t rows = (m + n_part - 1) / n_part;
    job.item_rows = (rows + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
    size_t n_item = (m + job.item_rows - 1) / job.item_rows * job.n_item_column;
    workers_run(workers, n_item, do_block, &job);
}

size_t packed_size(size_t n, size_t k)
{
    return (n + TILE_COLUMNS_MOST - 1) / TILE_COLUMNS_MOST * TILE_COLUMNS_MOST * k;
}

void packed_fill(const struct lane_table *lanes, enum product_form form, size_t n, size_t k,
                 const float *b, size_t ldb, float *packed)
{
    pack(lanes, form == PRODUCT_ABT, n, k, b, ldb, packed);
}

void product_packed(const struct lane_table *lanes, size_t m, size_t n, size_t k, const float *a,
                    size_t lda, const float *packed, float *c, size_t ldc, bool add)
{
    struct side side = side_of_rows(a, lda);
    multiply(lanes, m, n, k, &side, packed, c, ldc, add);
}
