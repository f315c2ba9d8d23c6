/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* asprintf, getline */
#include "tools/command/journal.h"

#include "tools/base/growing.h"
#include "tools/base/part_file.h"
#include "tools/command/beside_output.h"
#include "tools/command/journal_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

struct journal {
    int fd, folder;
    char *path;
    const char *name; /* in the folder */
    struct journal_head head;
    bool is_old, has_head; /* has_head: the file begins with `head` */
    bool is_busy; /* another process does the same run */
    uint64_t head_end, end; /* end of the head and of the valid lines in the file */
    struct journal_line *line; /* [n] */
    uint64_t *line_end;        /* [n] */
    size_t n, capacity;
};

static bool fail_errno(const struct journal *journal, struct failure *failure)
{
    return fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", journal->path, strerror(errno));
}

static bool fail_foreign(const struct journal *journal, struct failure *failure)
{
    return fail(failure, EXIT_USAGE,
                "%s: exists and is not a journal that voq wrote for you; move it or choose another "
                "-o",
                journal->path);
}

bool journal_fail_line(const struct journal *journal, size_t i, struct failure *failure)
{
    return fail(failure, EXIT_USAGE,
                "%s:%zu: a run of these inputs does not write this line here; start again without "
                "--resume",
                journal->path, i + 2);
}

