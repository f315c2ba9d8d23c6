/* SPDX-License-Identifier: MIT */
#include "tools/audio/byte_source.h"

#include "tools/audio/shell_command.h"
#include "tools/base/growing.h"
#include "tools/base/unlinked_file.h"
#include "tools/base/unpacked_tars.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_AHEAD_MOST = 4 << 20, LEAST_SEEN = 4096, MOST_PATCHES = 2 };

struct patch {
    uint64_t position;
    unsigned char bytes[8];
    size_t n;
};

struct byte_source {
    char *label;
    int fd;
    pid_t command;     /* fd is its output; 0: none, or it has ended */
    struct unpacked_tars *unpacked; /* the owner of fd; NULL: the source */
    bool is_file;
    uint64_t base;     /* offset of position 0 in the file */
    uint64_t size;     /* counted from base; AUDIO_UNKNOWN for pipes */
    uint64_t position; /* of the next byte to read */
    unsigned char *seen; /* peeked bytes of a pipe, from seen_start on */
    uint64_t seen_start;
    size_t n_seen, seen_capacity;
    struct patch patch[MOST_PATCHES];
    size_t n_patch;
};

static bool fail_read(const struct byte_source *s, struct failure *failure)
{
    if (errno == EISDIR)
        return fail(failure, EXIT_INPUT,
                    "%s: is a folder that holds no audio files; give audio files, or a folder that "
                    "holds some", s->label);
    return fail(failure, EXIT_INPUT, "%s: cannot be read: %s", s->label, strerror(errno));
}

static bool fail_open(const struct byte_source *s, const struct audio_request *request,
                      struct failure *failure)
{
    int reason = errno;
    bool is_missing = reason == ENOENT && !request->is_command;
    if (is_missing && strstr(request->path, "://"))
        return fail(failure, EXIT_INPUT,
                    "%s: is a URL; save the audio in a file and give the path of that", s->label);
    if (is_missing && request->path[0] == '~' && strchr(request->path, '/'))
        return fail(failure, EXIT_INPUT,
                    "%s: there is no such file; '~' is only replaced by a shell, so write the "
                    "whole path", s->label);
    return fail(failure, EXIT_INPUT, "%s: cannot be opened: %s", s->label, strerror(reason));
}

static bool open_descriptor(struct byte_source *s, const struct audio_request *request,
                            struct failure *failure)
{
    if (request->is_command) {
        if (!shell_command_start(request->path, &s->command, &s->fd)) s->command = 0;
    } else {
        s->fd = strcmp(request->path, "-") == 0 ? STDIN_FILENO
                                                : open(request->path, O_RDONLY | O_CLOEXEC);
    }
    if (s->fd < 0) return fail_open(s, request, failure);
    struct stat status;
    if (fstat(s->fd, &status) != 0) return fail_read(s, failure);
    s->is_file = S_ISREG(status.st_mode);
    if (!s->is_file) {
        if (request->offset == 0) return true;
        return fail(failure, EXIT_INPUT, "%s: byte %llu: only a file has positions", s->label,
                    (unsigned long long)request->offset);
    }
    off_t start = lseek(s->fd, 0, SEEK_CUR); /* not 0 for a standard input that was read before */
    s->base = (uint64_t)start + request->offset;
    s->size = (uint64_t)status.st_size > s->base ? (uint64_t)status.st_size - s->base : 0;
    return true;
}

static bool open_member(struct byte_source *s, const struct audio_request *request,
                        struct failure *failure)
{
    const struct audio_member *member = request->member;
    if (member->fault) return fail(failure, EXIT_INPUT, "%s", member->fault);
    if (member->unpacked) {
        if (!unpacked_tars_use(member->unpacked, request->path, &s->fd, failure)) return false;
        s->unpacked = member->unpacked;
    } else {
        s->fd = open(request->path, O_RDONLY | O_CLOEXEC);
        if (s->fd < 0) return fail_open(s, request, failure);
    }
    s->is_file = true;
    s->base = request->offset;
    s->size = member->size;
    return true;
}

static const char *label_of(const struct audio_request *request)
{
    if (request->label) return request->label;
    if (request->member) return request->member->label;
    return !request->is_command && strcmp(request->path, "-") == 0 ? "stdin" : request->path;
}

