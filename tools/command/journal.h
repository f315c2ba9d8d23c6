/* SPDX-License-Identifier: MIT */
/* OUT.journal: how far a run has come, so that a killed one can go on. Text: a first line with the
   run's identity and the tag of its unfinished files (tools/base/part_file.h), then one line per
   finished utterance. Locked while a run uses it. A file of that name which is no journal is never
   touched. */
#ifndef VOQ_TOOLS_JOURNAL_H
#define VOQ_TOOLS_JOURNAL_H

#include "tools/base/sink.h"
#include "tools/command/input_state.h"

#include <stddef.h>
#include <stdint.h>

#define JOURNAL_FILES 3 /* output files of a run, at most */

/* One finished utterance, and how far the output files are after it. */
struct journal_line {
    size_t item;
    bool failed;
    struct input_state input;
    struct sink_mark mark[JOURNAL_FILES];
};

/* 64 bits over everything that decides the output's bytes. Start from JOURNAL_HASH_START. */
#define JOURNAL_HASH_START 0xcbf29ce484222325u
uint64_t journal_hash(uint64_t hash, const void *bytes, size_t n_byte);
uint64_t journal_hash_text(uint64_t hash, const char *text); /* NULL differs from "" */

/* Where the journal of an output is; free it. NULL: no memory. A name that would be too long is
   shortened and gets a hash. In a folder whose surroundings cannot be written: OUT/.journal. */
char *journal_path(const char *output);

struct journal;

/* Makes OUT.journal, or takes up the one that is there: with `resume` its lines are read. hash is
   of the run, n_item its number of inputs. EXIT_USAGE: it is no journal, belongs to a run with
   another hash, says what cannot be, or another run is writing; then it stays as it is. */
bool journal_open(struct journal **journal, const char *output, uint64_t hash, bool resume,
                  size_t n_item, struct failure *failure);

const char *journal_tag(const struct journal *journal);
bool journal_is_old(const struct journal *journal); /* it was there before */

/* What was read, in the order in which it was written. */
const struct journal_line *journal_lines(const struct journal *journal, size_t *n);

/* EXIT_USAGE: line i says what cannot be. */
bool journal_fail_line(const struct journal *journal, size_t i, struct failure *failure);

/* Forgets what is not in the first n lines. EXIT_OUTPUT. */
bool journal_cut(struct journal *journal, size_t n, struct failure *failure);

/* The files on disk hold this now. EXIT_OUTPUT. */
bool journal_add(struct journal *journal, const struct journal_line *line,
                 struct failure *failure);

void journal_keep(struct journal *journal);   /* for --resume; NULL is fine */
void journal_remove(struct journal *journal); /* nothing is left behind; NULL is fine */

#endif
