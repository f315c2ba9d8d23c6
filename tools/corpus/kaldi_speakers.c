/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_list.h"

#include "tools/corpus/kaldi_fields.h"

#include <string.h>

struct speakers {
    struct corpus *corpus;
    struct line_reader *reader;
    const struct name_table *names; /* of the utterances, to their places */
    struct name_table seen;         /* to line numbers */
    struct failure *failure;
};

static bool add_line(struct speakers *s, char *line)
{
    char *field[3];
    if (kaldi_fields(line, field, 3) != 2)
        return line_reader_fail(s->reader, s->failure, "needed are two columns: name and speaker");
    size_t n = strlen(field[0]);
    const struct name_entry *same = name_table_find(&s->seen, field[0], n);
    if (same)
        return line_reader_fail(s->reader, s->failure, "'%s' is also in line %u", field[0],
                                same->value);
    const struct name_entry *found = name_table_find(s->names, field[0], n);
    const char *name = found ? found->name : corpus_text(s->corpus, field[0], s->failure);
    if (!name) return false;
    if (!name_table_add(&s->seen, name, (uint32_t)line_reader_number(s->reader)))
        return fail_memory(s->failure);
    if (!found) return true;
    struct text_part speaker = {field[1], strlen(field[1])};
    return corpus_speaker(s->corpus, speaker,
                          &s->corpus->utterances.item[found->value].speaker, s->failure);
}

static bool read_lines(struct speakers *s)
{
    for (;;) {
        char *line;
        if (!kaldi_next_line(s->reader, &line, s->failure)) return false;
        if (!line) return true;
        if (!add_line(s, line)) return false;
    }
}

bool kaldi_speakers_read(struct corpus *corpus, const char *path, const struct name_table *names,
                         struct failure *failure)
{
    struct speakers s = {.corpus = corpus, .names = names, .failure = failure};
    if (!line_reader_open(&s.reader, path, failure)) return false;
    bool good = read_lines(&s);
    name_table_free(&s.seen);
    line_reader_close(s.reader);
    return good;
}
