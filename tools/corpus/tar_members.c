/* SPDX-License-Identifier: MIT */
#include "tools/corpus/tar_members.h"

#include "tools/base/growing.h"

#include <stdlib.h>
#include <string.h>

/* As in a folder: names that begin with a dot belong to the system and to other programs. */
static bool is_hidden(const char *name)
{
    return name[0] == '.' || strstr(name, "/.");
}

static bool add_member(struct tar_members *members, const char *name,
                       const struct tar_entry *entry, struct failure *failure)
{
    if (!grow(&members->item, &members->capacity, members->n + 1, sizeof *members->item, failure))
        return false;
    members->item[members->n++] =
        (struct tar_member){name, entry->kind, entry->offset, entry->size};
    return true;
}

static bool add_entry(struct tar_members *members, struct corpus *corpus,
                      struct tar_reader *reader, const struct tar_entry *entry,
                      struct failure *failure)
{
    bool is_audio = corpus_takes(&corpus->options, entry->name);
    bool is_sidecar = entry->kind == TAR_FILE && path_has_suffix(entry->name, "json");
    if (entry->kind == TAR_OTHER || (!is_audio && !is_sidecar)) return true;
    const char *name = corpus_clean_path(corpus, entry->name, failure);
    if (!name) return false;
    if (is_hidden(name)) return true;
    return is_audio ? add_member(members, name, entry, failure)
                    : tar_sidecars_add(&members->sidecars, corpus, reader, name, failure);
}

static bool read_entries(struct tar_members *members, struct corpus *corpus,
                         struct tar_reader *reader, struct failure *failure)
{
    struct tar_entry entry;
    while (tar_reader_next(reader, &entry))
        if (!add_entry(members, corpus, reader, &entry, failure)) return false;
    members->end = tar_reader_end(reader);
    if (!members->end.reason) return true;
    members->end.reason = corpus_text(corpus, members->end.reason, failure);
    return members->end.reason != NULL;
}

static int by_name(const void *a, const void *b)
{
    const struct tar_member *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : (x->offset > y->offset) - (x->offset < y->offset);
}

/* Sorts. Of members with one name the last one stays, as when the tar is unpacked. */
static void sort(struct tar_members *members)
{
    size_t n = 0;
    if (members->n > 1) qsort(members->item, members->n, sizeof *members->item, by_name);
    for (size_t i = 0; i < members->n; i++) {
        bool is_last = i + 1 == members->n ||
                       strcmp(members->item[i].name, members->item[i + 1].name) != 0;
        if (is_last)
            members->item[n++] = members->item[i];
        else if (members->n_replaced++ == 0)
            members->replaced = members->item[i].name;
    }
    members->n = n;
}

bool tar_members_read(struct tar_members *members, struct corpus *corpus, const char *path,
                      struct failure *failure)
{
    struct tar_reader *reader;
    if (!tar_reader_open(&reader, corpus->library, path, failure)) return false;
    bool good = read_entries(members, corpus, reader, failure);
    tar_reader_close(reader);
    sort(members);
    tar_sidecars_sort(&members->sidecars);
    return good;
}

void tar_members_free(struct tar_members *members)
{
    tar_sidecars_free(&members->sidecars);
    free(members->item);
    *members = (struct tar_members){0};
}
