/* SPDX-License-Identifier: MIT */
#include "tools/corpus/json_entry.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Reads the path, under one of the keys that tools use: a text, or {"path": TEXT}. */
static bool read_file(const struct json_manifest *m, const struct json *object, const char **file)
{
    static const char *const keys[] = {"audio_filepath", "audio", "path", "wav"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct json *value = json_get(object, keys[i]);
        if (!value || value->type == JSON_NULL) continue;
        if (value->type == JSON_NUMBER)
            return json_manifest_fail(m, "\"%s\" must be a text", keys[i]);
        if (value->type != JSON_OBJECT) return json_entry_text(m, object, keys[i], file);
        if (!json_entry_text(m, value, "path", file)) return false;
        if (*file) return true;
        return json_manifest_fail(m, "\"%s\" has no \"path\"; save the audio in a file first",
                                  keys[i]);
    }
    if (json_get(object, "recording_id"))
        return json_manifest_fail(m,
                                  "a Lhotse supervision names no file; give the manifest of its "
                                  "cuts");
    return json_manifest_fail(m,
                              "there is no \"audio_filepath\" (nor \"audio\", \"path\", \"wav\")");
}

static bool read_plain(const struct json_manifest *m, const struct json *object,
                       struct json_entry *entry)
{
    const char *start = json_get(object, "offset") ? "offset" : "start";
    return read_file(m, object, &entry->file) && json_entry_text(m, object, "id", &entry->id) &&
           json_entry_text(m, object, "speaker", &entry->speaker) &&
           json_entry_seconds(m, object, start, &entry->offset) &&
           json_entry_seconds(m, object, "duration", &entry->duration);
}

static const char *make_name(struct json_manifest *m, const struct json_entry *entry)
{
    char part[80] = "";
    if (entry->id) return corpus_text(m->corpus, entry->id, m->failure);
    const char *stem = m->corpus->options.names_from_path
                           ? corpus_path_name(m->corpus, entry->file, m->failure)
                           : corpus_part(m->corpus, path_stem(entry->file), m->failure);
    if (!stem || !*stem || isnan(entry->offset)) return stem;
    int n = snprintf(part, sizeof part, "-%lld", llround(entry->offset * 1000));
    if (!isnan(entry->duration))
        snprintf(part + n, sizeof part - (size_t)n, "-%lld",
                 llround((entry->offset + entry->duration) * 1000));
    const char *name = text_pool_join(&m->corpus->pool, stem, part, "");
    if (!name) fail_memory(m->failure);
    return name;
}

static bool add_entry(struct json_manifest *m, const struct json *object)
{
    struct json_entry entry = {.offset = NAN, .duration = NAN};
    if (object->type != JSON_OBJECT) return json_manifest_fail(m, "is not a JSON object");
    if (!(lhotse_is_entry(object) ? lhotse_read_entry(m, object, &entry)
                                  : read_plain(m, object, &entry)))
        return false;
    if (strcmp(entry.file, "-") == 0)
        return json_manifest_fail(m, "'-' (standard input) cannot be in a list");
    if (entry.duration == 0) return json_manifest_fail(m, "the \"duration\" is 0; remove the line");

    struct utterance utterance = {.list = m->list,
                                  .line = (uint32_t)line_reader_number(m->reader),
                                  .channel = entry.channel};
    utterance.begin_s = isnan(entry.offset) ? 0 : entry.offset;
    if (!isnan(entry.duration)) utterance.end_s = utterance.begin_s + entry.duration;
    utterance.path = corpus_listed_path(m->corpus, m->list, entry.file, m->failure);
    utterance.name = utterance.path ? make_name(m, &entry) : NULL;
    if (!utterance.name) return false;
    struct text_part speaker = {entry.speaker, entry.speaker ? strlen(entry.speaker) : 0};
    if (!corpus_speaker(m->corpus, speaker, &utterance.speaker, m->failure)) return false;
    struct text_part stem = entry.id ? (struct text_part){entry.id, strlen(entry.id)}
                                     : path_stem(entry.file);
    return corpus_add_file(m->corpus, &utterance, stem, m->failure);
}

static bool add_line(struct json_manifest *m, const char *line, size_t n)
{
    const char *reason;
    size_t column;
    if (line[strspn(line, " \t")] == '[')
        return json_manifest_fail(m,
                                  "is an array, but the list must have one JSON object per line; "
                                  "convert it by jq -c '.[]' FILE");
    struct json *object = json_parse(line, n, &column, &reason);
    if (!object)
        return fail(m->failure, EXIT_INPUT,
                    "%s:%zu, column %zu: %s; each line must be one whole JSON object", m->list,
                    line_reader_number(m->reader), column, reason);
    bool good = add_entry(m, object);
    json_free(object);
    return good;
}

static bool read_entries(struct json_manifest *m)
{
    for (bool any = false;;) {
        char *line;
        size_t n;
        if (!line_reader_next(m->reader, &line, &n, m->failure)) return false;
        if (!line) return any || fail(m->failure, EXIT_INPUT, "%s: is empty", m->list);
        if (line[strspn(line, " \t\r")] == '\0') continue;
        if (!add_line(m, line, n)) return false;
        any = true;
    }
}

bool json_manifest_read(struct corpus *corpus, const char *path, struct failure *failure)
{
    struct json_manifest m = {.corpus = corpus, .failure = failure};
    m.list = corpus_text(corpus, path, failure);
    if (!m.list || !line_reader_open(&m.reader, path, failure)) return false;
    bool good = read_entries(&m);
    line_reader_close(m.reader);
    return good;
}