static bool write_text(struct journal *journal, const char *text, struct failure *failure)
{
    size_t n = strlen(text), done = 0;
    while (done < n) {
        ssize_t k = pwrite(journal->fd, text + done, n - done, (off_t)(journal->end + done));
        if (k < 0 && errno != EINTR) {
            fail_errno(journal, failure);
            (void)!ftruncate(journal->fd, (off_t)journal->end);
            return false;
        }
        if (k > 0) done += (size_t)k;
    }
    journal->end += n;
    return true;
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool write_head(struct journal *journal, struct failure *failure)
{
    char text[JOURNAL_TEXT];
    journal_head_text(&journal->head, text);
    journal->has_head = write_text(journal, text, failure);
    journal->head_end = journal->end;
    return journal->has_head;
}

static bool make_room(struct journal *journal, struct failure *failure)
{
    size_t n = journal->n + 1, for_end = journal->capacity; /* keep both arrays the same size */
    return grow(&journal->line_end, &for_end, n, sizeof *journal->line_end, failure) &&
           grow(&journal->line, &journal->capacity, n, sizeof *journal->line, failure);
}

/* A last line without a newline was cut off by a kill and is ignored. */
static bool read_lines(struct journal *journal, FILE *file, size_t n_item, struct failure *failure)
{
    char text[JOURNAL_TEXT];
    while (fgets(text, sizeof text, file) && strchr(text, '\n')) {
        if (!make_room(journal, failure)) return false;
        struct journal_line *line = &journal->line[journal->n];
        if (!journal_line_parse(text, line) || line->item >= n_item)
            return journal_fail_line(journal, journal->n, failure);
        journal->end += strlen(text);
        journal->line_end[journal->n++] = journal->end;
    }
    return feof(file) || journal_fail_line(journal, journal->n, failure);
}

static bool read_head(struct journal *journal, FILE *file, bool resume, bool *empty,
                      struct failure *failure)
{
    char text[JOURNAL_TEXT];
    struct journal_head read;
    *empty = !fgets(text, sizeof text, file);
    if (*empty) return !ferror(file) || fail_errno(journal, failure);
    if (!journal_is_head(text)) return fail_foreign(journal, failure);
    bool known = journal_head_parse(text, &read);
    if (known) memcpy(journal->head.tag, read.tag, sizeof read.tag);
    if (!resume) return true;
    if (!known)
        return fail(failure, EXIT_USAGE,
                    "%s: is damaged or was written by another version of voq; start again without "
                    "--resume",
                    journal->path);
    if (read.run != journal->head.run)
        return fail(failure, EXIT_USAGE,
                    "%s: belongs to a run with another model, other options or inputs; resume that "
                    "run, or start again without --resume",
                    journal->path);
    journal->has_head = true;
    journal->head_end = journal->end = strlen(text);
    return true;
}

static bool take_up(struct journal *journal, bool resume, size_t n_item, struct failure *failure)
{
    bool empty = false;
    int copy = fcntl(journal->fd, F_DUPFD_CLOEXEC, 0);
    FILE *file = copy >= 0 ? fdopen(copy, "r") : NULL;
    if (!file && copy >= 0) close(copy);
    if (!file) return fail_errno(journal, failure);
    bool good = read_head(journal, file, resume, &empty, failure) &&
                (!resume || empty || read_lines(journal, file, n_item, failure));
    fclose(file);
    return good && (!empty || write_head(journal, failure));
}

static bool still_named(const struct journal *journal, const struct stat *status)
{
    struct stat named;
    return fstatat(journal->folder, journal->name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           named.st_dev == status->st_dev && named.st_ino == status->st_ino;
}

static bool open_once(struct journal *journal, struct failure *failure)
{
    const int how = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    journal->fd = openat(journal->folder, journal->name, how | O_CREAT | O_EXCL, 0600);
    journal->is_old = journal->fd < 0 && errno == EEXIST;
    if (journal->is_old) journal->fd = openat(journal->folder, journal->name, how);
    if (journal->fd >= 0) return true;
    if (journal->is_old && errno != EACCES && errno != ENOENT)
        return fail_foreign(journal, failure);
    return (journal->is_old && errno == ENOENT) || fail_errno(journal, failure);
}

/* Whether the process that has the journal open does this run. It locks the file before it writes
   the head. */
static bool has_same_run(const struct journal *journal)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    struct journal_head read;
    char text[JOURNAL_TEXT];
    ssize_t n = 0;
    for (int i = 0; i < 100; i++) {
        n = pread(journal->fd, text, sizeof text - 2, 0);
        if (n != 0) break;
        nanosleep(&pause, NULL);
    }
    text[n > 0 ? n : 0] = 0;
    text[strcspn(text, "\n")] = 0;
    strcat(text, "\n");
    return journal_head_parse(text, &read) && read.run == journal->head.run;
}

/* The lock is valid only while the name refers to the locked file: a run that has just ended may
   have removed it. */
static bool open_locked(struct journal *journal, bool shared, struct failure *failure)
{
    struct stat status;
    for (;;) {
        if (!open_once(journal, failure)) return false;
        if (journal->fd < 0) continue;
        if (fstat(journal->fd, &status) != 0) return fail_errno(journal, failure);
        bool named = still_named(journal, &status);
        if (named && !part_is_own(journal->folder, &status)) return fail_foreign(journal, failure);
        if (named && flock(journal->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            journal->is_busy = shared && has_same_run(journal);
            if (journal->is_busy) return true;
            return fail(failure, EXIT_USAGE,
                        "%s: another voq is writing this output; wait for it or choose another -o",
                        journal->path);
        }
        if (named && still_named(journal, &status)) return true;
        close(journal->fd);
        journal->fd = -1;
    }
}

static void release(struct journal *journal)
{
    if (journal->fd > STDERR_FILENO) close(journal->fd);
    if (journal->folder > STDERR_FILENO) close(journal->folder);
    free(journal->path);
    free(journal->line);
    free(journal->line_end);
    free(journal);
}

static struct journal *make(const struct journal_request *request, struct failure *failure)
{
    struct journal *journal = calloc(1, sizeof *journal);
    if (!journal || !(journal->path = beside_output(request->output, request->suffix))) {
        free(journal);
        fail_memory(failure);
        return NULL;
    }
    journal->fd = -1;
    journal->head.run = request->hash;
    journal->folder = part_open_folder(journal->path, &journal->name);
    if (journal->folder >= 0 && part_tag_draw(journal->head.tag)) return journal;
    fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", request->output, strerror(errno));
    release(journal);
    return NULL;
}

bool journal_open(struct journal **out, const struct journal_request *request,
                  struct failure *failure)
{
    struct journal *journal = make(request, failure);
    *out = NULL;
    if (!journal) return false;
    bool opened = open_locked(journal, request->shared, failure);
    if (!opened || journal->is_busy) {
        release(journal);
        return opened;
    }
    if (journal->is_old ? take_up(journal, request->resume, request->n_item, failure)
                        : write_head(journal, failure)) {
        *out = journal;
        return true;
    }
    if (journal->is_old)
        journal_keep(journal);
    else
        journal_remove(journal);
    return false;
}

/* ---- the open journal ------------------------------------------------------------------------ */

const char *journal_tag(const struct journal *journal)
{
    return journal->head.tag;
}

bool journal_is_old(const struct journal *journal)
{
    return journal->is_old;
}

const struct journal_line *journal_lines(const struct journal *journal, size_t *n)
{
    *n = journal->n;
    return journal->line;
}

bool journal_cut(struct journal *journal, size_t n, struct failure *failure)
{
    if (n < journal->n) journal->end = n > 0 ? journal->line_end[n - 1] : journal->head_end;
    journal->n = n;
    if (ftruncate(journal->fd, (off_t)journal->end) != 0) return fail_errno(journal, failure);
    return journal->has_head || write_head(journal, failure);
}

bool journal_add(struct journal *journal, const struct journal_line *line, struct failure *failure)
{
    char text[JOURNAL_TEXT];
    journal_line_text(line, text);
    return write_text(journal, text, failure);
}

void journal_keep(struct journal *journal)
{
    if (journal) release(journal);
}

void journal_remove(struct journal *journal)
{
    struct stat status;
    if (!journal) return;
    if (fstat(journal->fd, &status) == 0 && still_named(journal, &status))
        unlinkat(journal->folder, journal->name, 0);
    release(journal);
}
