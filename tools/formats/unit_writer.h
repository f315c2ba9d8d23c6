/* SPDX-License-Identifier: MIT */
/* Writes units in any format, one utterance after another, in memory that does not depend on their
   length:

       unit_writer_open(&writer, &options, failure);
       for each utterance:
           unit_writer_begin(writer, name, failure);
           unit_writer_units(writer, id, n, failure);        as often as needed
           unit_writer_gap(writer, n, lost, why, failure);   where audio was lost
           unit_writer_end(writer, failure);
       unit_writer_commit(writer, failure);

   Files are written beside their names and renamed by commit (formats with one file per
   utterance: by end). A second writer of one file fails. Formats that state their length first
   patch the file; for a pipe they use an unlinked temporary file. One thread at a time.

   Failures. EXIT_INPUT concerns this utterance alone (its name, or TextGrid's need for a frame):
   all of it is removed, and the writer can continue with the next. Any other code concerns the
   output: abandon. If the reader of a pipe closed it, the code is EXIT_FINE and the text empty: end
   quietly. SIGPIPE must be ignored.

   Resuming after kill -9: after an end, unit_writer_mark hands all bytes to the system and reports
   how much of each output file is written; note that in a journal, with the tag of the unfinished
   files. Another process opens a writer with the same options and tag and `resume` = the last noted
   marks, skips the finished utterances, and continues; what was written after them is cut off. With
   one file per utterance nothing is resumed: unit_writer_has checks that a finished utterance's
   file exists under its name. */
#ifndef VOQ_TOOLS_UNIT_WRITER_H
#define VOQ_TOOLS_UNIT_WRITER_H

#include "tools/base/sink.h"
#include "tools/formats/format.h"

enum npy_type { NPY_I4 = 0, NPY_I8, NPY_I2, NPY_U2 };

/* The values of --npy-type in that order, for an OPTION_CHOICE. */
#define NPY_TYPE_CHOICES "i4|i8|i2|u2"

/* Output files that a writer may have: units; durations, scp or dictionary; the manifest. */
enum { UNIT_WRITER_FILES = 3 };

/* Paths and format must outlive the writer. */
struct unit_writer_options {
    const struct unit_format *format;
    const char *path;         /* OUT: "-" is standard output; a file; a folder (made if missing) */
    bool one_input;           /* see format_out_is_folder */
    struct unit_facts facts;  /* those that the format needs, else EXIT_USAGE */
    bool dedup;               /* a run of equal units is written once; never across a gap */
    bool durations;           /* units, units-names: also NAME.durations (".units" replaced);
                                 fileid: "durations" in the line */
    bool text;                /* ark: as text */
    enum npy_type npy_type;
    const char *scp_path;     /* ark: the index; needs a file as OUT. NULL: none */
    const char *dict_path;    /* km: the dict.km.txt of all codes. NULL: none */
    const char *tsv_path;     /* km: the manifest of fairseq, see unit_writer_file. NULL: none */
    const char *tsv_root;     /* its first line */
    const char *const *label; /* ctm, textgrid: of each code of the first codebook, "" where it has
                                 none; n_code long if that is stated. NULL: no labels */
    bool name_escape;         /* forbidden bytes of a name become %XX */
    bool name_folders;        /* see struct outputs */
    bool shared;              /* other processes may write the same bytes at the same time */
    bool flush;               /* hand every record to the system at once: pipes, live */
    const char *tag;          /* of the unfinished files (part_file.h); NULL: fresh ones */
    const struct sink_mark *resume; /* [UNIT_WRITER_FILES] to continue from; NULL: new files */
    struct format_guard guard;
    struct format_notes notes;
};

struct unit_writer;

/* Options that the format does not have (format.h) have no effect. Nothing is written before the
   first begin, but files are opened (EXIT_OUTPUT). */
bool unit_writer_open(struct unit_writer **writer, const struct unit_writer_options *options,
                      struct failure *failure);

/* Names must differ within one output; a second one of the same name is EXIT_INPUT. */
bool unit_writer_begin(struct unit_writer *writer, const char *name, struct failure *failure);

/* The file of durations beside a file of units, with WRITER_DURATIONS_FILE: X.units becomes
   X.durations, other names are extended. The caller frees it; NULL: no memory. */
char *unit_durations_path(const char *units_path);

/* Writes n more frames id[n][n_codebook]. An id that is not below n_code, or that the format cannot
   hold, is EXIT_INPUT; drop the utterance. */
bool unit_writer_units(struct unit_writer *writer, const uint32_t *id, size_t n,
                       struct failure *failure);

/* Writes n runs: run i is duration[i] >= 1 frames of id[i][n_codebook]. */
bool unit_writer_runs(struct unit_writer *writer, const uint32_t *id, const uint32_t *duration,
                      size_t n, struct failure *failure);

/* Reports that n_frame frames (0 is allowed) and `lost` samples (or UNIT_LOST_UNKNOWN) are missing
   here, and why ("overrun", "device", "output": ASCII without quotes, else EXIT_INPUT; NULL:
   unknown). Formats without gaps only end the run. */
#define UNIT_LOST_UNKNOWN UINT64_MAX
bool unit_writer_gap(struct unit_writer *writer, uint64_t n_frame, uint64_t lost, const char *why,
                     struct failure *failure);

/* States that the next records were decided at this Unix time. jsonl then writes "s", the first
   sample, and "w", the time, in each record. */
void unit_writer_wall_clock(struct unit_writer *writer, double unix_s);

/* Call before end. Sets the utterance's line in the manifest: its file below the root, which must
   outlive the utterance, and the samples of that file. */
void unit_writer_file(struct unit_writer *writer, const char *path, uint64_t n_sample);

bool unit_writer_end(struct unit_writer *writer, struct failure *failure);

/* Call instead of end: undoes begin and removes the utterance. On a pipe, what was written remains,
   and the utterance ends there. */
bool unit_writer_drop(struct unit_writer *writer, struct failure *failure);

bool unit_writer_flush(struct unit_writer *writer, struct failure *failure); /* to the system */

/* Call between utterances: fills mark[UNIT_WRITER_FILES]. */
bool unit_writer_mark(struct unit_writer *writer, struct sink_mark *mark, struct failure *failure);

/* With FORMAT_FILE_EACH: whether the file of a finished utterance exists as it was marked. */
bool unit_writer_has(const struct unit_writer *writer, const char *name,
                     const struct sink_mark *mark);

/* Ends the run and renames the files. Frees the writer in any case. */
bool unit_writer_commit(struct unit_writer *writer, struct failure *failure);

/* Frees the writer without renaming. keep: unfinished files are kept for a resume, else they are
   deleted. NULL is allowed. */
void unit_writer_abandon(struct unit_writer *writer, bool keep);

#endif
