/* SPDX-License-Identifier: MIT */
#include "tools/corpus/corpus.h"

#include "tools/corpus/tar_archive.h"

#include <stdio.h>
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
    utterance.name = corpus->options.names_from_path ? corpus_path_name(corpus, path, failure)
                                                     : corpus_part(corpus, stem, failure);
    return utterance.path && utterance.name && corpus_add_file(corpus, &utterance, stem, failure);
}

typedef bool list_reader(struct corpus *corpus, const char *path, struct failure *failure);

/* The content decides what a file is. A list of paths has a zero byte near its start only if it is
   gzip, or UTF-16, which is reported. */
static bool is_binary(const char *path)
{
    static const char text_magic[][3] = {"\xFF\xFE", "\xFE\xFF", "\x1F\x8B"};
    char start[512] = "";
    struct stat status;
    bool is_file = stat(path, &status) == 0 && S_ISREG(status.st_mode);
    FILE *file = is_file ? fopen(path, "rb") : NULL;
    size_t n = file ? fread(start, 1, sizeof start, file) : 0;
    if (file) fclose(file);
    for (size_t i = 0; i < sizeof text_magic / sizeof *text_magic; i++)
        if (memcmp(start, text_magic[i], 2) == 0) return false;
    return memchr(start, 0, n) != NULL;
}

