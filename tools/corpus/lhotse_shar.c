/* SPDX-License-Identifier: MIT */
#include "tools/corpus/lhotse_shar.h"

#include "tools/base/json.h"

#include <string.h>
#include <unistd.h>

/* The part of a tar's name between FIELD and the suffix, ".NUMBER"; of length 0: there is none. */
static struct text_part number_of(const char *tar)
{
    const char *file = path_stem(tar).start, *dot = strchr(file, '.');
    const char *end = file + strlen(file) - path_tar_suffix(tar);
    return (struct text_part){dot, dot && dot < end ? (size_t)(end - dot) : 0};
}

/* *path = the file of the cuts of a tar; NULL: there is none. */
static bool find_cuts(struct corpus *corpus, const char *tar, const char **path,
                      struct failure *failure)
{
    static const char *const suffix[] = {".jsonl.gz", ".jsonl"};
    struct text_part number = number_of(tar);
    const char *folder = text_pool_copy(&corpus->pool, tar, (size_t)(path_stem(tar).start - tar));
    const char *middle = text_pool_copy(&corpus->pool, number.start, number.length);
    *path = NULL;
    for (size_t i = 0; folder && middle && number.length > 0 && i < 2; i++) {
        const char *start = text_pool_join(&corpus->pool, folder, "cuts", middle);
        *path = start ? text_pool_join(&corpus->pool, start, suffix[i], "") : NULL;
        if (!*path) return fail_memory(failure);
        if (access(*path, F_OK) == 0) return true;
        *path = NULL;
    }
    return (folder && middle) || fail_memory(failure);
}

static const char *text_of(const struct json *object, const char *key)
{
    const struct json *value = json_get(object, key);
    return value && value->type == JSON_STRING && *value->string ? value->string : NULL;
}

/* Returns the speaker of the first supervision that names one, as in a manifest of cuts. */
static const char *speaker_of(const struct json *cut)
{
    const struct json *list = json_get(cut, "supervisions");
    const char *speaker = NULL;
    for (const struct json *one = list ? list->child : NULL; one && !speaker; one = one->next)
        speaker = text_of(one, "speaker");
    return speaker;
}

static bool add_cut(struct corpus *corpus, struct name_index *cuts, const struct json *cut,
                    struct failure *failure)
{
    const char *id = text_of(cut, "id"), *speaker = speaker_of(cut);
    uint32_t number, place;
    if (!id || !speaker) return true;
    if (!name_index_add(&corpus->speakers, speaker, &number, failure) ||
        !name_index_add(cuts, id, &place, failure))
        return false;
    cuts->value[place] = number;
    return true;
}

static bool read_cuts(struct corpus *corpus, struct line_reader *reader, struct name_index *cuts,
                      struct failure *failure)
{
    char *line;
    size_t n, column;
    const char *reason;
    while (line_reader_next(reader, &line, &n, failure)) {
        if (!line) return true;
        if (n == 0) continue;
        struct json *cut = json_parse(line, n, &column, &reason);
        if (!cut) return line_reader_fail(reader, failure, "%s", reason);
        bool good = add_cut(corpus, cuts, cut, failure);
        json_free(cut);
        if (!good) return false;
    }
    return false;
}

bool lhotse_shar_speakers(struct corpus *corpus, const char *tar, struct name_index *cuts,
                          struct failure *failure)
{
    const char *path;
    struct line_reader *reader;
    struct failure own;
    if (!find_cuts(corpus, tar, &path, failure)) return false;
    if (!path) return true;
    bool good = line_reader_open(&reader, path, &own);
    if (good) {
        good = read_cuts(corpus, reader, cuts, &own);
        line_reader_close(reader);
    }
    if (good) return true;
    if (own.code != EXIT_INPUT) {
        *failure = own;
        return false;
    }
    return corpus_warn(corpus, failure, "%s; speakers are taken from names instead", own.text);
}
