/* SPDX-License-Identifier: MIT */
#include "tools/corpus/tar_archive.h"

#include "tools/base/growing.h"
#include "tools/base/unpacked_tars.h"
#include "tools/corpus/lhotse_shar.h"
#include "tools/corpus/tar_members.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The members of one tar that utterances point to. */
struct audio_members {
    struct audio_members *next;
    struct audio_member item[];
};

struct listing {
    struct corpus *corpus;
    const struct tar_place *place;
    const char *path; /* of the tar */
    struct tar_members members;
    struct name_index cuts;
    struct failure *failure;
};

static bool load(struct corpus *corpus, const char *path, struct failure *failure)
{
    if (corpus->library) return true;
    if (!libarchive_load(&corpus->library, path, failure)) return false;
    corpus->unpacked = unpacked_tars_new(corpus->library);
    return corpus->unpacked || fail_memory(failure);
}

static struct audio_member *new_members(struct corpus *corpus, size_t n, struct failure *failure)
{
    struct audio_members *members =
        zeroed(1, sizeof *members + n * sizeof members->item[0], failure);
    if (!members) return NULL;
    members->next = corpus->members;
    corpus->members = members;
    return members->item;
}

static const char *fault_text(struct corpus *corpus, const char *label, const char *what,
                              const char *reason, struct failure *failure)
{
    struct failure sentence;
    fail(&sentence, EXIT_INPUT, "%s: %s%s", label, what, reason);
    return corpus_text(corpus, sentence.text, failure);
}

/* *fault = why a member cannot be read; NULL: it can. */
static bool find_fault(const struct listing *l, const struct tar_member *member, const char *label,
                       const char **fault)
{
    bool is_cut = l->members.end.reason && member->offset + member->size > l->members.end.position;
    const char *what =
        member->kind == TAR_LINK     ? "is a link, which is not followed inside a tar; store the "
                                       "file itself (tar --dereference --hard-dereference)"
        : member->kind == TAR_SPARSE ? "is stored as a sparse file; store all of it (tar without "
                                       "--sparse)"
        : is_cut                     ? "is not whole; the tar is cut off or damaged here: "
                                     : NULL;
    *fault = NULL;
    if (!what) return true;
    *fault = fault_text(l->corpus, label, what, is_cut ? l->members.end.reason : "", l->failure);
    return *fault != NULL;
}

static const char *make_name(const struct listing *l, const struct tar_member *member,
                             const char *id)
{
    if (id) return id;
    if (!l->corpus->options.names_from_path)
        return corpus_part(l->corpus, path_stem(member->name), l->failure);
    const char *name = corpus_path_name(l->corpus, member->name, l->failure);
    if (!name || !l->place->prefix) return name;
    name = text_pool_join(&l->corpus->pool, l->place->prefix, "/", name);
    if (!name) fail_memory(l->failure);
    return name;
}

static bool set_speaker(struct listing *l, const struct tar_member *member,
                        const struct tar_sidecar *stated, struct utterance *utterance)
{
    const char *key = corpus_part(l->corpus, path_without_suffix(member->name), l->failure);
    if (!key) return false;
    uint32_t cut = name_index_find(&l->cuts, key);
    struct text_part speaker =
        stated->speaker ? (struct text_part){stated->speaker, strlen(stated->speaker)}
        : stated->id    ? name_speaker((struct text_part){stated->id, strlen(stated->id)},
                                       member->name)
                        : name_speaker(path_stem(member->name), member->name);
    if (cut == NO_NAME)
        return corpus_speaker(l->corpus, speaker, &utterance->speaker, l->failure);
    utterance->speaker = l->corpus->speakers.name[l->cuts.value[cut]];
    return true;
}

static struct utterance new_utterance(const struct listing *l, const struct audio_member *member)
{
    return (struct utterance){.path = l->path, .list = l->place->list, .line = l->place->line,
                              .kind = CORPUS_AUDIO, .member = member};
}

static bool add_member(struct listing *l, const struct tar_member *member,
                       struct audio_member *audio)
{
    struct tar_sidecar stated = tar_sidecars_find(&l->members.sidecars, member->name);
    struct utterance utterance = new_utterance(l, audio);
    utterance.offset = member->offset;
    utterance.name = make_name(l, member, stated.id);
    audio->size = member->size;
    audio->unpacked = l->members.end.is_packed ? l->corpus->unpacked : NULL;
    audio->label = text_pool_join(&l->corpus->pool, l->path, ": ", member->name);
    if (!audio->label) return fail_memory(l->failure);
    return utterance.name && find_fault(l, member, audio->label, &audio->fault) &&
           set_speaker(l, member, &stated, &utterance) &&
           utterance_list_add(&l->corpus->utterances, &utterance, l->failure);
}

