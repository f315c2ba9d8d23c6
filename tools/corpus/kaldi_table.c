/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_list.h"

#include "tools/base/number.h"
#include "tools/corpus/kaldi_fields.h"

#include <string.h>

struct table {
    struct corpus *corpus;
    struct line_reader *reader;
    const char *list;
    struct name_index keys; /* the values are line numbers */
    struct failure *failure;
};

static bool set_command(struct table *t, struct utterance *utterance, char *text)
{
    if (!t->corpus->options.allow_pipes)
        return line_reader_fail(t->reader, t->failure,
                                "'%s' is a command, which is not run; convert the audio first%s",
                                utterance->name,
                                t->corpus->options.fixed ? "" : ", or add --allow-pipes");
    text[strlen(text) - 1] = '\0';
    utterance->is_command = true;
    utterance->path = corpus_text(t->corpus, text, t->failure);
    return utterance->path != NULL;
}

/* Splits "path:offset" if only digits follow the last colon. */
static void cut_offset(char *path, uint64_t *offset)
{
    char *colon = strrchr(path, ':');
    if (colon && colon > path && parse_u64(colon + 1, offset)) *colon = '\0';
}

static bool set_place(struct table *t, struct utterance *utterance, char *text)
{
    size_t n = strlen(text);
    if (text[0] == '|')
        return line_reader_fail(t->reader, t->failure,
                                "'%s' writes to a command; expected a file or a command to read "
                                "from",
                                utterance->name);
    if (text[n - 1] == '|') return set_command(t, utterance, text);
    if (strcmp(text, "-") == 0)
        return line_reader_fail(t->reader, t->failure, "'-' (standard input) cannot be in a list");
    if (text[n - 1] == ']')
        return line_reader_fail(t->reader, t->failure,
                                "a range [...] is not supported; use a segments file");
    cut_offset(text, &utterance->offset);
    utterance->path = corpus_text(t->corpus, text, t->failure);
    return utterance->path != NULL;
}

static bool add_entry(struct table *t, char *line)
{
    char *field[2];
    struct utterance utterance = {.list = t->list,
                                  .line = (uint32_t)line_reader_number(t->reader)};
    if (kaldi_fields(line, field, 2) == 1)
        return line_reader_fail(t->reader, t->failure, "'%s' has no path", field[0]);
    uint32_t id, n = t->keys.n;
    if (!name_index_add(&t->keys, field[0], &id, t->failure)) return false;
    if (id < n)
        return line_reader_fail(t->reader, t->failure, "'%s' is also in line %u", field[0],
                                t->keys.value[id]);
    utterance.name = corpus_text(t->corpus, field[0], t->failure);
    if (!utterance.name) return false;
    t->keys.value[id] = utterance.line;
    if (!set_place(t, &utterance, field[1])) return false;
    struct text_part name = {utterance.name, strlen(utterance.name)};
    if (t->corpus->options.segments)
        return utterance_list_add(&t->corpus->recordings, &utterance, t->failure);
    return corpus_add_file(t->corpus, &utterance, name, t->failure);
}

static bool read_entries(struct table *t)
{
    for (bool any = false;; any = true) {
        char *line;
        if (!kaldi_next_line(t->reader, &line, t->failure)) return false;
        if (!line) return any || fail(t->failure, EXIT_INPUT, "%s: is empty", t->list);
        if (!add_entry(t, line)) return false;
    }
}

bool kaldi_table_read(struct corpus *corpus, const char *path, struct failure *failure)
{
    struct table t = {.corpus = corpus, .failure = failure};
    t.list = corpus_text(corpus, path, failure);
    if (!t.list || !line_reader_open(&t.reader, path, failure)) return false;
    bool good = read_entries(&t);
    name_index_clear(&t.keys);
    line_reader_close(t.reader);
    return good;
}
