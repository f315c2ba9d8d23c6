/* SPDX-License-Identifier: MIT */
#include "tools/corpus/corpus.h"

#include "tools/corpus/utterance_list.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool add_stdin(struct corpus *corpus, struct failure *failure)
{
    const char *name = corpus->options.stdin_name ? corpus->options.stdin_name : "stdin";
    const struct utterance_list *list = &corpus->utterances;
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->item[i].path, "-") == 0)
            return fail(failure, EXIT_USAGE, "'-' (standard input) is given twice");
    struct utterance utterance = {.path = "-"};
    utterance.name = corpus_text(corpus, name, failure);
    return utterance.name && utterance_list_add(&corpus->utterances, &utterance, failure);
}

static bool add_file(struct corpus *corpus, const char *path, struct failure *failure)
{
    struct text_part stem = path_stem(path);
    struct utterance utterance = {.path = corpus_text(corpus, path, failure)};
    utterance.name = utterance.path ? corpus_part(corpus, stem, failure) : NULL;
    return utterance.name && corpus_add_file(corpus, &utterance, stem, failure);
}

static bool add_argument(struct corpus *corpus, const char *argument, struct failure *failure)
{
    struct stat status;
    if (*argument == '\0') return fail(failure, EXIT_USAGE, "an input with an empty name");
    if (strcmp(argument, "-") == 0) return add_stdin(corpus, failure);
    if (stat(argument, &status) == 0 && S_ISDIR(status.st_mode))
        return folder_read(corpus, argument, failure);
    if (path_has_suffix(argument, "tsv")) return fairseq_manifest_read(corpus, argument, failure);
    if (path_has_suffix(argument, "jsonl")) return json_manifest_read(corpus, argument, failure);
    if (path_has_suffix(argument, "scp")) return kaldi_table_read(corpus, argument, failure);
    return add_file(corpus, argument, failure);
}

/* A table gives its own names; --names path would change none. */
static bool is_named_by_path(const struct corpus *corpus, const struct utterance *utterance)
{
    return !utterance->list ||
           (!corpus->options.segments && !path_has_suffix(utterance->list, "scp"));
}

static bool fail_equal(const struct corpus *corpus, const struct utterance *a,
                       const struct utterance *b, struct failure *failure)
{
    char place_a[400], place_b[400];
    bool can_help = !corpus->options.names_from_path && is_named_by_path(corpus, a) &&
                    is_named_by_path(corpus, b);
    return fail(failure, EXIT_USAGE, "%s: has the same name as %s: '%s'; %s",
                utterance_place(b, place_b, sizeof place_b),
                utterance_place(a, place_a, sizeof place_a), a->name,
                can_help ? "use --names path, or rename one" : "rename one");
}

static bool index_names(const struct corpus *corpus, struct name_table *names,
                        struct failure *failure)
{
    const struct utterance_list *list = &corpus->utterances;
    for (size_t i = 0; i < list->n; i++) {
        const char *name = list->item[i].name;
        const struct name_entry *same = name_table_find(names, name, strlen(name));
        if (same && corpus->options.allow_equal_names) continue;
        if (same) return fail_equal(corpus, &list->item[same->value], &list->item[i], failure);
        if (!name_table_add(names, name, (uint32_t)i)) return fail_memory(failure);
    }
    return true;
}

static bool read_all(struct corpus *corpus, const char *const *argument, size_t n_argument,
                     struct failure *failure)
{
    const struct corpus_options *options = &corpus->options;
    if (n_argument == 0) return fail(failure, EXIT_USAGE, "no input is given");
    for (size_t i = 0; i < n_argument; i++)
        if (!add_argument(corpus, argument[i], failure)) return false;
    if (options->segments && corpus->recordings.n == 0)
        return fail(failure, EXIT_USAGE, "--segments %s needs an input with suffix .scp",
                    options->segments);
    if (options->segments && !kaldi_segments_read(corpus, options->segments, failure)) return false;

    struct name_table names = {0};
    bool good = index_names(corpus, &names, failure);
    if (good && options->speakers)
        good = kaldi_speakers_read(corpus, options->speakers, &names, failure);
    name_table_free(&names);
    return good;
}

bool corpus_open(struct corpus **corpus, const char *const *argument, size_t n_argument,
                 const struct corpus_options *options, struct failure *failure)
{
    struct corpus *c = calloc(1, sizeof *c);
    if (!c) return fail_memory(failure);
    if (options) c->options = *options;
    if (!read_all(c, argument, n_argument, failure)) {
        corpus_close(c);
        return false;
    }
    name_table_free(&c->speakers);
    free(c->recordings.item);
    c->recordings = (struct utterance_list){0};
    *corpus = c;
    return true;
}

size_t corpus_size(const struct corpus *corpus)
{
    return corpus->utterances.n;
}

const struct utterance *corpus_get(const struct corpus *corpus, size_t i)
{
    return &corpus->utterances.item[i];
}

size_t corpus_n_warning(const struct corpus *corpus)
{
    return corpus->n_warning;
}

const char *corpus_warning(const struct corpus *corpus, size_t i)
{
    return corpus->warning[i];
}

void corpus_close(struct corpus *corpus)
{
    if (!corpus) return;
    text_pool_free(&corpus->pool);
    name_table_free(&corpus->speakers);
    free(corpus->utterances.item);
    free(corpus->recordings.item);
    free(corpus->warning);
    free(corpus);
}
