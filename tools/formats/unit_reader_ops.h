/* SPDX-License-Identifier: MIT */
/* What a unit format implements to be read. unit_reader.c holds the shared parts: files, folders,
   the choice of the format, facts, checks of ids; a format adds entries in order. */
#ifndef VOQ_TOOLS_UNIT_READER_OPS_H
#define VOQ_TOOLS_UNIT_READER_OPS_H

#include "tools/formats/inputs.h"
#include "tools/formats/unit_reader.h"
#include "tools/formats/unit_writer.h"

struct unit_reader {
    struct unit_reader_options options;
    const struct unit_format *format;
    struct inputs in;
    uint64_t item;              /* in binary files, the byte that reader_fail names */
    struct utterance_units utterance; /* its arrays are the buffers below */
    char *name;
    char *place;
    uint32_t *id;
    uint32_t *duration;
    uint64_t (*time_us)[2];
    struct unit_gap *gap;
    size_t capacity;            /* of id, and of the others that the format has */
    size_t gap_capacity;
    uint32_t n_partial;         /* ids of the entry that reader_add_partial has begun */
    uint64_t last_us;           /* end of the last entry of reader_add_time */
    void *state;                /* of the format */
};

struct unit_reader_ops {
    unsigned options;  /* enum reader_option */
    size_t state_size; /* of zeroed memory at reader->state */
    bool (*open)(struct unit_reader *reader, struct failure *failure); /* of in.path */
    /* Reads the next utterance by the calls below, or sets *found = false at the end. */
    bool (*next)(struct unit_reader *reader, bool *found, struct failure *failure);
    void (*close)(struct unit_reader *reader); /* frees what state holds; NULL: nothing */
};

/* An `open` for formats of lines: opens in.lines. */
bool reader_open_lines(struct unit_reader *reader, struct failure *failure);

/* Fails with "FILE:LINE: ..." about the line read last, or "FILE: byte ITEM: ...". */
bool reader_fail(const struct unit_reader *reader, struct failure *failure, const char *format,
                 ...) __attribute__((format(printf, 3, 4)));

/* Sets the utterance's name: text[length]. Files of one utterance are named by stem without
   this. */
bool reader_name(struct unit_reader *reader, const char *text, size_t length,
                 struct failure *failure);

/* Adds an entry of id[n_codebook], of duration frames (timing RUNS; else ignored). Checks the ids
   against the number of codes. */
bool reader_add(struct unit_reader *reader, const uint32_t *id, uint32_t duration,
                struct failure *failure);

/* Adds the next id of entries of one frame each, codebook by codebook. */
bool reader_add_partial(struct unit_reader *reader, uint32_t id, struct failure *failure);

/* Adds an entry with times in microseconds. With hop and rate it becomes frames: a hole before it
   of a frame or more is a gap, overlap and times off the grid by more than a sample are failures.
   id NULL: no units here (an interval without text). */
bool reader_add_time(struct unit_reader *reader, const uint32_t *id, uint64_t begin_us,
                     uint64_t end_us, struct failure *failure);

bool reader_add_gap(struct unit_reader *reader, uint64_t n_frame, uint64_t lost, const char *why,
                    struct failure *failure);

/* Sets a fact of the file; fails if the user stated another one. `what` is for the message. */
bool reader_fact(struct unit_reader *reader, uint32_t *fact, uint64_t value, const char *what,
                 struct failure *failure);

/* Reads the next id of "3 17 42" at *text; *more = false: there is none. Ids are separated by one
   blank, with none at the end, or, with `lenient`, any number anywhere. */
bool reader_next_id(const struct unit_reader *reader, const char **text, bool first, bool lenient,
                    uint32_t *id, bool *more, struct failure *failure);

/* Reads text as ids of one codebook, each one frame. */
bool reader_add_ids(struct unit_reader *reader, const char *text, bool lenient,
                    struct failure *failure);

#endif
