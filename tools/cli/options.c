/* SPDX-License-Identifier: MIT */
#include "tools/cli/options.h"

#include "tools/base/growing.h"
#include "tools/base/number.h"
#include "voq.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* getopt returns these for the options that every command has, and FIRST_ROW + i for row i. */
enum { HELP = 1000, VERSION, LIST, FIRST_ROW };

static const char *const common_name[] = {"help", "version", "list-options"};
#define N_COMMON (sizeof common_name / sizeof common_name[0])


static bool fail_value(const struct option_row *row, const char *text, const char *wanted,
                       struct failure *failure)
{
    return fail(failure, EXIT_USAGE, "--%s %s: expected %s", row->name, text, wanted);
}

static bool fail_choice(const struct option_row *row, const char *text, struct failure *failure)
{
    char wanted[512] = "one of ";
    size_t n = strlen(wanted);
    for (const char *c = row->choices; *c && n + 3 < sizeof wanted; c++) {
        wanted[n++] = *c == '|' ? ',' : *c;
        if (*c == '|') wanted[n++] = ' ';
    }
    wanted[n] = 0;
    return fail_value(row, text, wanted, failure);
}

static bool set_choice(const struct option_row *row, const char *text, uint32_t *value,
                       struct failure *failure)
{
    const char *choice = row->choices;
    size_t length = strlen(text);
    for (uint32_t i = 0;; i++) {
        size_t n = strcspn(choice, "|");
        if (n == length && memcmp(choice, text, n) == 0) {
            *value = i;
            return true;
        }
        if (!choice[n]) return fail_choice(row, text, failure);
        choice += n + 1;
    }
}

static bool set_number(const struct option_row *row, const char *text, void *value,
                       struct failure *failure)
{
    double number = 0;
    uint64_t whole = 0;
    bool good = row->kind == OPTION_NUMBER ? parse_double(text, &number) : parse_u64(text, &whole);
    if (row->kind != OPTION_NUMBER) number = (double)whole;
    if (row->kind == OPTION_U32 && whole > UINT32_MAX) good = false;
    bool bounded = row->least < row->most;
    if (good && bounded) good = number >= row->least && number <= row->most;
    if (!good) {
        const char *kind = row->kind == OPTION_NUMBER ? "a number" : "a whole number";
        char least[32], most[32], wanted[128];
        format_double(least, row->least);
        format_double(most, row->most);
        if (bounded)
            snprintf(wanted, sizeof wanted, "%s from %s to %s", kind, least, most);
        else
            snprintf(wanted, sizeof wanted, "%s", kind);
        return fail_value(row, text, wanted, failure);
    }
    switch (row->kind) {
    case OPTION_U32: *(uint32_t *)value = (uint32_t)whole; return true;
    case OPTION_U64: *(uint64_t *)value = whole; return true;
    default: *(double *)value = number; return true;
    }
}

static bool append_text(struct option_texts *texts, const char *text, struct failure *failure)
{
    if (!grow(&texts->text, &texts->capacity, texts->n + 1, sizeof *texts->text, failure))
        return false;
    texts->text[texts->n++] = text;
    return true;
}

/* Whether the text begins with a character that ends a line or controls a terminal. */
static bool is_control(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;
    if (byte[0] < ' ' || byte[0] == 0x7f) return true;
    if (byte[0] == 0xc2) return byte[1] >= 0x80 && byte[1] <= 0x9f;
    return byte[0] == 0xe2 && byte[1] == 0x80 && (byte[2] == 0xa8 || byte[2] == 0xa9);
}

/* Texts are written into lines of output and into models, where a line break would add lines. */
static bool check_text(const struct option_row *row, const char *text, struct failure *failure)
{
    for (size_t i = 0; row->role == OPTION_NO_FILE && text[i]; i++)
        if (is_control(text + i))
            return fail(failure, EXIT_USAGE,
                        "--%s: a line break or another control character at byte %zu; leave it out",
                        row->name, i + 1);
    uint32_t ignored;
    return !row->choices || set_choice(row, text, &ignored, failure);
}

static bool set_value(const struct option_row *row, char *text, void *values,
                      struct failure *failure)
{
    void *value = (char *)values + row->offset;
    switch (row->kind) {
    case OPTION_FLAG: *(bool *)value = true; return true;
    case OPTION_TEXT:
        *(const char **)value = text;
        return check_text(row, text, failure);
    case OPTION_TEXTS:
        return check_text(row, text, failure) && append_text(value, text, failure);
    case OPTION_CHOICE: return set_choice(row, text, value, failure);
    default: return set_number(row, text, value, failure);
    }
}

const char *options_nearest(const char *word, const char *const *candidate, size_t n)
{
    enum { LONGEST = 40 };
    const char *best = NULL;
    size_t length = strlen(word), best_distance = length < 5 ? 2 : 3;
    if (length > LONGEST) return NULL;
    for (size_t i = 0; i < n; i++) {
        size_t row[LONGEST + 1];
        for (size_t j = 0; j <= length; j++) row[j] = j;
        for (size_t k = 0; candidate[i][k]; k++) {
            size_t diagonal = row[0];
            row[0] = k + 1;
            for (size_t j = 1; j <= length; j++) {
                size_t change = diagonal + (candidate[i][k] != word[j - 1]);
                diagonal = row[j];
                size_t indel = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
                row[j] = change < indel ? change : indel;
            }
        }
        if (row[length] < best_distance) {
            best_distance = row[length];
            best = candidate[i];
        }
    }
    return best;
}

