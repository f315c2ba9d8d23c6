/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_list.h"

#include "tools/base/number.h"
#include "tools/base/utf8.h"

#include <string.h>

/* fairseq strips white space from every line, as Python does, and reads the count by int(), which
   strips again. */
struct manifest {
    struct corpus *corpus;
    struct line_reader *reader;
    const char *list, *root; /* root ends with '/' unless it is empty */
    size_t n_entry, n_absolute, first_absolute;
    struct failure *failure;
};

static bool read_root(struct manifest *m)
{
    char *line;
    size_t n;
    if (!line_reader_next(m->reader, &line, &n, m->failure)) return false;
    if (!line)
        return fail(m->failure, EXIT_INPUT, "%s: is empty; line 1 must be the folder of the audio",
                    m->list);
    line = utf8_strip(line);
    n = strlen(line);
    if (n == 0 || memchr(line, '\t', n))
        return line_reader_fail(m->reader, m->failure, "line 1 must be the folder of the audio");
    m->root = text_pool_join(&m->corpus->pool, line, line[n - 1] == '/' ? "" : "/", "");
    return m->root ? true : fail_memory(m->failure);
}

static bool read_entry(struct manifest *m, char *line)
{
    line = utf8_strip(line);
    struct utterance utterance = {.list = m->list,
                                  .line = (uint32_t)line_reader_number(m->reader)};
    char *tab = strchr(line, '\t');
    if (tab) {
        *tab = '\0';
        if (strchr(tab + 1, '\t'))
            return line_reader_fail(m->reader, m->failure,
                                    "more than two columns; a path cannot contain a TAB");
        const char *count = utf8_strip(tab + 1);
        if (!parse_u64(count, &utterance.declared))
            return line_reader_fail(m->reader, m->failure, "'%s' is not a number of samples",
                                    count);
    }
    if (*line == '\0') return line_reader_fail(m->reader, m->failure, "the line has no path");
    bool is_absolute = *line == '/';
    if (is_absolute && m->n_absolute++ == 0) m->first_absolute = utterance.line;
    utterance.path = text_pool_join(&m->corpus->pool, is_absolute ? "" : m->root, line, "");
    if (!utterance.path) return fail_memory(m->failure);
    struct text_part stem = path_stem(line);
    utterance.name = m->corpus->options.names_from_path
                         ? corpus_path_name(m->corpus, line, m->failure)
                         : corpus_part(m->corpus, stem, m->failure);
    m->n_entry++;
    return utterance.name && corpus_add_file(m->corpus, &utterance, stem, m->failure);
}

static bool read_entries(struct manifest *m)
{
    char *line;
    size_t n;
    for (;;) {
        if (!line_reader_next(m->reader, &line, &n, m->failure)) return false;
        if (!line) break;
        if (!read_entry(m, line)) return false;
    }
    if (m->n_entry == 0)
        return fail(m->failure, EXIT_INPUT, "%s: no entries after the folder in line 1", m->list);
    if (m->n_absolute == 0) return true;
    return corpus_warn(m->corpus, m->failure,
                       "%s:%zu: the path is absolute, so the folder of line 1 is ignored (%zu such "
                       "lines)",
                       m->list, m->first_absolute, m->n_absolute);
}

bool fairseq_manifest_read(struct corpus *corpus, const char *path, struct failure *failure)
{
    struct manifest m = {.corpus = corpus, .failure = failure};
    m.list = corpus_text(corpus, path, failure);
    if (!m.list || !line_reader_open(&m.reader, path, failure)) return false;
    bool good = read_root(&m) && read_entries(&m);
    line_reader_close(m.reader);
    return good;
}
