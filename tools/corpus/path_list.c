/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_list.h"

#include "tools/base/utf8.h"
#include "tools/corpus/tar_archive.h"

#include <string.h>

/* One path per line. Blank lines, and lines that begin with '#', are skipped; a file whose name
   begins with '#' is written "./#name". */

struct path_list {
    struct corpus *corpus;
    struct line_reader *reader;
    const char *list;
    struct failure *failure;
};

static bool add_tar(struct path_list *l, const char *path)
{
    struct tar_place place = {.list = l->list, .line = (uint32_t)line_reader_number(l->reader)};
    const char *stem = corpus_part(l->corpus,
                                   (struct text_part){path, strlen(path) - path_tar_suffix(path)},
                                   l->failure);
    place.path = corpus_listed_path(l->corpus, l->list, path, l->failure);
    place.prefix = stem ? corpus_clean_path(l->corpus, stem, l->failure) : NULL;
    return place.path && place.prefix && tar_archive_read(l->corpus, &place, l->failure);
}

static bool add_path(struct path_list *l, const char *path)
{
    if (strcmp(path, "-") == 0)
        return line_reader_fail(l->reader, l->failure, "'-' (standard input) cannot be in a list");
    if (strchr(path, '\t'))
        return line_reader_fail(l->reader, l->failure,
                                "contains a TAB, but the list must have one path per line; name a "
                                "fairseq manifest .tsv and a Kaldi table .scp");
    if (path_tar_suffix(path) > 0) return add_tar(l, path);
    struct utterance utterance = {.list = l->list,
                                  .line = (uint32_t)line_reader_number(l->reader)};
    struct text_part stem = path_stem(path);
    utterance.path = corpus_listed_path(l->corpus, l->list, path, l->failure);
    utterance.name = l->corpus->options.names_from_path
                         ? corpus_path_name(l->corpus, path, l->failure)
                         : corpus_part(l->corpus, stem, l->failure);
    return utterance.path && utterance.name &&
           corpus_add_file(l->corpus, &utterance, stem, l->failure);
}

static bool read_paths(struct path_list *l)
{
    for (bool any = false;;) {
        char *line;
        size_t n;
        if (!line_reader_next(l->reader, &line, &n, l->failure)) return false;
        if (!line)
            return any || fail(l->failure, EXIT_INPUT, "%s: the list contains no path", l->list);
        line = utf8_strip(line);
        if (*line == '\0' || *line == '#') continue;
        if (!add_path(l, line)) return false;
        any = true;
    }
}

bool path_list_read(struct corpus *corpus, const char *path, struct failure *failure)
{
    struct path_list l = {.corpus = corpus, .failure = failure};
    l.list = corpus_text(corpus, path, failure);
    if (!l.list || !line_reader_open(&l.reader, path, failure)) return false;
    bool good = read_paths(&l);
    line_reader_close(l.reader);
    return good;
}
