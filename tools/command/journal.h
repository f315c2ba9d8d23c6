/* SPDX-License-Identifier: MIT */
/* OUT.journal: the progress of a run, so that a killed run can be resumed. Its first line has the
   run's identity and the tag of its unfinished files (tools/base/part_file.h); then there is one
   line per finished utterance. A run locks its journal. A file of that name that is not a journal
   is never changed. */
#ifndef VOQ_TOOLS_JOURNAL_H
#define VOQ_TOOLS_JOURNAL_H

#include "tools/base/sink.h"
#include "tools/command/input_state.h"

#include <stddef.h>
#include <stdint.h>

#define JOURNAL_FILES 3 /* the most output files of a run */

/* One finished utterance, and the ends of the output files after it. */
struct journal_line {
    size_t item;
    bool failed;
    struct input_state input;
    struct sink_mark mark[JOURNAL_FILES];
};

/* 64-bit hash of everything that determines the output's bytes; starts at JOURNAL_HASH_START. */
#define JOURNAL_HASH_START 0xcbf29ce484222325u
uint64_t journal_hash(uint64_t hash, const void *bytes, size_t n_byte);
uint64_t journal_hash_text(uint64_t hash, const char *text); /* NULL differs from "" */

/* The path of an output's journal; the caller frees it. NULL: no memory. A name that would be too
   long is shortened and gets a hash. If the parent of the folder OUT is read-only: OUT/.journal. */
char *journal_path(const char *output);

struct journal;

/* Makes OUT.journal, or opens the existing one; with `resume` its lines are read. hash identifies
   the run, which has n_item inputs. EXIT_USAGE if the file is not a journal, belongs to a run with
   another hash, has an invalid line, or is in use by another run; it is then left unchanged. */
bool journal_open(struct journal **journal, const char *output, uint64_t hash, bool resume,
                  size_t n_item, struct failure *failure);

const char *journal_tag(const struct journal *journal);
bool journal_is_old(const struct journal *journal); /* it existed before */

/* The lines that were read, in the order in which they were written. */
const struct journal_line *journal_lines(const struct journal *journal, size_t *n);

/* Reports that line i cannot come from these inputs. EXIT_USAGE. */
bool journal_fail_line(const struct journal *journal, size_t i, struct failure *failure);

/* Removes all but the first n lines. EXIT_OUTPUT. */
bool journal_cut(struct journal *journal, size_t n, struct failure *failure);

/* Adds a line; the output files must already contain the utterance. EXIT_OUTPUT. */
bool journal_add(struct journal *journal, const struct journal_line *line,
                 struct failure *failure);

void journal_keep(struct journal *journal);   /* closes it for --resume; NULL is allowed */
void journal_remove(struct journal *journal); /* closes and deletes it; NULL is allowed */

#endif
