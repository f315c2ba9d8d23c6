/* SPDX-License-Identifier: MIT */
/* What Kaldi's tables have in common: keys, the mark of binary entries, the index (scp). */
#ifndef VOQ_TOOLS_KALDI_ARCHIVE_H
#define VOQ_TOOLS_KALDI_ARCHIVE_H

#include "tools/base/line_reader.h"
#include "tools/formats/byte_reader.h"
#include "tools/formats/outputs.h"

enum { KALDI_LONGEST_KEY = 4096 };

/* Reads "KEY " of the next entry, without a byte order mark at the start of the archive; *found =
   false at its end. */
bool kaldi_read_key(struct byte_reader *reader, char key[KALDI_LONGEST_KEY], bool *found,
                    struct failure *failure);

/* After the key: whether the entry is binary; reads its mark (00 42) if it is. */
bool kaldi_read_mark(struct byte_reader *reader, const char *key, bool *binary,
                     struct failure *failure);

/* Reads an int32 after its size (04), which Kaldi writes before every one. */
bool kaldi_read_i32(struct byte_reader *reader, const char *key, int32_t *value,
                    struct failure *failure);

/* Reads a word of a text entry, up to a blank or the line's end (not read). *length = 0: the line
   or the file ends here. */
bool kaldi_read_word(struct byte_reader *reader, const char *key, char *word, size_t size,
                     size_t *length, struct failure *failure);

/* Reads the '\n' (or "\r\n") that ends a line of text. */
bool kaldi_read_line_end(struct byte_reader *reader, const char *key, struct failure *failure);

/* Reads the next line of an index: the key, and *archive opened (or kept) at the entry. Rejects
   pipes and ranges. *found = false at the end. */
bool kaldi_read_index(struct line_reader *index, struct byte_reader **archive,
                      char key[KALDI_LONGEST_KEY], bool *found, struct failure *failure);

/* Opens the index of an output archive, which is a second file (sink 1); path NULL: none. */
bool kaldi_open_index(struct outputs *outputs, const char *path, struct failure *failure);

/* The offset of the current entry's mark, after key and blank. */
uint64_t kaldi_entry_offset(const struct outputs *outputs);

/* Writes "KEY PATH:OFFSET\n" if there is an index. */
void kaldi_write_index(struct outputs *outputs);

void kaldi_write_i32(struct sink *sink, uint32_t value); /* with its size byte */

bool kaldi_is_index(const char *path); /* by its suffix, .scp or .scp.gz */

#endif
