/* SPDX-License-Identifier: MIT */
#include "tools/command/done_items.h"

#include <stdlib.h>
#include <string.h>

enum done_reason { DONE_SILENT, DONE_CHANGED, DONE_MISSING, DONE_GONE, DONE_NOT_COMPARED };

static bool is_same_input(const struct input_state *a, const struct input_state *b)
{
    return a->kind == b->kind && a->size == b->size && a->mtime_ns == b->mtime_ns &&
           a->hash == b->hash;
}

/* Consecutive items of the same file are compared once. */
static enum input_change compare(const struct done_items *done, const struct encode_items *items,
                                 size_t i, enum input_change before)
{
    const struct utterance *utterance = items->item[i].utterance;
    const struct input_state *then = &done->line[done->line_of[i] - 1].input;
    if (i > 0 && done->line_of[i - 1] &&
        strcmp(items->item[i - 1].utterance->path, utterance->path) == 0 &&
        is_same_input(&done->line[done->line_of[i - 1] - 1].input, then))
        return before;
    return input_state_compare(utterance, then);
}

static void compare_all(struct done_items *done, const struct encode_items *items)
{
    static const enum done_reason reason[] = {[INPUT_SAME] = DONE_SILENT,
                                              [INPUT_CHANGED] = DONE_CHANGED,
                                              [INPUT_GONE] = DONE_GONE,
                                              [INPUT_NOT_COMPARED] = DONE_NOT_COMPARED};
    enum input_change change = INPUT_SAME;
    for (size_t i = 0; i < items->n; i++) {
        if (!done->line_of[i]) continue;
        change = compare(done, items, i, change);
        done->why[i] = (unsigned char)reason[change];
        if (change != INPUT_CHANGED) continue;
        size_t n = done->file_each ? 1 : items->n - i;
        memset(done->line_of + i, 0, n * sizeof *done->line_of);
        if (!done->file_each) done->n_line = i;
    }
}

static void count(struct done_items *done, size_t n_item)
{
    done->n = done->n_failed = 0;
    for (size_t i = 0; i < n_item; i++) {
        if (!done->line_of[i]) continue;
        done->n++;
        done->n_failed += done->line[done->line_of[i] - 1].failed;
    }
}

bool done_items_find(struct done_items *done, const struct journal *journal,
                     const struct encode_items *items, bool file_each, struct failure *failure)
{
    done->file_each = file_each;
    done->line = journal_lines(journal, &done->n_line);
    done->line_of = calloc(items->n + 1, sizeof *done->line_of);
    done->why = calloc(items->n + 1, 1);
    if (!done->line_of || !done->why) return fail_memory(failure);
    for (size_t i = 0; i < done->n_line; i++) {
        if (!file_each && done->line[i].item != i)
            return journal_fail_line(journal, i, failure);
        done->line_of[done->line[i].item] = i + 1;
    }
    compare_all(done, items);
    count(done, items->n);
    return true;
}

void done_items_check(struct done_items *done, const struct encode_items *items,
                      bool (*has)(void *context, const char *name, const struct sink_mark *mark),
                      void *context)
{
    for (size_t i = 0; i < items->n; i++) {
        if (!done->line_of[i]) continue;
        const struct journal_line *line = &done->line[done->line_of[i] - 1];
        if (line->failed || has(context, items->item[i].name, line->mark)) continue;
        done->line_of[i] = 0;
        done->why[i] = DONE_MISSING;
    }
    count(done, items->n);
}

const struct sink_mark *done_items_mark(const struct done_items *done)
{
    return !done->file_each && done->n_line > 0 ? done->line[done->n_line - 1].mark : NULL;
}

/* Whether the item before has the same to say about the same file. */
static bool is_repeated(const struct done_items *done, const struct encode_items *items, size_t i)
{
    return i > 0 && done->why[i] == done->why[i - 1] &&
           strcmp(items->item[i].utterance->path, items->item[i - 1].utterance->path) == 0;
}

void done_items_report(const struct done_items *done, const struct encode_items *items,
                       struct messages *messages)
{
    static const char *const text[] = {
        [DONE_CHANGED] = "has changed since it was encoded and is encoded again",
        [DONE_MISSING] = "has lost its output and is encoded again",
        [DONE_GONE] = "no longer exists; its part of the output is kept",
        [DONE_NOT_COMPARED] = "is a pipe, which cannot be read again to detect a change; its part "
                              "of the output is kept",
    };
    for (size_t i = 0; i < items->n; i++) {
        enum done_reason why = (enum done_reason)done->why[i];
        const struct utterance *utterance = items->item[i].utterance;
        bool is_file = !utterance->is_command && strcmp(utterance->path, "-") != 0;
        const char *name = is_file ? utterance->path : items->item[i].name;
        if (is_repeated(done, items, i)) continue;
        if (why == DONE_CHANGED && !done->file_each)
            messages_note(messages, "%s: %s, together with everything after it", name, text[why]);
        else if (why != DONE_SILENT)
            messages_note(messages, "%s: %s", name, text[why]);
        if (why == DONE_CHANGED && !done->file_each) return;
    }
}

bool done_items_list_rest(struct done_items *done, size_t n_item, struct failure *failure)
{
    done->todo = malloc((n_item + 1) * sizeof *done->todo);
    if (!done->todo) return fail_memory(failure);
    for (size_t i = 0; i < n_item; i++)
        if (!done->line_of || !done->line_of[i]) done->todo[done->n_todo++] = i;
    return true;
}

void done_items_free(struct done_items *done)
{
    free(done->line_of);
    free(done->why);
    free(done->todo);
}
