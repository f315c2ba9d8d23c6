/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memrchr */
#include "tools/base/path.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static const struct {
    const char *suffix;
    enum path_audio audio;
} audio_suffixes[] = {
    {"wav", PATH_AUDIO},          {"wave", PATH_AUDIO},         {"rf64", PATH_AUDIO},
    {"w64", PATH_AUDIO},          {"flac", PATH_AUDIO},         {"ogg", PATH_AUDIO},
    {"oga", PATH_AUDIO},          {"opus", PATH_AUDIO},         {"mp3", PATH_AUDIO},
    {"aif", PATH_AUDIO},          {"aiff", PATH_AUDIO},         {"aifc", PATH_AUDIO},
    {"au", PATH_AUDIO},           {"snd", PATH_AUDIO},          {"caf", PATH_AUDIO},
    {"sph", PATH_AUDIO},          {"nist", PATH_AUDIO},         {"raw", PATH_RAW_AUDIO},
    {"pcm", PATH_RAW_AUDIO},      {"m4a", PATH_FOREIGN_AUDIO},  {"mp4", PATH_FOREIGN_AUDIO},
    {"aac", PATH_FOREIGN_AUDIO},  {"wma", PATH_FOREIGN_AUDIO},  {"webm", PATH_FOREIGN_AUDIO},
    {"mka", PATH_FOREIGN_AUDIO},  {"mkv", PATH_FOREIGN_AUDIO},  {"amr", PATH_FOREIGN_AUDIO},
    {"3gp", PATH_FOREIGN_AUDIO},  {"mp2", PATH_FOREIGN_AUDIO},  {"mov", PATH_FOREIGN_AUDIO},
};

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The last dot of name[n]; n: there is no suffix. */
static size_t find_dot(const char *name, size_t n)
{
    const char *dot = memrchr(name, '.', n);
    return dot && dot > name ? (size_t)(dot - name) : n;
}

static bool is_suffix(const char *dot, size_t n, const char *suffix)
{
    return n == strlen(suffix) + 1 && strncasecmp(dot + 1, suffix, n - 1) == 0;
}

/* The length of the name without ".gz". */
static size_t length_unpacked(const char *name)
{
    size_t n = strlen(name), dot = find_dot(name, n);
    return is_suffix(name + dot, n - dot, "gz") ? dot : n;
}

struct text_part path_stem(const char *path)
{
    const char *name = file_name(path);
    return (struct text_part){name, find_dot(name, length_unpacked(name))};
}

struct text_part path_without_suffix(const char *path)
{
    struct text_part stem = path_stem(path);
    return (struct text_part){path, (size_t)(stem.start - path) + stem.length};
}

char *path_stem_copy(const char *path)
{
    struct text_part stem = path_stem(path);
    return strndup(stem.start, stem.length);
}

/* Whether the part of a path at text, which ends at a '/', does not name a folder. */
static bool is_no_name(const char *text, size_t n)
{
    return n == 0 || (n == 1 && text[0] == '.') || (n == 2 && text[0] == '.' && text[1] == '.');
}

static void write_clean(const char *path, size_t length, char *name)
{
    char *end = name;
    for (const char *at = path, *stop = path + length; at < stop;) {
        size_t n = strcspn(at, "/");
        bool is_last = n >= (size_t)(stop - at);
        if (is_last) n = (size_t)(stop - at);
        if (!is_no_name(at, n)) {
            memcpy(end, at, n);
            end += n;
            if (!is_last) *end++ = '/';
        }
        at += is_last ? n : n + 1;
    }
    bool is_folder = end > name && end[-1] == '/'; /* or a file named "..." */
    *(is_folder ? name : end) = '\0';
}

void path_write_clean(const char *path, char *clean)
{
    write_clean(path, strlen(path), clean);
}

void path_write_name(const char *path, char *name)
{
    write_clean(path, path_without_suffix(path).length, name);
}

bool path_is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool path_has_suffix(const char *path, const char *suffix)
{
    const char *name = file_name(path);
    size_t n = strlen(name), dot = find_dot(name, n);
    return is_suffix(name + dot, n - dot, suffix);
}

bool path_has_text_suffix(const char *path, const char *suffix)
{
    const char *name = file_name(path);
    size_t n = length_unpacked(name), dot = find_dot(name, n);
    return is_suffix(name + dot, n - dot, suffix);
}

size_t path_tar_suffix(const char *path)
{
    static const char *const suffix[] = {"tar",     "tar.gz", "tgz", "tar.bz2",
                                         "tar.xz", "tar.zst", "tar.lz4"};
    const char *name = file_name(path);
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof suffix / sizeof *suffix; i++) {
        size_t n_suffix = strlen(suffix[i]) + 1;
        if (n > n_suffix && name[n - n_suffix] == '.' &&
            is_suffix(name + n - n_suffix, n_suffix, suffix[i]))
            return n_suffix;
    }
    return 0;
}

enum path_audio path_audio(const char *path)
{
    for (size_t i = 0; i < sizeof audio_suffixes / sizeof *audio_suffixes; i++)
        if (path_has_suffix(path, audio_suffixes[i].suffix)) return audio_suffixes[i].audio;
    return PATH_NOT_AUDIO;
}