/* Adds the tar itself as an utterance that fails when it is opened. */
static bool add_fault(struct listing *l, const char *fault)
{
    struct audio_member *audio = new_members(l->corpus, 1, l->failure);
    if (!audio) return false;
    *audio = (struct audio_member){.label = l->path, .fault = fault};
    struct utterance utterance = new_utterance(l, audio);
    utterance.name = l->path;
    return fault && utterance_list_add(&l->corpus->utterances, &utterance, l->failure);
}

static bool warn(const struct listing *l)
{
    const struct tar_members *m = &l->members;
    if (m->n_replaced > 0 &&
        !corpus_warn(l->corpus, l->failure,
                     "%s: %s: the tar holds this name more than once; the last one is read, "
                     "as when it is unpacked (%zu such members are not read)", l->path, m->replaced,
                     m->n_replaced))
        return false;
    if (m->sidecars.n_bad > 0 &&
        !corpus_warn(l->corpus, l->failure,
                     "%s: %s; what it states is ignored (%zu such files)", l->path, m->sidecars.bad,
                     m->sidecars.n_bad))
        return false;
    return m->end.reason || m->end.is_marked ||
           corpus_warn(l->corpus, l->failure,
                       "%s: has no mark at its end; if it was cut off there, members are missing",
                       l->path);
}

static bool add_end(struct listing *l)
{
    const struct tar_members *m = &l->members;
    char what[160];
    if (m->end.reason) {
        snprintf(what, sizeof what, "is cut off or damaged at byte %llu%s, and nothing is read "
                 "from there on: ", (unsigned long long)m->end.position,
                 m->end.is_packed ? " of its unpacked content" : "");
        return add_fault(l, fault_text(l->corpus, l->path, what, m->end.reason, l->failure));
    }
    if (m->n > 0 || l->place->may_be_empty) return true;
    return add_fault(l, fault_text(l->corpus, l->path, "is a tar that holds no audio files", "",
                                   l->failure));
}

static bool add_all(struct listing *l)
{
    struct tar_members *m = &l->members;
    struct audio_member *audio = new_members(l->corpus, m->n, l->failure);
    if (!audio || !lhotse_shar_speakers(l->corpus, l->path, &l->cuts, l->failure)) return false;
    for (size_t i = 0; i < m->n; i++)
        if (!add_member(l, &m->item[i], &audio[i])) return false;
    return warn(l) && add_end(l);
}

/* Returns why a file cannot be read more than once; NULL: it can. */
static const char *find_obstacle(const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return strerror(errno);
    bool is_file = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    close(fd);
    return is_file ? NULL : "it is not a regular file; a tar is read more than once, so copy it to "
                            "a file first";
}

/* A tar that is not a file, or not a tar, fails alone. */
static bool read_tar(struct listing *l)
{
    struct failure own = {0};
    const char *obstacle = find_obstacle(l->path);
    if (obstacle)
        return add_fault(l, fault_text(l->corpus, l->path, "cannot be opened: ", obstacle,
                                       l->failure));
    if (tar_members_read(&l->members, l->corpus, l->path, &own)) return add_all(l);
    if (own.code == EXIT_INPUT) return add_fault(l, corpus_text(l->corpus, own.text, l->failure));
    *l->failure = own;
    return false;
}

bool tar_archive_read(struct corpus *corpus, const struct tar_place *place,
                      struct failure *failure)
{
    struct listing l = {.corpus = corpus, .place = place, .failure = failure};
    if (!load(corpus, place->path, failure)) return false;
    l.path = corpus_text(corpus, place->path, failure);
    bool good = l.path && read_tar(&l);
    tar_members_free(&l.members);
    name_index_clear(&l.cuts);
    return good;
}

void tar_archive_free(struct corpus *corpus)
{
    while (corpus->members) {
        struct audio_members *next = corpus->members->next;
        free(corpus->members);
        corpus->members = next;
    }
    unpacked_tars_free(corpus->unpacked);
    libarchive_unload(corpus->library);
}
