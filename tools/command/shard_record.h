/* SPDX-License-Identifier: MIT */
/* OUT.done: what a finished shard wrote, and of which run it is a part, as JSON. It is written
   last, so that an output without it is not finished. */
#ifndef VOQ_TOOLS_SHARD_RECORD_H
#define VOQ_TOOLS_SHARD_RECORD_H

#include "tools/base/digest.h"
#include "tools/command/shard_rank.h"

enum { SHARD_FILES = 3, SHARD_HASH = 17 };

/* What a file of the output is for; its name in the record is that of the option. */
enum shard_role { SHARD_UNITS, SHARD_DURATIONS, SHARD_SCP, SHARD_DICT, SHARD_TSV, SHARD_ROLES };
extern const char *const shard_role_name[SHARD_ROLES];

struct shard_file {
    enum shard_role role;
    char *path; /* as the run was given it, or in the folder of the record */
    uint64_t n_byte;
    char sha256[DIGEST_HEX];
};

struct shard_record {
    struct shard shard;
    char format[16];
    uint64_t begin, end, total; /* its utterances among those of the list */
    uint64_t n_failed;
    char model[SHARD_HASH], options[SHARD_HASH], list[SHARD_HASH];
    struct shard_file file[SHARD_FILES]; /* none with one file per utterance */
    size_t n_file;
};

void shard_record_hash(char text[SHARD_HASH], uint64_t hash);

/* Returns the path of an output's record, which the caller frees. Shards that share the folder OUT
   have one each, OUT.I-of-N.done. NULL: no memory. */
char *shard_record_path(const char *output, const struct shard *shared);

/* Adds the file: its size and digest are those that it has now. EXIT_INPUT. */
bool shard_record_add(struct shard_record *record, enum shard_role role, const char *path,
                      struct failure *failure);

bool shard_record_write(const struct shard_record *record, const char *path,
                        struct failure *failure);

/* Reads a record, which shard_record_clear frees; *found = false: there is no such file.
   EXIT_INPUT: it is not a record. */
bool shard_record_read(struct shard_record *record, const char *path, bool *found,
                       struct failure *failure);
void shard_record_clear(struct shard_record *record);

#endif
