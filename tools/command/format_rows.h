/* SPDX-License-Identifier: MIT */
/* Rows of option tables about formats, shared by encode, convert, decode and eval. `at` is the
   offsetof() of the member that receives the value. */
#ifndef VOQ_TOOLS_FORMAT_ROWS_H
#define VOQ_TOOLS_FORMAT_ROWS_H

#include "tools/cli/option_rows.h"
#include "tools/formats/unit_reader.h"
#include "tools/formats/unit_writer.h"

#define UNIT_FORMATS "gslm|km|units|units-names|npy|ark|jsonl|ctm|textgrid|fileid"

/* `more`: further formats, "|hubert", or "". */
#define FORMAT_ROW_FROM(at, more)                                                                  \
    {OPTION_TEXT, 0, "from", "FORMAT", at,                                                         \
     "Format of the input (default: by suffix, then by content).", UNIT_FORMATS more}

/* `formats`: those without names, "km, units". */
#define FORMAT_ROW_TSV(at, formats)                                                                \
    {OPTION_TEXT, 0, "tsv", "FILE", at,                                                            \
     formats ": the fairseq manifest in whose order the utterances are; it names them.",           \
     .role = OPTION_READS}

#define FORMAT_ROW_DURATIONS(at)                                                                   \
    {OPTION_FLAG, 0, "durations", NULL, at,                                                        \
     "units, units-names: write the frames per unit to OUT.durations; fileid: beside the units."}

#define FORMAT_ROW_DURATIONS_FILE(at)                                                              \
    {OPTION_TEXT, 0, "durations-file", "FILE", at,                                                 \
     "units, units-names: the frames per unit (default: IN.durations, if it exists).",             \
     .role = OPTION_READS}

#define FORMAT_ROW_DICT(at)                                                                        \
    {OPTION_TEXT, 0, "dict", "FILE", at, "km: also write fairseq's dictionary of units.",          \
     .role = OPTION_WRITES}

#define FORMAT_ROW_SCP(at)                                                                         \
    {OPTION_TEXT, 0, "scp", "FILE", at, "ark: also write the table of offsets.",                   \
     .role = OPTION_WRITES}

#define FORMAT_ROW_TEXT(at)                                                                        \
    {OPTION_FLAG, 0, "text", NULL, at, "ark: write text instead of binary data."}

#define FORMAT_ROW_NPY_TYPE(at)                                                                    \
    {OPTION_CHOICE, 0, "npy-type", "TYPE", at, "npy: integer type, i4 (default), i8, i2 or u2.",   \
     NPY_TYPE_CHOICES}

#define FORMAT_ROW_LABELS(at)                                                                      \
    {OPTION_FLAG, 0, "labels", NULL, at,                                                           \
     "ctm, textgrid: write the label of each unit beside it, if the model has labels: "            \
     "\"37 (AH)\", in ctm \"37_(AH)\"."}

#define FORMAT_ROW_NPY_AXES(at)                                                                    \
    {OPTION_CHOICE, 0, "npy-axes", "ORDER", at,                                                    \
     "Axes of 2-D arrays: tq, time by codebook (default), or qt, codebook by time.",               \
     NPY_AXES_CHOICES}

#define FORMAT_ROW_NAME_ESCAPE(at)                                                                 \
    {OPTION_FLAG, 0, "name-escape", NULL, at,                                                      \
     "Write bytes that the format forbids in a name as %XX."}

#endif