bool byte_source_open(struct byte_source **source, const struct audio_request *request,
                      struct failure *failure)
{
    struct byte_source *s = calloc(1, sizeof *s);
    if (!s) return fail_memory(failure);
    s->fd = -1;
    s->size = AUDIO_UNKNOWN;
    s->label = strdup(label_of(request));
    bool (*open_source)(struct byte_source *, const struct audio_request *, struct failure *) =
        request->member ? open_member : open_descriptor;
    if (s->label ? open_source(s, request, failure) : fail_memory(failure)) {
        *source = s;
        return true;
    }
    byte_source_close(s);
    return false;
}

const char *byte_source_label(const struct byte_source *s)
{
    return s->label;
}

bool byte_source_is_file(const struct byte_source *s)
{
    return s->is_file;
}

uint64_t byte_source_size(const struct byte_source *s)
{
    return s->size;
}

static void apply_patches(const struct byte_source *s, uint64_t position, unsigned char *bytes,
                          size_t n)
{
    for (size_t k = 0; k < s->n_patch; k++) {
        const struct patch *patch = &s->patch[k];
        for (size_t i = 0; i < patch->n; i++)
            if (patch->position + i >= position && patch->position + i - position < n)
                bytes[patch->position + i - position] = patch->bytes[i];
    }
}

static bool read_file(const struct byte_source *s, uint64_t position, void *bytes, size_t n,
                      size_t *n_read, struct failure *failure)
{
    *n_read = 0;
    if (position >= s->size) return true;
    if (n > s->size - position) n = (size_t)(s->size - position);
    while (*n_read < n) {
        ssize_t k = pread(s->fd, (char *)bytes + *n_read, n - *n_read,
                          (off_t)(s->base + position + *n_read));
        if (k == 0) break;
        if (k > 0)
            *n_read += (size_t)k;
        else if (errno != EINTR)
            return fail_read(s, failure);
    }
    apply_patches(s, position, bytes, *n_read);
    return true;
}

static bool read_pipe(struct byte_source *s, void *bytes, size_t n, size_t *n_read,
                      struct failure *failure)
{
    ssize_t k;
    do {
        k = read(s->fd, bytes, n);
    } while (k < 0 && errno == EINTR);
    if (k < 0) return fail_read(s, failure);
    *n_read = (size_t)k;
    return true;
}

static bool can_read_at_once(const struct byte_source *s)
{
    struct pollfd look = {.fd = s->fd, .events = POLLIN};
    return s->fd >= 0 && poll(&look, 1, 0) > 0;
}

/* Called at the end of a command's output. */
static bool end_command(struct byte_source *s, struct failure *failure)
{
    if (!s->command) return true;
    close(s->fd);
    int status = shell_command_wait(s->command);
    s->command = 0;
    s->fd = -1;
    if (status == 0) return true;
    if (status > 0 && WIFEXITED(status))
        return fail(failure, EXIT_INPUT, "%s: the command failed with status %d", s->label,
                    WEXITSTATUS(status));
    return fail(failure, EXIT_INPUT, "%s: the command was stopped by signal %d", s->label,
                WTERMSIG(status));
}

/* Reads ahead until n bytes, or the end, are seen. */
static bool look_ahead(struct byte_source *s, size_t n, struct failure *failure)
{
    if (s->position >= s->seen_start + s->n_seen) {
        s->seen_start = s->position;
        s->n_seen = 0;
    }
    while (s->n_seen < n && s->fd >= 0) {
        size_t n_read = 0;
        size_t wanted = s->n_seen < LEAST_SEEN ? LEAST_SEEN : s->n_seen + 1;
        if (!grow(&s->seen, &s->seen_capacity, wanted, 1, failure)) return false;
        size_t room = s->seen_capacity - s->n_seen;
        if (room > n - s->n_seen) room = n - s->n_seen;
        if (!read_pipe(s, s->seen + s->n_seen, room, &n_read, failure)) return false;
        if (n_read == 0) break;
        s->n_seen += n_read;
    }
    return true;
}

