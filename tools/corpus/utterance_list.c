/* SPDX-License-Identifier: MIT */
#include "tools/corpus/utterance_list.h"

#include "tools/base/growing.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool utterance_list_add(struct utterance_list *list, const struct utterance *utterance,
                        struct failure *failure)
{
    if (list->n == UINT32_MAX)
        return fail(failure, EXIT_INPUT, "more than %zu inputs; split the list", list->n);
    if (!grow(&list->item, &list->capacity, list->n + 1, sizeof *list->item, failure)) return false;
    list->item[list->n++] = *utterance;
    return true;
}

const char *corpus_part(struct corpus *corpus, struct text_part part, struct failure *failure)
{
    const char *copy = text_pool_copy(&corpus->pool, part.start, part.length);
    if (!copy) fail_memory(failure);
    return copy;
}

const char *corpus_text(struct corpus *corpus, const char *text, struct failure *failure)
{
    return corpus_part(corpus, (struct text_part){text, strlen(text)}, failure);
}

const char *corpus_path_name(struct corpus *corpus, const char *path, struct failure *failure)
{
    char *name = text_pool_room(&corpus->pool, strlen(path));
    if (name)
        path_write_name(path, name);
    else
        fail_memory(failure);
    return name;
}

const char *corpus_clean_path(struct corpus *corpus, const char *path, struct failure *failure)
{
    char *clean = text_pool_room(&corpus->pool, strlen(path));
    if (clean)
        path_write_clean(path, clean);
    else
        fail_memory(failure);
    return clean;
}

const char *corpus_listed_path(struct corpus *corpus, const char *list, const char *path,
                               struct failure *failure)
{
    const char *slash = strrchr(list, '/');
    if (*path == '/' || !slash || access(path, F_OK) == 0)
        return corpus_text(corpus, path, failure);
    const char *folder = text_pool_copy(&corpus->pool, list, (size_t)(slash - list) + 1);
    const char *beside = folder ? text_pool_join(&corpus->pool, folder, path, "") : NULL;
    if (!beside) fail_memory(failure);
    return beside;
}

bool corpus_speaker(struct corpus *corpus, struct text_part part, const char **speaker,
                    struct failure *failure)
{
    *speaker = NULL;
    if (!part.start || part.length == 0) return true;
    uint32_t id;
    if (!name_index_add_part(&corpus->speakers, part.start, part.length, &id, failure))
        return false;
    *speaker = corpus->speakers.name[id];
    return true;
}

bool corpus_add_file(struct corpus *corpus, struct utterance *utterance, struct text_part stem,
                     struct failure *failure)
{
    if (utterance->list && !*utterance->name)
        return fail(failure, EXIT_INPUT, "%s:%u: '%s' has no name", utterance->list,
                    utterance->line, utterance->path);
    utterance->kind = !utterance->is_command && path_has_suffix(utterance->path, "npy")
                          ? CORPUS_VECTORS
                          : CORPUS_AUDIO;
    struct text_part speaker = name_speaker(stem, utterance->is_command ? NULL : utterance->path);
    if (!utterance->speaker && !corpus_speaker(corpus, speaker, &utterance->speaker, failure))
        return false;
    return utterance_list_add(&corpus->utterances, utterance, failure);
}

bool corpus_takes(const struct corpus_options *options, const char *name)
{
    switch (options->suffixes) {
    case CORPUS_SUFFIXES_RAW: return path_audio(name) == PATH_RAW_AUDIO;
    case CORPUS_SUFFIXES_VECTORS: return path_has_suffix(name, "npy");
    default: return path_audio(name) == PATH_AUDIO;
    }
}

bool corpus_warn(struct corpus *corpus, struct failure *failure, const char *format, ...)
{
    struct failure sentence;
    va_list values;
    va_start(values, format);
    failure_set(&sentence, EXIT_INPUT, format, values);
    va_end(values);
    if (!grow(&corpus->warning, &corpus->warning_capacity, corpus->n_warning + 1,
              sizeof *corpus->warning, failure))
        return false;
    const char *text = corpus_text(corpus, sentence.text, failure);
    if (text) corpus->warning[corpus->n_warning++] = text;
    return text != NULL;
}

const char *utterance_label(const struct utterance *utterance)
{
    return utterance->member ? utterance->member->label : utterance->path;
}

const char *utterance_place(const struct utterance *utterance, char *text, size_t size)
{
    if (utterance->list)
        snprintf(text, size, "%s:%u", utterance->list, utterance->line);
    else
        snprintf(text, size, "%s",
                 strcmp(utterance->path, "-") ? utterance_label(utterance) : "stdin");
    return text;
}
