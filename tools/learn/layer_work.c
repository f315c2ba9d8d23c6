/* SPDX-License-Identifier: MIT */
#include "tools/learn/layer_work.h"

#include <stdlib.h>

bool buffer_reserve(struct buffer *buffer, size_t n, struct failure *failure)
{
    if (n <= buffer->room) return true;
    free(buffer->data);
    size_t room = (n + 15) / 16 * 16;
    buffer->data = aligned_alloc(64, room * sizeof *buffer->data);
    buffer->room = buffer->data ? room : 0;
    return buffer->data || fail_memory(failure);
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
}

void layer_add_total(float *gradient, const double *total, size_t n)
{
    for (size_t i = 0; i < n; i++) gradient[i] += (float)total[i];
}

enum { ROWS_PER_ITEM = 64 };

struct row_job {
    size_t n_row;
    row_work *work;
    void *context;
};

static void do_rows(void *context, size_t thread, size_t item)
{
    const struct row_job *job = context;
    (void)thread;
    size_t first = item * ROWS_PER_ITEM, last = first + ROWS_PER_ITEM;
    job->work(job->context, first, last < job->n_row ? last : job->n_row);
}

void each_rows(struct workers *workers, size_t n_row, row_work *work, void *context)
{
    struct row_job job = {n_row, work, context};
    workers_run(workers, (n_row + ROWS_PER_ITEM - 1) / ROWS_PER_ITEM, do_rows, &job);
}