bool byte_source_peek(struct byte_source *s, uint64_t position, void *bytes, size_t n,
                      size_t *n_peeked, struct failure *failure)
{
    if (s->is_file) return read_file(s, position, bytes, n, n_peeked, failure);
    if (!look_ahead(s, 0, failure)) return false;
    if (position - s->seen_start > LOOK_AHEAD_MOST - n)
        return fail(failure, EXIT_INPUT,
                    "%s: the header has more than 4 MB; give the audio as a file",
                    s->label);
    size_t start = (size_t)(position - s->seen_start);
    if (!look_ahead(s, start + n, failure)) return false;
    *n_peeked = s->n_seen <= start ? 0 : s->n_seen - start < n ? s->n_seen - start : n;
    if (*n_peeked > 0) memcpy(bytes, s->seen + start, *n_peeked);
    return true;
}

bool byte_source_read(struct byte_source *s, void *bytes, size_t n, size_t *n_read,
                      struct failure *failure)
{
    *n_read = 0;
    if (s->is_file) {
        if (!read_file(s, s->position, bytes, n, n_read, failure)) return false;
    } else if (s->position < s->seen_start + s->n_seen) {
        size_t start = (size_t)(s->position - s->seen_start);
        *n_read = s->n_seen - start < n ? s->n_seen - start : n;
        memcpy(bytes, s->seen + start, *n_read);
        size_t n_more = 0;
        if (*n_read < n && can_read_at_once(s) &&
            !read_pipe(s, (char *)bytes + *n_read, n - *n_read, &n_more, failure))
            return false;
        *n_read += n_more;
    } else if (s->fd >= 0) {
        if (!read_pipe(s, bytes, n, n_read, failure)) return false;
        if (*n_read == 0) return end_command(s, failure);
    }
    s->position += *n_read;
    return true;
}

bool byte_source_seek(struct byte_source *s, uint64_t position, struct failure *failure)
{
    char skipped[4096];
    if (s->is_file) {
        s->position = position;
        return true;
    }
    while (s->position < position) {
        uint64_t left = position - s->position;
        size_t n = left < sizeof skipped ? (size_t)left : sizeof skipped, n_read;
        if (!byte_source_read(s, skipped, n, &n_read, failure)) return false;
        if (n_read == 0) return true;
    }
    return true;
}

bool byte_source_drain(struct byte_source *s, struct failure *failure)
{
    return s->command ? byte_source_seek(s, UINT64_MAX, failure) : true;
}

bool byte_source_spool(struct byte_source *s, struct failure *failure)
{
    const char *folder = unlinked_file_folder();
    char bytes[1 << 16];
    size_t n;
    uint64_t start = s->position;
    int fd = unlinked_file_open(folder);
    bool good = fd >= 0 && lseek(fd, (off_t)start, SEEK_SET) >= 0; /* a hole for read bytes */
    while (good) {
        if (!byte_source_read(s, bytes, sizeof bytes, &n, failure)) {
            close(fd);
            return false;
        }
        if (n == 0) break;
        good = unlinked_file_write(fd, bytes, n);
    }
    if (!good) {
        fail(failure, EXIT_INPUT, "%s: a copy in %s failed: %s; set TMPDIR to another folder",
             s->label, folder, strerror(errno));
        if (fd >= 0) close(fd);
        return false;
    }
    if (s->fd > STDERR_FILENO) close(s->fd);
    s->fd = fd;
    s->is_file = true;
    s->base = 0;
    s->size = s->position;
    s->position = start;
    return true;
}

bool byte_source_gather(struct byte_source *s, struct failure *failure)
{
    if (s->size != AUDIO_UNKNOWN) return true;
    if (!look_ahead(s, LOOK_AHEAD_MOST, failure)) return false;
    if (s->n_seen >= LOOK_AHEAD_MOST) return byte_source_spool(s, failure);
    s->size = s->seen_start + s->n_seen;
    return true;
}

void byte_source_patch(struct byte_source *s, uint64_t position, const unsigned char *bytes,
                       size_t n)
{
    struct patch *patch = &s->patch[s->n_patch++];
    patch->position = position;
    patch->n = n;
    memcpy(patch->bytes, bytes, n);
}

void byte_source_limit(struct byte_source *s, uint64_t size)
{
    if (size < s->size) s->size = size;
}

void byte_source_close(struct byte_source *s)
{
    if (!s) return;
    if (s->unpacked)
        unpacked_tars_release(s->unpacked, s->fd);
    else if (s->fd > STDERR_FILENO)
        close(s->fd);
    if (s->command) shell_command_wait(s->command);
    free(s->seen);
    free(s->label);
    free(s);
}
