/* SPDX-License-Identifier: MIT */
#include "tools/formats/outputs.h"

#include "tools/base/path.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_file_each(const struct outputs *o)
{
    return (o->traits & FORMAT_FILE_EACH) != 0;
}

static bool is_allowed(const struct outputs *o, const char *path, struct failure *failure)
{
    return !o->guard.allows || o->guard.allows(o->guard.context, path, failure);
}

static bool is_binary(const struct outputs *o)
{
    return (o->traits & FORMAT_BINARY) && !o->text;
}

bool outputs_open(struct outputs *o, int i, const char *path, struct failure *failure)
{
    const struct sink_options options = {.spool = i == 0 && (o->traits & FORMAT_LENGTH_FIRST),
                                         .alone = !o->shared,
                                         .binary = i == 0 && is_binary(o),
                                         .tag = o->tag,
                                         .head = i == 0 ? o->head : 0,
                                         .resume = o->resume ? &o->resume[i] : NULL};
    return is_allowed(o, path, failure) &&
           sink_open(&o->sink[i], path, &options, failure);
}

bool format_out_is_folder(unsigned traits, const char *out, bool one_input)
{
    if (!(traits & FORMAT_FILE_EACH) || strcmp(out, "-") == 0) return false;
    const char *base = strrchr(out, '/');
    base = base ? base + 1 : out;
    const char *dot = strrchr(base, '.');
    bool has_extension = dot && dot > base && dot[1];
    return !(one_input && has_extension);
}

static bool make_folder(const char *folder, struct failure *failure)
{
    if (mkdir(folder, 0777) == 0 || path_is_folder(folder)) return true;
    return fail(failure, EXIT_OUTPUT, "%s: the folder cannot be created: %s", folder,
                errno == EEXIST ? "a file with this name exists" : strerror(errno));
}

bool outputs_open_first(struct outputs *o, struct failure *failure)
{
    if (!is_file_each(o)) return outputs_open(o, 0, o->path, failure);
    if (!o->one_input && strcmp(o->path, "-") == 0)
        return fail(failure, EXIT_USAGE, "%s writes one file per utterance; name a folder by -o",
                    o->format);
    if (!format_out_is_folder(o->traits, o->path, o->one_input)) return true;
    o->folder = strdup(o->path);
    if (!o->folder) return fail_memory(failure);
    return make_folder(o->folder, failure);
}

bool outputs_check(const struct outputs *o, struct failure *failure)
{
    for (int i = 0; i < OUTPUTS_MOST; i++)
        if (o->sink[i] && !sink_check(o->sink[i], failure)) return false;
    return true;
}

static void forget_name(struct outputs *o)
{
    free(o->name);
    o->name = NULL;
}

static enum name_rule name_rule(const struct outputs *o)
{
    return o->name_folders && o->name_rule == NAME_FILE ? NAME_PATH : o->name_rule;
}

static bool take_name(struct outputs *o, const char *name, struct failure *failure)
{
    uint32_t id, n = o->names.n;
    if (!format_name(name_rule(o), o->format, name, o->name_escape, &o->name, failure))
        return false;
    if (!(o->traits & FORMAT_NAMES) || !o->name[0]) return true;
    bool good = name_index_add(&o->names, o->name, &id, failure);
    if (good && id == n) return true;
    if (good)
        fail(failure, EXIT_INPUT, "%s: another utterance has the same name; rename one", o->name);
    forget_name(o);
    return false;
}

/* Returns the file of the utterance in the folder; NULL: no memory. */
static char *path_in_folder(const struct outputs *o, const char *folder, const char *written_name)
{
    size_t size = strlen(folder) + strlen(written_name) + strlen(o->suffix) + 2;
    char *path = malloc(size);
    if (path) snprintf(path, size, "%s/%s%s", folder, written_name, o->suffix);
    return path;
}

char *outputs_file(const struct outputs *o, const char *name)
{
    struct failure refused;
    char *written;
    if (!format_out_is_folder(o->traits, o->path, o->one_input)) return strdup(o->path);
    if (!format_name(name_rule(o), o->format, name, o->name_escape, &written, &refused))
        return NULL;
    char *path = path_in_folder(o, o->path, written);
    free(written);
    return path;
}

bool outputs_allow(const struct outputs *o, const char *name, struct failure *failure)
{
    if (!format_out_is_folder(o->traits, o->path, o->one_input)) return true;
    char *path = outputs_file(o, name);
    bool allowed = !path || is_allowed(o, path, failure);
    free(path);
    return allowed;
}

/* Makes the folders between OUT and the file. */
static bool make_folders(const struct outputs *o, char *path, struct failure *failure)
{
    bool good = true;
    for (char *at = path + strlen(o->folder) + 1; good && (at = strchr(at, '/')); at++) {
        *at = '\0';
        good = make_folder(path, failure);
        *at = '/';
    }
    return good;
}

