/* SPDX-License-Identifier: MIT */
#include "tools/train/file_reports.h"

#include "tools/base/growing.h"

#include <stdlib.h>
#include <string.h>

/* What is known of one file. The texts travel behind it, each with its final zero; empty: none. */
struct report {
    uint64_t utterance, n_not_finite, trouble_size, notes_size;
};

static void print(const struct file_reports *reports, const struct report *report,
                  const char *trouble, const char *notes)
{
    const struct utterance *utterance = corpus_get(reports->corpus, (size_t)report->utterance);
    if (trouble[0]) messages_error(reports->messages, "%s", trouble);
    if (notes[0]) messages_warn(reports->messages, "%s", notes);
    if (report->n_not_finite > 0)
        messages_not_finite(reports->messages, utterance_label(utterance), report->n_not_finite);
}

static bool add(struct file_reports *reports, const void *bytes, size_t n, struct failure *failure)
{
    if (!grow(&reports->bytes, &reports->capacity, reports->n + n, 1, failure)) return false;
    memcpy(reports->bytes + reports->n, bytes, n);
    reports->n += n;
    return true;
}

bool file_reports_take(struct file_reports *reports, const struct pass_end *end,
                       struct failure *failure)
{
    const char *trouble = end->good ? "" : end->trouble.text, *notes = end->notes ? end->notes : "";
    const struct report report = {end->utterance, end->n_not_finite, strlen(trouble) + 1,
                                  strlen(notes) + 1};
    reports->n_failed += !end->good;
    if (end->good && !end->notes && end->n_not_finite == 0) return true;
    if (ranks_several(reports->ranks))
        return add(reports, &report, sizeof report, failure) &&
               add(reports, trouble, report.trouble_size, failure) &&
               add(reports, notes, report.notes_size, failure);
    print(reports, &report, trouble, notes);
    return true;
}

static int compare_utterances(const void *a, const void *b)
{
    struct report p, q;
    memcpy(&p, *(const char *const *)a, sizeof p);
    memcpy(&q, *(const char *const *)b, sizeof q);
    return p.utterance < q.utterance ? -1 : p.utterance > q.utterance;
}

/* Prints the reports of all ranks in the order of the corpus. */
static bool print_sorted(const struct file_reports *reports, const char *bytes, size_t n,
                         struct failure *failure)
{
    struct report report;
    const char **place = NULL;
    size_t n_place = 0, capacity = 0;
    for (size_t at = 0; at < n;) {
        if (!grow(&place, &capacity, n_place + 1, sizeof *place, failure)) return false;
        place[n_place++] = bytes + at;
        memcpy(&report, bytes + at, sizeof report);
        at += sizeof report + report.trouble_size + report.notes_size;
    }
    if (n_place > 0) qsort(place, n_place, sizeof *place, compare_utterances);
    for (size_t i = 0; i < n_place; i++) {
        const char *trouble = place[i] + sizeof report;
        memcpy(&report, place[i], sizeof report);
        print(reports, &report, trouble, trouble + report.trouble_size);
    }
    free(place);
    return true;
}

bool file_reports_finish(struct file_reports *reports, struct failure *failure)
{
    int64_t n_failed = (int64_t)reports->n_failed;
    char *all;
    size_t n_all;
    if (!ranks_several(reports->ranks)) return true;
    if (!ranks_sum(reports->ranks, &n_failed, 1, failure)) return false;
    bool good = ranks_gather(reports->ranks, reports->bytes, reports->n, &all, &n_all, failure);
    reports->n_failed = (size_t)n_failed;
    good = good && print_sorted(reports, all, n_all, failure);
    free(all);
    return good;
}

void file_reports_free(struct file_reports *reports)
{
    free(reports->bytes);
    *reports = (struct file_reports){0};
}
