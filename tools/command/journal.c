/* SPDX-License-Identifier: MIT */
#include "tools/command/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct journal {
    FILE *file;
    char *path;
};

uint64_t journal_hash(uint64_t hash, const void *bytes, size_t n_byte)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < n_byte; i++) hash = (hash ^ byte[i]) * 0x100000001b3u;
    return hash;
}

uint64_t journal_hash_text(uint64_t hash, const char *text)
{
    return text ? journal_hash(hash, text, strlen(text) + 1) : journal_hash(hash, "\1", 1);
}

static bool fail_errno(const struct journal *journal, struct failure *failure)
{
    return fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", journal->path, strerror(errno));
}

static bool parse_state(const char *line, struct journal_state *state)
{
    uint64_t *number[2 + JOURNAL_FILES] = {&state->n_done, &state->n_failed};
    for (size_t i = 0; i < JOURNAL_FILES; i++) number[2 + i] = &state->n_byte[i];
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) {
        char *end;
        if (*line < '0' || *line > '9') return false;
        *number[i] = strtoull(line, &end, 10);
        if (*end != (i + 1 < sizeof number / sizeof number[0] ? ' ' : '\n')) return false;
        line = end + 1;
    }
    return true;
}

static bool cut(struct journal *journal, long end, struct failure *failure)
{
    if (end >= 0 && ftruncate(fileno(journal->file), end) == 0 &&
        fseek(journal->file, end, SEEK_SET) == 0)
        return true;
    return fail_errno(journal, failure);
}

static bool begin(struct journal *journal, const char *head, struct failure *failure)
{
    if (!cut(journal, 0, failure)) return false;
    if (fputs(head, journal->file) >= 0 && fflush(journal->file) == 0) return true;
    return fail_errno(journal, failure);
}

/* The last whole line counts: the one after it may have been cut by the kill. */
static bool go_on(struct journal *journal, const char *head, struct journal_state *state,
                  struct failure *failure)
{
    char line[256];
    if (!fgets(line, sizeof line, journal->file) || !strchr(line, '\n'))
        return begin(journal, head, failure);
    if (strcmp(line, head) != 0)
        return fail(failure, EXIT_USAGE,
                    "%s: of a run with another model, other options or inputs; run that one, or "
                    "start again without --resume",
                    journal->path);
    long end = ftell(journal->file);
    while (fgets(line, sizeof line, journal->file)) {
        struct journal_state read;
        if (!parse_state(line, &read)) break;
        *state = read;
        end = ftell(journal->file);
    }
    return cut(journal, end, failure);
}

static bool open_locked(struct journal *journal, const char *output, struct failure *failure)
{
    int fd = open(journal->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", output, strerror(errno));
    journal->file = fdopen(fd, "r+");
    if (!journal->file) {
        close(fd);
        return fail_memory(failure);
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return true;
    return fail(failure, EXIT_USAGE, "%s: another voq is writing this output", journal->path);
}

bool journal_open(struct journal **out, const char *output, uint64_t hash, bool resume,
                  struct journal_state *state, struct failure *failure)
{
    char head[64];
    size_t n = strlen(output) + sizeof ".journal";
    struct journal *journal = calloc(1, sizeof *journal);
    if (!journal || !(journal->path = malloc(n))) {
        free(journal);
        return fail_memory(failure);
    }
    *state = (struct journal_state){0};
    size_t length = strlen(output);
    while (length > 1 && output[length - 1] == '/') length--; /* a folder's is beside it */
    snprintf(journal->path, n, "%.*s.journal", (int)length, output);
    snprintf(head, sizeof head, "voq journal 1 %016" PRIx64 "\n", hash);
    bool good = open_locked(journal, output, failure) &&
                (resume ? go_on(journal, head, state, failure) : begin(journal, head, failure));
    if (!good) {
        journal_keep(journal);
        return false;
    }
    *out = journal;
    return true;
}

bool journal_add(struct journal *journal, const struct journal_state *state,
                 struct failure *failure)
{
    fprintf(journal->file, "%" PRIu64 " %" PRIu64, state->n_done, state->n_failed);
    for (size_t i = 0; i < JOURNAL_FILES; i++)
        fprintf(journal->file, " %" PRIu64, state->n_byte[i]);
    fputc('\n', journal->file);
    return fflush(journal->file) == 0 ? true : fail_errno(journal, failure);
}

void journal_keep(struct journal *journal)
{
    if (!journal) return;
    if (journal->file) fclose(journal->file);
    free(journal->path);
    free(journal);
}

void journal_remove(struct journal *journal)
{
    if (journal) unlink(journal->path);
    journal_keep(journal);
}