/* Lists are recognised by their suffix, which ".gz" may follow. NULL: not a list. */
static list_reader *reader_of(const char *path)
{
    static const struct {
        const char *suffix;
        list_reader *read;
    } list[] = {
        {"tsv", fairseq_manifest_read}, {"jsonl", json_manifest_read}, {"json", json_manifest_read},
        {"scp", kaldi_table_read},      {"txt", path_list_read},       {"lst", path_list_read},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (path_has_text_suffix(path, list[i].suffix))
            return list[i].read == path_list_read && is_binary(path) ? NULL : list[i].read;
    return NULL;
}

static bool add_argument(struct corpus *corpus, const char *argument, struct failure *failure)
{
    struct stat status;
    if (*argument == '\0') return fail(failure, EXIT_USAGE, "the name of an input is empty");
    if (strcmp(argument, "-") == 0) return add_stdin(corpus, failure);
    if (stat(argument, &status) == 0 && S_ISDIR(status.st_mode))
        return folder_read(corpus, argument, failure);
    if (path_tar_suffix(argument) > 0)
        return tar_archive_read(corpus, &(struct tar_place){.path = argument}, failure);
    list_reader *read = reader_of(argument);
    return (read ? read : add_file)(corpus, argument, failure);
}

struct arguments {
    const char *const *text; /* [n] */
    size_t n;
};

/* Tries whether --names path makes all names differ. */
static bool path_names_differ(const struct corpus *corpus, const struct arguments *arguments)
{
    struct corpus_options options = corpus->options;
    struct corpus *other = NULL;
    struct failure ignored;
    if (options.names_from_path) return false;
    options.names_from_path = true;
    bool differ = corpus_open(&other, arguments->text, arguments->n, &options, &ignored);
    corpus_close(other);
    return differ;
}

static bool is_json_line(const struct utterance *utterance)
{
    return utterance->list &&
           (path_has_text_suffix(utterance->list, "jsonl") ||
            path_has_text_suffix(utterance->list, "json"));
}

static bool is_key(const struct corpus *corpus, const struct utterance *utterance)
{
    return utterance->list &&
           (corpus->options.segments || path_has_text_suffix(utterance->list, "scp"));
}

static bool same_without_suffix(const char *a, const char *b)
{
    struct text_part x = path_without_suffix(a), y = path_without_suffix(b);
    return x.length == y.length && memcmp(x.start, y.start, x.length) == 0;
}

/* Returns advice on how to make the names of a and b differ. */
static const char *advice(const struct corpus *corpus, const struct arguments *arguments,
                          const struct utterance *a, const struct utterance *b)
{
    if (is_json_line(a) || is_json_line(b)) return "give each line its own \"id\"";
    if (strcmp(a->path, "-") == 0 || strcmp(b->path, "-") == 0)
        return corpus->options.fixed ? "rename the other input"
                                     : "give standard input another --name";
    if (is_key(corpus, a) || is_key(corpus, b)) return "rename one";
    if (!corpus->options.fixed && path_names_differ(corpus, arguments))
        return "use --names path, or rename one of them";
    if (strcmp(a->path, b->path) == 0) return "it is given twice; leave one out";
    if (!corpus->options.fixed && !a->list && !b->list && !same_without_suffix(a->path, b->path))
        return "give the folder above both with --names path, leave one out, or rename one";
    return "leave one out, or rename one";
}

static bool fail_equal(const struct corpus *corpus, const struct arguments *arguments,
                       const struct utterance *a, const struct utterance *b,
                       struct failure *failure)
{
    char place_a[400], place_b[400];
    return fail(failure, EXIT_USAGE, "%s: has the same name as %s: '%s'; %s",
                utterance_place(b, place_b, sizeof place_b),
                utterance_place(a, place_a, sizeof place_a), a->name,
                advice(corpus, arguments, a, b));
}

static bool index_names(const struct corpus *corpus, const struct arguments *arguments,
                        struct name_index *names, struct failure *failure)
{
    const struct utterance_list *list = &corpus->utterances;
    for (size_t i = 0; i < list->n; i++) {
        const char *name = list->item[i].name;
        uint32_t id, n = names->n;
        if (!name_index_add(names, name, &id, failure)) return false;
        if (id == n)
            names->value[id] = (uint32_t)i;
        else if (!corpus->options.allow_equal_names)
            return fail_equal(corpus, arguments, &list->item[names->value[id]], &list->item[i],
                              failure);
    }
    return true;
}

static bool read_all(struct corpus *corpus, const struct arguments *arguments,
                     struct failure *failure)
{
    const struct corpus_options *options = &corpus->options;
    if (arguments->n == 0) return fail(failure, EXIT_USAGE, "no input");
    for (size_t i = 0; i < arguments->n; i++)
        if (!add_argument(corpus, arguments->text[i], failure)) return false;
    if (options->segments && corpus->recordings.n == 0)
        return fail(failure, EXIT_USAGE, "--segments %s needs an input with suffix .scp",
                    options->segments);
    if (options->segments && !kaldi_segments_read(corpus, options->segments, failure)) return false;

    struct name_index names = {0};
    bool good = index_names(corpus, arguments, &names, failure);
    if (good && options->speakers)
        good = kaldi_speakers_read(corpus, options->speakers, &names, failure);
    name_index_clear(&names);
    return good;
}

bool corpus_open(struct corpus **corpus, const char *const *argument, size_t n_argument,
                 const struct corpus_options *options, struct failure *failure)
{
    const struct arguments arguments = {argument, n_argument};
    struct corpus *c = calloc(1, sizeof *c);
    if (!c) return fail_memory(failure);
    if (options) c->options = *options;
    if (!read_all(c, &arguments, failure)) {
        corpus_close(c);
        return false;
    }
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

struct audio_request audio_request_of(const struct utterance *utterance, uint32_t rate_hz)
{
    return (struct audio_request){
        .path = utterance->path,
        .is_command = utterance->is_command,
        .offset = utterance->offset,
        .member = utterance->member,
        .rate_hz = rate_hz,
        .channel = utterance->channel,
        .begin_s = utterance->begin_s,
        .end_s = utterance->end_s,
        .expected_frames = utterance->declared,
    };
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
    tar_archive_free(corpus);
    text_pool_free(&corpus->pool);
    name_index_clear(&corpus->speakers);
    free(corpus->utterances.item);
    free(corpus->recordings.item);
    free(corpus->warning);
    free(corpus);
}