/* Whether a file or folder name in `name` is too long for the file system. */
static bool is_too_long(const char *name, const char *suffix)
{
    size_t n = strcspn(name, "/");
    for (; name[n]; name += n + 1, n = strcspn(name, "/"))
        if (n > NAME_MAX) return true;
    return n + strlen(suffix) > NAME_MAX;
}

static bool open_utterance_file(struct outputs *o, struct failure *failure)
{
    const struct sink_options options = {.spool = true, .alone = !o->folder && !o->shared,
                                         .binary = is_binary(o), .tag = o->tag};
    if (!o->folder && o->n_utterance > 0)
        return fail(failure, EXIT_USAGE,
                    "%s: %s writes one file per utterance, but %s is a second one; name a folder "
                    "by -o", o->path, o->format, o->name);
    if (o->folder && is_too_long(o->name, o->suffix))
        return fail(failure, EXIT_INPUT, "the name is too long for a file; shorten it: %s",
                    o->name);
    char *path = o->folder ? path_in_folder(o, o->folder, o->name) : strdup(o->path);
    if (!path) return fail_memory(failure);
    bool ok = is_allowed(o, path, failure) && (!o->folder || make_folders(o, path, failure)) &&
              sink_open(&o->sink[0], path, &options, failure);
    free(path);
    return ok;
}

bool outputs_begin(struct outputs *o, const char *name, struct failure *failure)
{
    if (!take_name(o, name, failure)) return false;
    if (is_file_each(o) && !open_utterance_file(o, failure)) {
        forget_name(o);
        return false;
    }
    for (int i = 0; i < OUTPUTS_MOST; i++)
        o->begun[i] = o->sink[i] ? sink_position(o->sink[i]) : 0;
    o->n_utterance++;
    return true;
}

bool outputs_end(struct outputs *o, struct failure *failure)
{
    forget_name(o);
    if (is_file_each(o)) {
        struct sink *sink = o->sink[0];
        o->n_byte = sink_position(sink);
        if (!o->folder) return outputs_check(o, failure); /* commit closes it */
        o->sink[0] = NULL;
        return sink_commit(sink, failure);
    }
    sink_release(o->sink[0]);
    return outputs_check(o, failure);
}

bool outputs_take_back(struct outputs *o)
{
    if (is_file_each(o)) {
        sink_abandon(o->sink[0], false);
        o->sink[0] = NULL;
        o->n_utterance--;
    } else if (!sink_cut(o->sink[0], o->begun[0])) {
        return false;
    }
    for (int i = 1; i < OUTPUTS_MOST; i++)
        if (o->sink[i]) sink_cut(o->sink[i], o->begun[i]);
    forget_name(o);
    return true;
}

bool outputs_flush(struct outputs *o, struct failure *failure)
{
    for (int i = 0; i < OUTPUTS_MOST; i++)
        if (o->sink[i] && !sink_flush(o->sink[i], failure)) return false;
    return true;
}

bool outputs_mark(struct outputs *o, struct sink_mark *mark, int n, struct failure *failure)
{
    if (is_file_each(o)) {
        mark[0] = (struct sink_mark){.length = o->n_byte};
        return true;
    }
    for (int i = 0; i < n; i++) {
        mark[i] = (struct sink_mark){0};
        if (o->sink[i] && !sink_mark(o->sink[i], &mark[i], failure)) return false;
    }
    return true;
}

bool outputs_has(const struct outputs *o, const char *name, const struct sink_mark *mark)
{
    struct stat status;
    struct failure ignored;
    char *written, *path = NULL;
    if (!o->folder) return stat(o->path, &status) == 0 && (uint64_t)status.st_size == mark->length;
    if (format_name(name_rule(o), o->format, name, o->name_escape, &written, &ignored)) {
        path = path_in_folder(o, o->folder, written);
        free(written);
    }
    bool has = path && stat(path, &status) == 0 && (uint64_t)status.st_size == mark->length;
    free(path);
    return has;
}

bool outputs_commit(struct outputs *o, struct failure *failure)
{
    for (int i = 0; i < OUTPUTS_MOST; i++) {
        struct sink *sink = o->sink[i];
        o->sink[i] = NULL;
        if (sink && !sink_commit(sink, failure)) return false;
    }
    return true;
}

void outputs_close(struct outputs *o, bool keep)
{
    for (int i = 0; i < OUTPUTS_MOST; i++) sink_abandon(o->sink[i], keep && !is_file_each(o));
    name_index_clear(&o->names);
    free(o->folder);
    forget_name(o);
}
