/* SPDX-License-Identifier: MIT */
/* OUT.journal: how far a run has come, so that a killed one can go on. Text: a first line with the
   run's identity, then a line per finished utterance. Locked while a run uses it. */
#ifndef VOQ_TOOLS_JOURNAL_H
#define VOQ_TOOLS_JOURNAL_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

#define JOURNAL_FILES 4 /* output files of a run, at most */

/* What the finished utterances left behind. */
struct journal_state {
    uint64_t n_done;                /* utterances finished, failed ones included */
    uint64_t n_failed;
    uint64_t n_byte[JOURNAL_FILES]; /* length of each output file */
};

/* 64 bits over everything that decides the output's bytes. Start from JOURNAL_HASH_START. */
#define JOURNAL_HASH_START 0xcbf29ce484222325u
uint64_t journal_hash(uint64_t hash, const void *bytes, size_t n_byte);
uint64_t journal_hash_text(uint64_t hash, const char *text); /* NULL differs from "" */

struct journal;

/* Begins OUT.journal; with resume goes on with what it says, if there is one. EXIT_USAGE: it
   belongs to a run with another hash, or another run is writing. *state is what is done. */
bool journal_open(struct journal **journal, const char *out, uint64_t hash, bool resume,
                  struct journal_state *state, struct failure *failure);

/* The files on disk hold this now. EXIT_OUTPUT. */
bool journal_add(struct journal *journal, const struct journal_state *state,
                 struct failure *failure);

void journal_keep(struct journal *journal);   /* for --resume; NULL is fine */
void journal_remove(struct journal *journal); /* nothing is left behind; NULL is fine */

#endif
