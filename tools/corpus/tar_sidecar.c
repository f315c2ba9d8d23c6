/* SPDX-License-Identifier: MIT */
#include "tools/corpus/tar_sidecar.h"

#include "tools/base/growing.h"
#include "tools/base/json.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 1 << 20 };

/* *text = the text of the first of two keys whose value is a text or a number; else NULL. */
static bool read_text(struct corpus *corpus, const struct json *object, const char *key,
                      const char *other_key, const char **text, struct failure *failure)
{
    const char *const keys[] = {key, other_key};
    *text = NULL;
    for (size_t i = 0; i < 2 && !*text; i++) {
        const struct json *value = json_get(object, keys[i]);
        bool is_text = value && (value->type == JSON_STRING || value->type == JSON_NUMBER);
        if (!is_text || !*value->string) continue;
        *text = corpus_text(corpus, value->string, failure);
        if (!*text) return false;
    }
    return true;
}

/* The "id" of a recording of Lhotse is not that of the cut, which is the name of the member. */
static bool read_object(struct tar_sidecar *sidecar, struct corpus *corpus,
                        const struct json *object, struct failure *failure)
{
    return (json_get(object, "sources") ||
            read_text(corpus, object, "id", "id", &sidecar->id, failure)) &&
           read_text(corpus, object, "speaker", "speaker_id", &sidecar->speaker, failure);
}

static bool note_bad(struct tar_sidecars *sidecars, struct corpus *corpus, const char *name,
                     const char *reason, struct failure *failure)
{
    if (sidecars->n_bad++ > 0) return true;
    sidecars->bad = text_pool_join(&corpus->pool, name, ": ", reason);
    return sidecars->bad || fail_memory(failure);
}

static bool add(struct tar_sidecars *sidecars, const struct tar_sidecar *sidecar,
                struct failure *failure)
{
    if (!grow(&sidecars->item, &sidecars->capacity, sidecars->n + 1, sizeof *sidecars->item,
              failure))
        return false;
    sidecars->item[sidecars->n++] = *sidecar;
    return true;
}

static bool parse(struct tar_sidecars *sidecars, struct corpus *corpus, const char *name,
                  const char *text, size_t n, struct failure *failure)
{
    const char *reason = "is larger than 1 MB";
    size_t column;
    struct json *json = n <= MOST_BYTES ? json_parse(text, n, &column, &reason) : NULL;
    if (!json) return note_bad(sidecars, corpus, name, reason, failure);
    struct tar_sidecar sidecar = {
        .key = corpus_part(corpus, path_without_suffix(name), failure)};
    bool good = sidecar.key && (json->type != JSON_OBJECT ||
                                (read_object(&sidecar, corpus, json, failure) &&
                                 add(sidecars, &sidecar, failure)));
    json_free(json);
    return good;
}

bool tar_sidecars_add(struct tar_sidecars *sidecars, struct corpus *corpus,
                      struct tar_reader *reader, const char *name, struct failure *failure)
{
    char *text = malloc(MOST_BYTES + 2); /* one more than is accepted, and a final zero */
    if (!text) return fail_memory(failure);
    size_t n = tar_reader_data(reader, text, MOST_BYTES + 1);
    text[n] = '\0';
    bool good = parse(sidecars, corpus, name, text, n, failure);
    free(text);
    return good;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct tar_sidecar *)a)->key, ((const struct tar_sidecar *)b)->key);
}

void tar_sidecars_sort(struct tar_sidecars *sidecars)
{
    if (sidecars->n > 1)
        qsort(sidecars->item, sidecars->n, sizeof *sidecars->item, by_key);
}

static const struct tar_sidecar *find(const struct tar_sidecars *sidecars, struct text_part key)
{
    size_t low = 0, high = sidecars->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct tar_sidecar *item = &sidecars->item[middle];
        int order = strncmp(item->key, key.start, key.length);
        if (order == 0 && item->key[key.length] == '\0') return item;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

struct tar_sidecar tar_sidecars_find(const struct tar_sidecars *sidecars, const char *name)
{
    struct text_part whole = path_without_suffix(name), group = whole;
    const struct tar_sidecar *found = find(sidecars, whole);
    if (found) return *found;
    const char *file = path_stem(name).start, *dot = strchr(file, '.');
    if (dot) group.length = (size_t)(dot - name);
    found = find(sidecars, group);
    return (struct tar_sidecar){.speaker = found ? found->speaker : NULL};
}

void tar_sidecars_free(struct tar_sidecars *sidecars)
{
    free(sidecars->item);
    *sidecars = (struct tar_sidecars){0};
}
