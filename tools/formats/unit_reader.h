/* SPDX-License-Identifier: MIT */
/* Reads units of any format, one utterance after another, in the memory of one utterance. It is
   strict: the first error ends it, as "FILE:LINE: ..." or "FILE: byte OFFSET: ...". */
#ifndef VOQ_TOOLS_UNIT_READER_H
#define VOQ_TOOLS_UNIT_READER_H

#include "tools/formats/format.h"

enum npy_axes { NPY_TIME_FIRST = 0, NPY_CODEBOOK_FIRST };
#define NPY_AXES_CHOICES "tq|qt"

struct unit_reader_options {
    const struct unit_format *format; /* NULL: by suffix, then by content */
    struct unit_facts facts;          /* what the user states; n_codebook 0: unknown. Another value
                                         in the file is a failure */
    bool lenient;                     /* gslm: double and trailing spaces are allowed */
    bool allow_special;               /* units: ids K and K+1 (begin, end) are dropped */
    enum npy_axes npy_axes;           /* of 2-D arrays: [n][n_codebook] or [n_codebook][n] */
    const char *durations_path;       /* units: NULL takes NAME.durations where it exists */
    struct format_notes notes;
};

/* How the entries of an utterance lie in time. */
enum unit_timing {
    UNIT_TIMING_FRAMES, /* one frame each; or a deduplicated file that does not state it */
    UNIT_TIMING_RUNS,   /* entry i is duration[i] frames */
    UNIT_TIMING_SECONDS /* entry i is time_us[i][0] to time_us[i][1]; hop or rate is unknown */
};

/* Lost audio before entry `before` (n: after the last). */
struct unit_gap {
    size_t before;
    uint64_t n_frame; /* 0 with UNIT_TIMING_SECONDS */
    uint64_t lost;    /* samples, or UNIT_LOST_UNKNOWN (unit_writer.h) */
    char why[16];     /* "": not stated */
};

/* Belongs to the reader, valid until its next call. */
struct utterance_units {
    const char *name; /* "": the format has none, and no file name is used instead */
    struct unit_facts facts;
    enum unit_timing timing;
    size_t n;             /* entries */
    const uint32_t *id;   /* [n][facts.n_codebook] */
    const uint32_t *duration; /* [n], with UNIT_TIMING_RUNS */
    const uint64_t (*time_us)[2]; /* [n], of formats with times, else NULL */
    const struct unit_gap *gap;   /* [n_gap], in order */
    size_t n_gap;
    uint64_t n_frame; /* with gaps; 0 with UNIT_TIMING_SECONDS */
    bool cut;         /* jsonl without its end: the stream was cut */
};

struct unit_reader;

/* path is a file, a folder (for a format with one file per utterance: all of its files, sorted by
   byte order), or "-" (options->format is needed). For an .scp, the archives that it names are
   read. */
bool unit_reader_open(struct unit_reader **reader, const char *path,
                      const struct unit_reader_options *options, struct failure *failure);

/* Reads the next utterance; *utterance = NULL after the last. */
bool unit_reader_next(struct unit_reader *reader, const struct utterance_units **utterance,
                      struct failure *failure);

/* Return the format found, and the place of the utterance read last: "FILE:LINE" or "FILE". */
const struct unit_format *unit_reader_format(const struct unit_reader *reader);
const char *unit_reader_place(const struct unit_reader *reader);

void unit_reader_close(struct unit_reader *reader); /* NULL is allowed */

#endif
