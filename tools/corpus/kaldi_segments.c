/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_list.h"

#include "tools/base/number.h"
#include "tools/base/seconds.h"
#include "tools/corpus/kaldi_fields.h"

#include <string.h>

struct segments {
    struct corpus *corpus;
    struct line_reader *reader;
    const char *list;
    struct name_index recordings; /* in the order of corpus->recordings */
    struct failure *failure;
};

static bool find_recordings(struct segments *s)
{
    const struct utterance_list *list = &s->corpus->recordings;
    for (size_t i = 0; i < list->n; i++) {
        const char *name = list->item[i].name;
        uint32_t id;
        if (!name_index_add(&s->recordings, name, &id, s->failure)) return false;
        if (id < i)
            return fail(s->failure, EXIT_USAGE,
                        "%s:%u: the recording '%s' is also in another table",
                        list->item[i].list, list->item[i].line, name);
    }
    return true;
}

static bool set_times(struct segments *s, struct utterance *utterance, const char *begin,
                      const char *end)
{
    const int64_t to_the_end = -1000000;
    int64_t begin_us, end_us;
    if (!seconds_read_from_0(s->reader, "start", begin, &begin_us, s->failure) ||
        !seconds_read(s->reader, "end", end, &end_us, s->failure))
        return false;
    utterance->begin_s = (double)begin_us / 1e6;
    utterance->end_s = (double)end_us / 1e6;
    if (end_us != to_the_end && begin_us >= end_us)
        return line_reader_fail(s->reader, s->failure, "the start %s is not before the end %s",
                                begin, end);
    return true;
}

/* Kaldi counts channels from 0. */
static bool set_channel(struct segments *s, struct utterance *utterance, const char *text)
{
    uint32_t channel;
    utterance->channel = -1;
    if (!text) return true;
    if (!parse_u32(text, &channel) || channel >= INT16_MAX)
        return line_reader_fail(s->reader, s->failure, "'%s' is not a channel (counted from 0)",
                                text);
    utterance->channel = (int16_t)(channel + 1);
    return true;
}

static bool add_segment(struct segments *s, char *line)
{
    char *field[6] = {NULL};
    size_t n_field = kaldi_fields(line, field, 6);
    if (n_field != 4 && n_field != 5)
        return line_reader_fail(s->reader, s->failure,
                                "%zu columns; expected segment, recording, start, end, and "
                                "optionally channel", n_field);
    uint32_t found = name_index_find(&s->recordings, field[1]);
    if (found == NO_NAME)
        return line_reader_fail(s->reader, s->failure, "the recording '%s' is not in any .scp",
                                field[1]);
    struct utterance utterance = s->corpus->recordings.item[found];
    utterance.list = s->list;
    utterance.line = (uint32_t)line_reader_number(s->reader);
    utterance.name = corpus_text(s->corpus, field[0], s->failure);
    if (!utterance.name || !set_times(s, &utterance, field[2], field[3]) ||
        !set_channel(s, &utterance, field[4]))
        return false;
    struct text_part name = {utterance.name, strlen(utterance.name)};
    return corpus_add_file(s->corpus, &utterance, name, s->failure);
}

static bool read_entries(struct segments *s)
{
    for (bool any = false;; any = true) {
        char *line;
        if (!kaldi_next_line(s->reader, &line, s->failure)) return false;
        if (!line) return any || fail(s->failure, EXIT_INPUT, "%s: is empty", s->list);
        if (!add_segment(s, line)) return false;
    }
}

bool kaldi_segments_read(struct corpus *corpus, const char *path, struct failure *failure)
{
    struct segments s = {.corpus = corpus, .failure = failure};
    s.list = corpus_text(corpus, path, failure);
    if (!s.list || !line_reader_open(&s.reader, path, failure)) return false;
    bool good = find_recordings(&s) && read_entries(&s);
    name_index_clear(&s.recordings);
    line_reader_close(s.reader);
    return good;
}
