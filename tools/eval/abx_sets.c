/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* qsort_r */
#include "tools/eval/abx_sets.h"

#include "tools/base/growing.h"

#include <stdlib.h>

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static uint32_t context_of(const struct abx_task *task, size_t token)
{
    return task->any_context ? 0 : task->token[token].context;
}

static int token_order(const void *a, const void *b, void *context)
{
    const struct abx_task *task = context;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    const struct abx_token *x = &task->token[i], *y = &task->token[j];
    int c = compare(context_of(task, i), context_of(task, j));
    if (!c) c = compare(x->phone, y->phone);
    if (!c) c = compare(x->speaker, y->speaker);
    return c ? c : compare(i, j);
}

static int share_order(const void *a, const void *b, void *context)
{
    const struct token_set *set = context;
    const struct token_set *x = &set[*(const size_t *)a], *y = &set[*(const size_t *)b];
    int c = compare(x->phone, y->phone);
    if (!c) c = compare(x->speaker, y->speaker);
    return c ? c : compare(x->context, y->context);
}

static bool same_set(const struct abx_task *task, const struct token_set *set, size_t token)
{
    return set->context == context_of(task, token) && set->phone == task->token[token].phone &&
           set->speaker == task->token[token].speaker;
}

static void find_sets(struct abx_sets *sets, const struct abx_task *task)
{
    for (size_t i = 0; i < task->n_token; i++) {
        size_t token = sets->order[i];
        if (!sets->n_set || !same_set(task, &sets->set[sets->n_set - 1], token)) {
            const struct abx_token *t = &task->token[token];
            sets->set[sets->n_set++] = (struct token_set){
                .context = context_of(task, token), .phone = t->phone, .speaker = t->speaker,
                .first = i};
            if (t->phone >= sets->n_phone) sets->n_phone = t->phone + 1;
        }
        sets->set[sets->n_set - 1].n++;
    }
    for (size_t i = 0; i < sets->n_set; i++)
        if (task->max_size && sets->set[i].n > task->max_size) sets->set[i].n = task->max_size;
}

static void find_contexts(struct abx_sets *sets)
{
    for (size_t first = 0, end; first < sets->n_set; first = end) {
        for (end = first; end < sets->n_set; end++)
            if (sets->set[end].context != sets->set[first].context) break;
        for (size_t i = first; i < end; i++) {
            sets->set[i].context_first = first;
            sets->set[i].context_end = end;
        }
    }
}

static void find_shares(struct abx_sets *sets)
{
    for (size_t i = 0; i < sets->n_set; i++) sets->of_share[i] = i;
    if (sets->n_set)
        qsort_r(sets->of_share, sets->n_set, sizeof *sets->of_share, share_order, sets->set);
    for (size_t i = 0; i < sets->n_set; i++) {
        const struct token_set *set = &sets->set[sets->of_share[i]];
        const struct token_set *last = i ? &sets->set[sets->of_share[i - 1]] : NULL;
        if (!last || set->phone != last->phone || set->speaker != last->speaker)
            sets->share[sets->n_share++].first = i;
        sets->share[sets->n_share - 1].end = i + 1;
    }
}

bool abx_sets_make(struct abx_sets *sets, const struct abx_task *task, struct failure *failure)
{
    size_t n = task->n_token;
    *sets = (struct abx_sets){.order = zeroed(n, sizeof *sets->order, failure),
                              .set = zeroed(n, sizeof *sets->set, failure),
                              .of_share = zeroed(n, sizeof *sets->of_share, failure),
                              .share = zeroed(n, sizeof *sets->share, failure)};
    if (!sets->order || !sets->set || !sets->of_share || !sets->share) {
        abx_sets_clear(sets);
        return false;
    }
    for (size_t i = 0; i < n; i++) sets->order[i] = i;
    /* The task is only read: qsort_r wants a plain pointer. */
    if (n) qsort_r(sets->order, n, sizeof *sets->order, token_order, (void *)(uintptr_t)task);
    find_sets(sets, task);
    find_contexts(sets);
    find_shares(sets);
    return true;
}

void abx_sets_clear(struct abx_sets *sets)
{
    free(sets->order);
    free(sets->set);
    free(sets->of_share);
    free(sets->share);
    *sets = (struct abx_sets){0};
}
