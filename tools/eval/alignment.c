/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* scandir, alphasort, strdup */
#include "tools/eval/alignment.h"

#include "tools/base/growing.h"
#include "tools/base/line_reader.h"
#include "tools/base/path.h"
#include "tools/base/textgrid.h"
#include "tools/eval/label.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void alignment_free(struct alignment *alignment)
{
    if (!alignment) return;
    for (uint32_t i = 0; i < alignment->utterances.n; i++) free(alignment->utterance[i].interval);
    free(alignment->utterance);
    free(alignment->is_silence);
    name_index_clear(&alignment->utterances);
    name_index_clear(&alignment->labels);
    free(alignment);
}

bool alignment_add(struct alignment *alignment, const char *utterance, int64_t start_us,
                   int64_t end_us, const char *label, struct failure *failure)
{
    uint32_t id = name_index_find(&alignment->utterances, utterance), label_id = 0;
    if (id == NO_NAME) {
        uint32_t n = alignment->utterances.n;
        if (!grow(&alignment->utterance, &alignment->capacity, (size_t)n + 1,
                  sizeof *alignment->utterance, failure))
            return false;
        alignment->utterance[n] = (struct aligned_utterance){0};
        if (!name_index_add(&alignment->utterances, utterance, &id, failure)) return false;
    }
    char *clean = strdup(label);
    if (!clean) return fail_memory(failure);
    label_clean(clean);
    bool good = name_index_add(&alignment->labels, clean, &label_id, failure);
    free(clean);
    struct aligned_utterance *to = &alignment->utterance[id];
    if (!good || !grow(&to->interval, &to->capacity, to->n_interval + 1, sizeof *to->interval,
                       failure))
        return false;
    to->interval[to->n_interval++] = (struct interval){start_us, end_us, label_id};
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct interval *x = a, *y = b;
    if (x->start_us != y->start_us) return x->start_us < y->start_us ? -1 : 1;
    if (x->end_us != y->end_us) return x->end_us < y->end_us ? -1 : 1;
    return (x->label > y->label) - (x->label < y->label);
}

static bool sort_labels(struct alignment *alignment, struct failure *failure)
{
    uint32_t *new_label;
    if (!name_index_sort(&alignment->labels, &new_label, failure)) return false;
    for (uint32_t i = 0; i < alignment->utterances.n; i++) {
        struct aligned_utterance *u = &alignment->utterance[i];
        for (size_t k = 0; k < u->n_interval; k++)
            u->interval[k].label = new_label[u->interval[k].label];
        qsort(u->interval, u->n_interval, sizeof *u->interval, by_time);
    }
    free(new_label);
    alignment->is_silence =
        zeroed(alignment->labels.n, sizeof *alignment->is_silence, failure);
    if (!alignment->is_silence) return false;
    for (uint32_t i = 0; i < alignment->labels.n; i++)
        alignment->is_silence[i] = label_is_silence(alignment->labels.name[i]);
    return true;
}

static bool sort_utterances(struct alignment *alignment, struct failure *failure)
{
    uint32_t n = alignment->utterances.n, *new_id;
    struct aligned_utterance *sorted = zeroed(n, sizeof *sorted, failure);
    if (!sorted) return false;
    if (!name_index_sort(&alignment->utterances, &new_id, failure)) {
        free(sorted);
        return false;
    }
    for (uint32_t i = 0; i < n; i++) sorted[new_id[i]] = alignment->utterance[i];
    free(alignment->utterance);
    free(new_id);
    alignment->utterance = sorted;
    return true;
}

enum { LOOK_AT = 1 << 14 }; /* bytes that show what kind of file it is */
enum kind { KIND_CTM, KIND_TEXTGRID, KIND_FRAME_LABELS };

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* text[n] is a line, or the beginning of one. */
static enum kind kind_of(const char *text, size_t n)
{
    if (textgrid_is(text, n)) return KIND_TEXTGRID;
    while (n > 0 && is_space(text[n - 1])) n--;
    const char *end = text + n, *at = memchr(text, '\t', n);
    if (!at) return KIND_CTM;
    at++;
    while (at < end && !is_space(*at)) at++;
    return at == end ? KIND_FRAME_LABELS : KIND_CTM;
}

