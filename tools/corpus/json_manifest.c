/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_list.h"

#include "tools/base/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct manifest {
    struct corpus *corpus;
    struct line_reader *reader;
    const char *list;
    const char *folder; /* of the manifest, with '/'; "" where there is none */
    struct failure *failure;
};

/* *text = the text of a string or number, NULL if the key is absent or null. */
static bool get_text(const struct manifest *m, const struct json *object, const char *key,
                     const char **text)
{
    const struct json *value = json_get(object, key);
    *text = NULL;
    if (!value || value->type == JSON_NULL) return true;
    if ((value->type != JSON_STRING && value->type != JSON_NUMBER) || !*value->string)
        return line_reader_fail(m->reader, m->failure, "\"%s\" must be a text that is not empty",
                                key);
    *text = value->string;
    return true;
}

/* *seconds = NAN if the key is absent or null. */
static bool get_seconds(const struct manifest *m, const struct json *object, const char *key,
                        double *seconds)
{
    const struct json *value = json_get(object, key);
    *seconds = NAN;
    if (!value || value->type == JSON_NULL) return true;
    if (value->type != JSON_NUMBER || value->number < 0 || value->number > 1e9)
        return line_reader_fail(m->reader, m->failure, "\"%s\" must be seconds, 0 or more", key);
    *seconds = value->number;
    return true;
}

/* As NeMo does: as it stands, else beside the manifest. */
static const char *find_file(struct manifest *m, const char *path)
{
    if (*path == '/' || !*m->folder || access(path, F_OK) == 0)
        return corpus_text(m->corpus, path, m->failure);
    const char *beside = text_pool_join(&m->corpus->pool, m->folder, path, "");
    if (!beside) fail_memory(m->failure);
    return beside;
}

static const char *make_name(struct manifest *m, const char *id, const char *file, double offset,
                             double duration)
{
    char part[80] = "";
    if (id) return corpus_text(m->corpus, id, m->failure);
    while (*file == '/' && m->corpus->options.names_from_path) file++;
    struct text_part stem = m->corpus->options.names_from_path ? path_without_suffix(file)
                                                               : path_stem(file);
    if (!isnan(offset)) {
        int n = snprintf(part, sizeof part, "-%lld", llround(offset * 1000));
        if (!isnan(duration))
            snprintf(part + n, sizeof part - (size_t)n, "-%lld",
                     llround((offset + duration) * 1000));
    }
    char *name = text_pool_room(&m->corpus->pool, stem.length + strlen(part));
    if (!name) {
        fail_memory(m->failure);
        return NULL;
    }
    memcpy(name, stem.start, stem.length);
    memcpy(name + stem.length, part, strlen(part));
    return name;
}

static bool add_entry(struct manifest *m, const struct json *object)
{
    const char *file, *id, *speaker;
    double offset, duration;
    if (object->type != JSON_OBJECT)
        return line_reader_fail(m->reader, m->failure, "not a JSON object");
    if (!get_text(m, object, "audio_filepath", &file) || !get_text(m, object, "id", &id) ||
        !get_text(m, object, "speaker", &speaker) ||
        !get_seconds(m, object, "offset", &offset) ||
        !get_seconds(m, object, "duration", &duration))
        return false;
    if (!file) return line_reader_fail(m->reader, m->failure, "no \"audio_filepath\"");
    if (json_get(object, "audio_filepath")->type != JSON_STRING)
        return line_reader_fail(m->reader, m->failure, "\"audio_filepath\" must be a text");
    if (strcmp(file, "-") == 0)
        return line_reader_fail(m->reader, m->failure, "'-' (standard input) cannot be in a list");
    if (duration == 0) return line_reader_fail(m->reader, m->failure, "a \"duration\" of 0");

    struct utterance utterance = {.list = m->list,
                                  .line = (uint32_t)line_reader_number(m->reader)};
    utterance.begin_s = isnan(offset) ? 0 : offset;
    if (!isnan(duration)) utterance.end_s = utterance.begin_s + duration;
    utterance.path = find_file(m, file);
    utterance.name = utterance.path ? make_name(m, id, file, offset, duration) : NULL;
    if (!utterance.name) return false;
    if (speaker && !corpus_speaker(m->corpus, (struct text_part){speaker, strlen(speaker)},
                                   &utterance.speaker, m->failure))
        return false;
    struct text_part stem = id ? (struct text_part){id, strlen(id)} : path_stem(file);
    return corpus_add_file(m->corpus, &utterance, stem, m->failure);
}

static bool read_entries(struct manifest *m)
{
    for (size_t n_entry = 0;; n_entry++) {
        char *line;
        const char *reason;
        size_t n, column;
        if (!line_reader_next(m->reader, &line, &n, m->failure)) return false;
        if (!line)
            return n_entry > 0 ? true : fail(m->failure, EXIT_INPUT, "%s: is empty", m->list);
        struct json *object = json_parse(line, n, &column, &reason);
        if (!object)
            return fail(m->failure, EXIT_INPUT, "%s:%zu, column %zu: %s", m->list,
                        line_reader_number(m->reader), column, reason);
        bool good = add_entry(m, object);
        json_free(object);
        if (!good) return false;
    }
}

bool json_manifest_read(struct corpus *corpus, const char *path, struct failure *failure)
{
    struct manifest m = {.corpus = corpus, .failure = failure};
    const char *slash = strrchr(path, '/');
    struct text_part folder = {path, slash ? (size_t)(slash - path) + 1 : 0};
    m.list = corpus_text(corpus, path, failure);
    m.folder = corpus_part(corpus, folder, failure);
    if (!m.list || !m.folder || !line_reader_open(&m.reader, path, failure)) return false;
    bool good = read_entries(&m);
    line_reader_close(m.reader);
    return good;
}