/* getopt returns the same code for an unknown option and for an ambiguous abbreviation. */
static bool fail_unknown(const struct option_table *table, const char *word,
                         struct failure *failure)
{
    const char **name = calloc(table->n_row + N_COMMON, sizeof *name);
    if (!name) return fail_memory(failure);
    char bare[64], like[512] = "";
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(word, "="), word);
    size_t n = 0, used = 0;
    for (size_t i = 0; i < table->n_row; i++)
        if (table->row[i].kind != OPTION_HEADING) name[n++] = table->row[i].name;
    for (size_t i = 0; i < N_COMMON; i++) name[n++] = common_name[i];
    for (size_t i = 0; i < n && used < sizeof like; i++)
        if (strncmp(name[i], bare, strlen(bare)) == 0)
            used += (size_t)snprintf(like + used, sizeof like - used, " --%s", name[i]);
    const char *near = options_nearest(bare, name, n);
    if (used > 0)
        fail(failure, EXIT_USAGE, "--%s is short for several options:%s", bare, like);
    else if (near)
        fail(failure, EXIT_USAGE, "unknown option --%s; did you mean --%s?", bare, near);
    else
        fail(failure, EXIT_USAGE, "unknown option --%s; see voq %s --help", bare, table->command);
    free(name);
    return false;
}

/* Reports what getopt rejected: the word before argv[optind]. */
static bool fail_getopt(const struct option_table *table, int code, char **argv,
                        struct failure *failure)
{
    const char *word = argv[optind - 1];
    bool is_long = word[0] == '-' && word[1] == '-';
    if (code == ':')
        return is_long ? fail(failure, EXIT_USAGE, "%s needs a value", word)
                       : fail(failure, EXIT_USAGE, "-%c needs a value", optopt);
    if (optopt >= HELP)
        return fail(failure, EXIT_USAGE, "%.*s takes no value", (int)strcspn(word, "="), word);
    if (optopt)
        return fail(failure, EXIT_USAGE, "unknown option -%c; see voq %s --help", optopt,
                    table->command);
    return fail_unknown(table, word + 2, failure);
}

/* Converts the table to getopt's long and short options. */
static void make_getopt(const struct option_table *table, struct option *long_option, char *letters)
{
    *letters++ = ':';
    for (size_t i = 0; i < table->n_row; i++) {
        const struct option_row *row = &table->row[i];
        if (row->kind == OPTION_HEADING) continue;
        bool argument = row->kind != OPTION_FLAG;
        *long_option++ = (struct option){row->name, argument, NULL, FIRST_ROW + (int)i};
        if (!row->letter) continue;
        *letters++ = row->letter;
        if (argument) *letters++ = ':';
    }
    for (size_t i = 0; i < N_COMMON; i++)
        *long_option++ = (struct option){common_name[i], no_argument, NULL, HELP + (int)i};
    *letters++ = 'h';
    *letters = 0;
}

static const struct option_row *row_of(const struct option_table *table, int code)
{
    if (code >= FIRST_ROW) return &table->row[code - FIRST_ROW];
    for (size_t i = 0; i < table->n_row; i++)
        if (table->row[i].kind != OPTION_HEADING && table->row[i].letter == code)
            return &table->row[i];
    return NULL;
}

static enum options_result answer(const struct option_table *table, int code,
                                  struct failure *failure)
{
    errno = 0;
    if (code == LIST)
        options_write_list(table, stdout);
    else if (code == VERSION)
        printf("voq %s\n", voq_version_string());
    else
        options_write_help(table, stdout);
    if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE) return OPTIONS_DONE;
    fail(failure, EXIT_OUTPUT, "stdout: cannot be written: %s", strerror(errno ? errno : EIO));
    return OPTIONS_FAILED;
}

static void note_given(const struct option_table *table, const struct option_row *row,
                       void *values)
{
    struct options_given *given = (void *)((char *)values + table->given);
    if (row - table->row < OPTIONS_MOST) given->row[row - table->row] = true;
}

static enum options_result parse(const struct option_table *table, int argc, char **argv,
                                 void *values, const struct option *long_option,
                                 const char *letters, struct failure *failure)
{
    optind = 0; /* glibc: resets getopt, since main has parsed its own options */
    opterr = 0;
    int code;
    while ((code = getopt_long(argc, argv, letters, long_option, NULL)) != -1) {
        if (code == ':' || code == '?') {
            fail_getopt(table, code, argv, failure);
            return OPTIONS_FAILED;
        }
        const struct option_row *row = row_of(table, code);
        if (!row) return answer(table, code, failure);
        if (!set_value(row, optarg, values, failure)) return OPTIONS_FAILED;
        if (table->given > 0) note_given(table, row, values);
    }
    return OPTIONS_RUN;
}

enum options_result options_parse(const struct option_table *table, int argc, char **argv,
                                  void *values, char ***operand, size_t *n_operand,
                                  struct failure *failure)
{
    struct option *long_option = calloc(table->n_row + N_COMMON + 1, sizeof *long_option);
    char *letters = calloc(table->n_row * 2 + 4, 1);
    enum options_result result = OPTIONS_FAILED;
    if (!long_option || !letters) {
        fail_memory(failure);
    } else {
        make_getopt(table, long_option, letters);
        result = parse(table, argc, argv, values, long_option, letters, failure);
        *operand = argv + optind;
        *n_operand = (size_t)(argc - optind);
    }
    free(long_option);
    free(letters);
    return result;
}

void options_free(const struct option_table *table, void *values)
{
    for (size_t i = 0; i < table->n_row; i++) {
        if (table->row[i].kind != OPTION_TEXTS) continue;
        struct option_texts *texts = (void *)((char *)values + table->row[i].offset);
        free(texts->text);
        *texts = (struct option_texts){0};
    }
}
