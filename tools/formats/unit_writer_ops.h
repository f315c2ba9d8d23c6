/* SPDX-License-Identifier: MIT */
/* What a unit format implements to be written. unit_writer.c holds the shared parts: names, runs,
   gaps, files, resuming; a format only turns records into bytes. */
#ifndef VOQ_TOOLS_UNIT_WRITER_OPS_H
#define VOQ_TOOLS_UNIT_WRITER_OPS_H

#include "tools/formats/outputs.h"
#include "tools/formats/unit_writer.h"

struct unit_writer {
    struct unit_writer_options options;
    struct outputs out;
    uint64_t n_record; /* written in this utterance */
    uint64_t frame;    /* index of the next frame, gaps included */
    uint64_t id_limit; /* ids are below it */
    bool has_clock;
    double clock_s; /* see unit_writer_wall_clock */
    uint64_t run_first, run_n; /* the run that is not written yet; run_n 0: none */
    uint32_t *run_id;          /* [n_codebook] */
    const char *file_path;     /* see unit_writer_file */
    uint64_t file_samples;
    void *state;               /* of the format */
};

/* Returns the label of a unit of the first codebook; NULL: there are no labels. */
static inline const char *unit_writer_label(const struct unit_writer *writer, uint32_t id)
{
    return writer->options.label ? writer->options.label[id] : NULL;
}

/* n frames of the same id[n_codebook], from frame `first` on. n is 1 unless --dedup or the format
   (FORMAT_RUNS) makes records of runs. */
struct unit_record {
    const uint32_t *id;
    uint64_t first, n;
};

struct unit_writer_ops {
    unsigned options;  /* enum writer_option */
    size_t state_size; /* of zeroed memory at writer->state */
    bool (*open)(struct unit_writer *writer, struct failure *failure);  /* NULL: nothing to do */
    bool (*begin)(struct unit_writer *writer, struct failure *failure); /* NULL: nothing to do */
    void (*record)(struct unit_writer *writer, const struct unit_record *record);
    void (*gap)(struct unit_writer *writer, uint64_t n_frame, uint64_t lost, const char *why);
    bool (*end)(struct unit_writer *writer, struct failure *failure);
    void (*close)(struct unit_writer *writer); /* frees what state holds */
};

#endif
