/* SPDX-License-Identifier: MIT */
#include "tools/learn/tree_sum.h"

#include <string.h>

struct tree {
    size_t n_row, n_value, leaf_rows;
    tree_rows *rows;
    void *context;
    double *partial; /* [leaf][n_value] */
};

static void do_leaf(void *context, size_t thread, size_t leaf)
{
    const struct tree *tree = context;
    (void)thread;
    double *sum = tree->partial + leaf * tree->n_value;
    size_t first = leaf * tree->leaf_rows, last = first + tree->leaf_rows;
    memset(sum, 0, tree->n_value * sizeof *sum);
    tree->rows(tree->context, first, last < tree->n_row ? last : tree->n_row, sum);
}

static void add_neighbours(double *partial, size_t n_leaf, size_t n_value)
{
    for (size_t apart = 1; apart < n_leaf; apart *= 2)
        for (size_t leaf = 0; leaf + apart < n_leaf; leaf += 2 * apart)
            for (size_t i = 0; i < n_value; i++)
                partial[leaf * n_value + i] += partial[(leaf + apart) * n_value + i];
}

void tree_sum(struct workers *workers, size_t n_row, size_t n_value, tree_rows *rows, void *context,
              double *total)
{
    size_t leaf_rows = (n_row + TREE_LEAVES - 1) / TREE_LEAVES;
    size_t n_leaf = leaf_rows ? (n_row + leaf_rows - 1) / leaf_rows : 0;
    struct tree tree = {n_row, n_value, leaf_rows, rows, context, workers_partial(workers)};
    workers_run(workers, n_leaf, do_leaf, &tree);
    add_neighbours(tree.partial, n_leaf, n_value);
    if (n_leaf) memcpy(total, tree.partial, n_value * sizeof *total);
    else memset(total, 0, n_value * sizeof *total);
}

struct columns {
    const float *x;
    size_t n_column, first, n;
    const struct lane_table *lanes;
};

static void add_columns(void *context, size_t first, size_t last, double *sum)
{
    const struct columns *c = context;
    for (size_t row = first; row < last; row++)
        c->lanes->add(c->x + row * c->n_column + c->first, c->n, sum);
}

void tree_sum_columns(struct workers *workers, size_t n_row, size_t n_column, const float *x,
                      double *total)
{
    struct columns c = {.x = x, .n_column = n_column, .lanes = workers_lanes(workers)};
    for (; c.first < n_column; c.first += c.n) {
        size_t left = n_column - c.first;
        c.n = left < TREE_VALUES ? left : TREE_VALUES;
        tree_sum(workers, n_row, c.n, add_columns, &c, total + c.first);
    }
}
