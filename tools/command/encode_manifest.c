/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_manifest.h"

#include "tools/base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *without_dot(const char *path)
{
    while (path[0] == '.' && path[1] == '/') path += 1 + strspn(path + 1, "/");
    return path;
}

/* Splits the absolute path into a followed by b. */
static void parts_of(const struct encode_manifest *m, const char *path, const char **a,
                     const char **b)
{
    *a = *path == '/' ? "" : m->folder;
    *b = without_dot(path);
}

static const char *what_is_wrong(const struct encode_item *item)
{
    const struct utterance *utterance = item->utterance;
    if (utterance->kind != CORPUS_AUDIO) return "vectors have no samples";
    if (utterance->is_command || strcmp(utterance->path, "-") == 0) return "it is a pipe";
    if (utterance->offset > 0) return "it is a part of an archive";
    if (utterance->begin_s > 0) return "it is a part of a file";
    if (item->name != utterance->name) return "its channels are separate utterances; choose one by "
                                              "--channel";
    return NULL;
}

/* fairseq splits lines at the TAB and strips white space at both ends. */
static bool holds_path(const char *path)
{
    char *copy = strdup(path);
    bool holds = copy && !strpbrk(copy, "\t\n\r") && strlen(utf8_strip(copy)) == strlen(path);
    free(copy);
    return holds;
}

static bool check_item(const struct encode_item *item, struct failure *failure)
{
    const char *wrong = what_is_wrong(item);
    if (wrong)
        return fail(failure, EXIT_USAGE,
                    "%s: a manifest cannot list it: %s; leave out "
                    "--tsv", utterance_label(item->utterance), wrong);
    return holds_path(item->utterance->path) ||
           fail(failure, EXIT_USAGE, "%s: a manifest cannot list this path; rename the file",
                item->utterance->path);
}

/* Shortens the root to the deepest folder that also contains the path. */
static void cut_root(struct encode_manifest *m, const char *path)
{
    const char *part[2];
    size_t n = 0, n_folder = 0;
    parts_of(m, path, &part[0], &part[1]);
    for (int i = 0; i < 2; i++)
        for (const char *c = part[i]; *c; c++) {
            if (m->root[n] != *c) {
                m->root[n_folder] = '\0';
                return;
            }
            if (m->root[n++] == '/') n_folder = n;
        }
}

/* Starts with the folder of the first path. */
static bool begin_root(struct encode_manifest *m, const char *path, struct failure *failure)
{
    const char *part[2];
    parts_of(m, path, &part[0], &part[1]);
    m->root = malloc(strlen(part[0]) + strlen(part[1]) + 1);
    if (!m->root) return fail_memory(failure);
    sprintf(m->root, "%s%s", part[0], part[1]);
    strrchr(m->root, '/')[1] = '\0';
    return true;
}

static bool find_folder(struct encode_manifest *m, struct failure *failure)
{
    char *here = getcwd(NULL, 0);
    if (!here) return fail(failure, EXIT_INTERNAL, ".: %s", strerror(errno));
    m->folder = malloc(strlen(here) + 2);
    if (m->folder) sprintf(m->folder, "%s%s", here, here[1] ? "/" : "");
    free(here);
    return m->folder || fail_memory(failure);
}

static bool state_root(struct encode_manifest *m, struct failure *failure)
{
    size_t n = m->root ? strlen(m->root) : 0;
    m->line = n > 1 ? strndup(m->root, n - 1) : strdup("/");
    if (!m->line) return fail_memory(failure);
    return holds_path(m->line) ||
           fail(failure, EXIT_USAGE, "%s: a manifest cannot list this path; rename the folder",
                m->line);
}

static bool find_root(struct encode_manifest *m, const struct encode_items *items,
                      struct failure *failure)
{
    if (!find_folder(m, failure)) return false;
    for (size_t i = 0; i < items->n; i++) {
        const char *path = items->item[i].utterance->path;
        if (!check_item(&items->item[i], failure)) return false;
        if (!m->root && !begin_root(m, path, failure)) return false;
        cut_root(m, path);
    }
    return state_root(m, failure);
}

bool encode_manifest_open(struct encode_manifest *manifest, const struct encode_items *items,
                          struct failure *failure)
{
    *manifest = (struct encode_manifest){0};
    if (find_root(manifest, items, failure)) return true;
    encode_manifest_free(manifest);
    return false;
}

char *encode_manifest_path(const struct encode_manifest *m, const struct utterance *utterance)
{
    const char *part[2];
    parts_of(m, utterance->path, &part[0], &part[1]);
    size_t n_root = strlen(m->root), n_first = strlen(part[0]);
    char *path = malloc(n_first + strlen(part[1]) + 1);
    if (!path) return NULL;
    sprintf(path, "%s%s", part[0], part[1]);
    memmove(path, path + n_root, strlen(path + n_root) + 1);
    return path;
}

void encode_manifest_free(struct encode_manifest *manifest)
{
    free(manifest->root);
    free(manifest->line);
    free(manifest->folder);
    *manifest = (struct encode_manifest){0};
}
