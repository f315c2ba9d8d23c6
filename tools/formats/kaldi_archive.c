/* SPDX-License-Identifier: MIT */
#include "tools/formats/kaldi_archive.h"

#include "tools/base/number.h"
#include "tools/base/path.h"

#include <string.h>

static bool take_byte(struct byte_reader *reader, int expected, struct failure *failure)
{
    int byte;
    unsigned char taken;
    if (!byte_reader_peek(reader, &byte, failure)) return false;
    return byte != expected || byte_reader_read(reader, &taken, 1, "", failure);
}

static void drop_byte_order_mark(char *key, size_t n)
{
    if (strncmp(key, "\xEF\xBB\xBF", 3) == 0) memmove(key, key + 3, n - 3 + 1);
}

bool kaldi_read_key(struct byte_reader *reader, char key[KALDI_LONGEST_KEY], bool *found,
                    struct failure *failure)
{
    uint64_t begin = byte_reader_offset(reader);
    int byte;
    if (!byte_reader_peek(reader, &byte, failure)) return false;
    *found = byte >= 0;
    if (!*found) return true;
    for (size_t n = 0; n < KALDI_LONGEST_KEY; n++) {
        unsigned char c;
        if (!byte_reader_read(reader, &c, 1, "a key", failure)) return false;
        if (c == ' ' && n > 0) {
            key[n] = '\0';
            if (begin == 0) drop_byte_order_mark(key, n);
            return true;
        }
        if (c <= ' ' || c == 0x7F || c == 0xFF)
            return byte_reader_fail(reader, begin + n, failure,
                                    "byte %02X in a key; is this a Kaldi archive?", c);
        key[n] = (char)c;
    }
    return byte_reader_fail(reader, begin, failure, "a key without end; is this a Kaldi archive?");
}

bool kaldi_read_mark(struct byte_reader *reader, const char *key, bool *binary,
                     struct failure *failure)
{
    uint64_t begin = byte_reader_offset(reader);
    int byte;
    unsigned char mark[2];
    if (!byte_reader_peek(reader, &byte, failure)) return false;
    *binary = byte == 0;
    if (!*binary) return true;
    if (!byte_reader_read(reader, mark, 2, "the mark of a binary entry", failure)) return false;
    return mark[1] == 'B' ||
           byte_reader_fail(reader, begin, failure, "'%s': 00 %02X where 00 42 marks an entry",
                            key, mark[1]);
}

bool kaldi_read_i32(struct byte_reader *reader, const char *key, int32_t *value,
                    struct failure *failure)
{
    uint64_t begin = byte_reader_offset(reader);
    unsigned char bytes[5];
    if (!byte_reader_read(reader, bytes, 1, key, failure)) return false;
    if (bytes[0] != 4)
        return byte_reader_fail(reader, begin, failure,
                                "'%s': size byte %02X where an int32 has 04", key, bytes[0]);
    if (!byte_reader_read(reader, bytes + 1, 4, key, failure)) return false;
    *value = (int32_t)get_u32le(bytes + 1);
    return true;
}

bool kaldi_read_word(struct byte_reader *reader, const char *key, char *word, size_t size,
                     size_t *length, struct failure *failure)
{
    int byte = ' ';
    unsigned char c;
    size_t n = 0;
    while (byte == ' ' || byte == '\t') {
        if (!byte_reader_peek(reader, &byte, failure)) return false;
        if ((byte == ' ' || byte == '\t') && !byte_reader_read(reader, &c, 1, key, failure))
            return false;
    }
    uint64_t begin = byte_reader_offset(reader);
    while (byte > ' ') {
        if (n + 1 == size)
            return byte_reader_fail(reader, begin, failure, "'%s': a word too long", key);
        if (!byte_reader_read(reader, &c, 1, key, failure)) return false;
        word[n++] = (char)c;
        if (!byte_reader_peek(reader, &byte, failure)) return false;
    }
    word[n] = '\0';
    *length = n;
    return true;
}

bool kaldi_read_line_end(struct byte_reader *reader, const char *key, struct failure *failure)
{
    unsigned char c;
    if (!take_byte(reader, '\r', failure) || !byte_reader_read(reader, &c, 1, key, failure))
        return false;
    return c == '\n' || byte_reader_fail(reader, byte_reader_offset(reader) - 1, failure,
                                         "'%s': byte %02X in a line of text", key, c);
}

/* Splits "PATH:OFFSET" at the last ':' if only digits follow it. */
static void split_offset(char *place, uint64_t *offset)
{
    char *colon = strrchr(place, ':');
    *offset = 0;
    if (colon && parse_u64(colon + 1, offset)) *colon = '\0';
}

static bool open_archive(struct byte_reader **archive, const char *path, struct failure *failure)
{
    if (*archive && strcmp(byte_reader_path(*archive), path) == 0) return true;
    byte_reader_close(*archive);
    *archive = NULL;
    return byte_reader_open(archive, path, failure);
}

bool kaldi_read_index(struct line_reader *index, struct byte_reader **archive,
                      char key[KALDI_LONGEST_KEY], bool *found, struct failure *failure)
{
    char *line;
    size_t length;
    if (!line_reader_next(index, &line, &length, failure)) return false;
    *found = line != NULL;
    if (!line) return true;
    size_t n_key = strcspn(line, " \t");
    char *place = line + n_key + strspn(line + n_key, " \t");
    if (n_key == 0 || *place == '\0' || n_key >= KALDI_LONGEST_KEY)
        return line_reader_fail(index, failure, "not of the form KEY PATH:OFFSET");
    memcpy(key, line, n_key);
    key[n_key] = '\0';
    if (place[strlen(place) - 1] == '|' || place[0] == '|')
        return line_reader_fail(index, failure,
                                "'%s' is a command, which is not run; convert the archive "
                                "first", key);
    if (place[strlen(place) - 1] == ']')
        return line_reader_fail(index, failure, "'%s': ranges [a:b] are not read", key);
    if (strcmp(place, "-") == 0)
        return line_reader_fail(index, failure, "'%s': standard input cannot be listed", key);
    uint64_t offset;
    split_offset(place, &offset);
    return open_archive(archive, place, failure) && byte_reader_seek(*archive, offset, failure);
}

bool kaldi_open_index(struct outputs *o, const char *path, struct failure *failure)
{
    if (!path) return true;
    if (sink_is_stream(o->sink[0]))
        return fail(failure, EXIT_USAGE, "--scp points into a file; give -o FILE");
    return outputs_open(o, 1, path, failure);
}

uint64_t kaldi_entry_offset(const struct outputs *o)
{
    return o->begun[0] + strlen(o->name) + 1;
}

void kaldi_write_index(struct outputs *o)
{
    struct sink *index = o->sink[1];
    if (!index) return;
    sink_text(index, o->name);
    sink_text(index, " ");
    sink_text(index, o->path);
    sink_text(index, ":");
    sink_decimal(index, kaldi_entry_offset(o));
    sink_text(index, "\n");
}

void kaldi_write_i32(struct sink *sink, uint32_t value)
{
    unsigned char bytes[5] = {4};
    put_u32le(bytes + 1, value);
    sink_write(sink, bytes, sizeof bytes);
}

bool kaldi_is_index(const char *path)
{
    return path_has_text_suffix(path, "scp");
}