/* By the first line that says something. */
static bool find_kind(struct line_reader *reader, enum kind *kind, struct failure *failure)
{
    const char *line;
    size_t left = LOOK_AT;
    *kind = KIND_CTM;
    if (!line_reader_peek(reader, &line, &left, failure)) return false;
    while (left > 0) {
        const char *newline = memchr(line, '\n', left);
        size_t n = newline ? (size_t)(newline - line) : left;
        bool is_comment = n >= 2 && memcmp(line, ";;", 2) == 0;
        size_t n_blank = 0;
        while (n_blank < n && is_space(line[n_blank])) n_blank++;
        if (n_blank < n && !is_comment) {
            *kind = kind_of(line, n);
            return true;
        }
        if (!newline) return true;
        left -= n + 1;
        line = newline + 1;
    }
    return true;
}

static bool read_lines(struct alignment *alignment, struct line_reader *reader, const char *path,
                       const char *tier, struct failure *failure)
{
    enum kind kind;
    if (!find_kind(reader, &kind, failure)) return false;
    if (path_has_text_suffix(path, "TextGrid")) kind = KIND_TEXTGRID;
    if (tier && kind != KIND_TEXTGRID)
        return fail(failure, EXIT_USAGE, "%s is no TextGrid, and --tier names a tier of one", path);
    if (kind == KIND_FRAME_LABELS) return frame_labels_read(alignment, reader, failure);
    if (kind == KIND_CTM) return ctm_read(alignment, reader, failure);
    char *name = path_stem_copy(strcmp(path, "-") == 0 ? "stdin" : path);
    bool good = name ? textgrid_read(alignment, reader, name, tier, failure)
                     : fail_memory(failure);
    free(name);
    return good;
}

static bool read_file(struct alignment *alignment, const char *path, const char *tier,
                      struct failure *failure)
{
    struct line_reader *reader;
    if (!line_reader_open(&reader, path, failure)) return false;
    bool good = read_lines(alignment, reader, path, tier, failure);
    line_reader_close(reader);
    return good;
}

static bool is_textgrid_or_folder(const char *path, bool *is_folder)
{
    struct stat status;
    *is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    return *is_folder || path_has_text_suffix(path, "TextGrid");
}

static bool read_folder(struct alignment *alignment, const char *folder, const char *tier,
                        struct failure *failure)
{
    struct dirent **entry;
    int n = scandir(folder, &entry, NULL, alphasort);
    if (n < 0) return fail(failure, EXIT_INPUT, "%s: the folder cannot be read", folder);
    bool good = true;
    for (int i = 0; i < n; i++) {
        char *path = NULL;
        bool is_folder;
        if (good && entry[i]->d_name[0] != '.') {
            if (asprintf(&path, "%s/%s", folder, entry[i]->d_name) < 0) {
                path = NULL;
                good = fail_memory(failure);
            } else if (is_textgrid_or_folder(path, &is_folder)) {
                good = is_folder ? read_folder(alignment, path, tier, failure)
                                 : read_file(alignment, path, tier, failure);
            }
        }
        free(path);
        free(entry[i]);
    }
    free(entry);
    return good;
}

bool alignment_read(struct alignment **alignment, const char *path, const char *tier,
                    struct failure *failure)
{
    struct alignment *a = zeroed(1, sizeof *a, failure);
    struct stat status;
    if (!a) return false;
    bool is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    bool good = is_folder ? read_folder(a, path, tier, failure)
                          : read_file(a, path, tier, failure);
    if (good && a->utterances.n == 0)
        good = fail(failure, EXIT_INPUT, "%s: no phone intervals in it%s", path,
                    is_folder ? "; a folder is searched for .TextGrid files" : "");
    if (!good || !sort_labels(a, failure) || !sort_utterances(a, failure)) {
        alignment_free(a);
        return false;
    }
    *alignment = a;
    return true;
}

const struct aligned_utterance *alignment_find(const struct alignment *alignment, const char *name)
{
    uint32_t id = name_index_find(&alignment->utterances, name);
    return id == NO_NAME ? NULL : &alignment->utterance[id];
}
