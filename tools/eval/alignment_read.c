/* SPDX-License-Identifier: MIT */
#include "tools/eval/alignment.h"

#include "tools/base/folder_walk.h"
#include "tools/base/growing.h"
#include "tools/base/line_reader.h"
#include "tools/base/path.h"
#include "tools/base/textgrid.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_AT = 1 << 14 }; /* bytes that are searched for the kind of file */
enum kind { KIND_CTM, KIND_TEXTGRID, KIND_FRAME_LABELS };

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* text[n] is a line or the beginning of a line. */
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

/* Decides by the first line that is neither empty nor a comment. */
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
        return fail(failure, EXIT_USAGE,
                    "%s is not a TextGrid, but --tier names a tier of one; leave out --tier", path);
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

static bool is_textgrid(const void *context, const char *name)
{
    (void)context;
    return path_has_text_suffix(name, "TextGrid");
}

static bool read_folder(struct alignment *alignment, const char *folder, const char *tier,
                        struct failure *failure)
{
    struct folder_paths paths = {0};
    bool good = folder_walk(&paths, folder, (struct folder_filter){is_textgrid, NULL}, failure);
    for (size_t i = 0; i < paths.n && good; i++) {
        const char *path = paths.path[i];
        good = path[strlen(path) - 1] == '/'
                   ? fail(failure, EXIT_INPUT, "%s: the folder cannot be read", path)
                   : read_file(alignment, path, tier, failure);
    }
    folder_paths_free(&paths);
    return good;
}

static bool read_all(struct alignment *alignment, const char *path, const char *tier,
                     struct failure *failure)
{
    bool is_folder = path_is_folder(path);
    if (!(is_folder ? read_folder(alignment, path, tier, failure)
                    : read_file(alignment, path, tier, failure)))
        return false;
    if (alignment->utterances.n == 0)
        return fail(failure, EXIT_INPUT, "%s: contains no %s intervals%s", path,
                    alignment->has_words ? "word" : "phone",
                    is_folder ? "; in a folder only .TextGrid files are read" : "");
    return alignment_sort(alignment, failure);
}

static bool read_new(struct alignment **alignment, bool has_words, const char *path,
                     const char *tier, struct failure *failure)
{
    struct alignment *a = zeroed(1, sizeof *a, failure);
    if (!a) return false;
    a->has_words = has_words;
    if (!read_all(a, path, tier, failure)) {
        alignment_free(a);
        return false;
    }
    *alignment = a;
    return true;
}

bool alignment_read(struct alignment **alignment, const char *path, const char *tier,
                    struct failure *failure)
{
    return read_new(alignment, false, path, tier, failure);
}

bool alignment_has_tiers(const char *path)
{
    return path_is_folder(path) || path_has_text_suffix(path, "TextGrid");
}

bool words_read(struct alignment **words, const char *path, struct failure *failure)
{
    return read_new(words, true, path, alignment_has_tiers(path) ? "words" : NULL, failure);
}
