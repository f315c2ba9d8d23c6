/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_list.h"

#include "tools/corpus/kaldi_fields.h"

#include <string.h>

struct speakers {
    struct corpus *corpus;
    struct line_reader *reader;
    const struct name_index *names; /* of the utterances; the values are their indices */
    struct name_index seen;         /* the values are line numbers */
    struct failure *failure;
};

static bool add_line(struct speakers *s, char *line)
{
    char *field[3];
    if (kaldi_fields(line, field, 3) != 2)
        return line_reader_fail(s->reader, s->failure, "expected two columns: name and speaker");
    uint32_t id, n = s->seen.n, found = name_index_find(s->names, field[0]);
    if (!name_index_add(&s->seen, field[0], &id, s->failure)) return false;
    if (id < n)
        return line_reader_fail(s->reader, s->failure, "'%s' is also in line %u", field[0],
                                s->seen.value[id]);
    s->seen.value[id] = (uint32_t)line_reader_number(s->reader);
    if (found == NO_NAME) return true;
    struct text_part speaker = {field[1], strlen(field[1])};
    return corpus_speaker(s->corpus, speaker,
                          &s->corpus->utterances.item[s->names->value[found]].speaker, s->failure);
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

bool kaldi_speakers_read(struct corpus *corpus, const char *path, const struct name_index *names,
                         struct failure *failure)
{
    struct speakers s = {.corpus = corpus, .names = names, .failure = failure};
    if (!line_reader_open(&s.reader, path, failure)) return false;
    bool good = read_lines(&s);
    name_index_clear(&s.seen);
    line_reader_close(s.reader);
    return good;
}
