/* SPDX-License-Identifier: MIT */
#include "tools/cli/options.h"

#include <string.h>

#define HELP_COLUMN 28
#define HELP_WIDTH 80

/* Writes text from `column` on, wrapped at spaces; further lines are indented to `indent`. */
static void write_wrapped(FILE *file, const char *text, int column, int indent)
{
    while (*text) {
        int n = (int)strcspn(text, " \n");
        if (column > indent && column + 1 + n > HELP_WIDTH) {
            fprintf(file, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', file);
            column++;
        }
        fprintf(file, "%.*s", n, text);
        column += n;
        text += n;
        if (*text == '\n') {
            fprintf(file, "\n%*s", indent, "");
            column = indent;
        }
        if (*text) text++;
    }
    fputc('\n', file);
}

static void write_row(FILE *file, char letter, const char *name, const char *argument,
                      const char *help)
{
    char left[128];
    int n = letter ? snprintf(left, sizeof left, "  -%c, --%s", letter, name)
                   : snprintf(left, sizeof left, "      --%s", name);
    if (argument) n += snprintf(left + n, sizeof left - (size_t)n, " %s", argument);
    fputs(left, file);
    if (n + 2 > HELP_COLUMN)
        fprintf(file, "\n%*s", HELP_COLUMN, "");
    else
        fprintf(file, "%*s", HELP_COLUMN - n, "");
    write_wrapped(file, help, HELP_COLUMN, HELP_COLUMN);
}

void options_write_help(const struct option_table *table, FILE *file)
{
    const char *space = table->command[0] ? " " : "";
    fprintf(file, "Usage: voq%s%s %s\n\n", space, table->command, table->operands);
    write_wrapped(file, table->about, 0, 0);
    bool headed = table->n_row > 0 && table->row[0].kind == OPTION_HEADING;
    if (!headed) fputs("\nOptions:\n", file);
    for (size_t i = 0; i < table->n_row; i++) {
        const struct option_row *row = &table->row[i];
        if (row->kind == OPTION_HEADING)
            fprintf(file, "\n%s:\n", row->help);
        else
            write_row(file, row->letter, row->name, row->argument, row->help);
    }
    write_row(file, 'h', "help", NULL, "Print this help.");
    write_row(file, 0, "version", NULL, "Print the version.");
    if (table->notes) fprintf(file, "\n%s", table->notes);
}

/* Writes one line per option for completion and tests, separated by tabs: names, kind of argument,
   choices, help, what the command does with the file. */
static void write_list_row(FILE *file, const struct option_row *row)
{
    static const char *const role[] = {"", "\treads", "\twrites"};
    if (row->letter)
        fprintf(file, "-%c\t--%s", row->letter, row->name);
    else
        fprintf(file, "\t--%s", row->name);
    fprintf(file, "\t%s\t%s\t%.*s%s\n", row->argument ? row->argument : "",
            row->choices ? row->choices : "", (int)strcspn(row->help, "\n"), row->help,
            role[row->role]);
}

void options_write_list(const struct option_table *table, FILE *file)
{
    static const struct option_row common[] = {
        {.kind = OPTION_FLAG, .letter = 'h', .name = "help", .help = "Print this help."},
        {.kind = OPTION_FLAG, .name = "version", .help = "Print the version."}};
    for (size_t i = 0; i < table->n_row; i++)
        if (table->row[i].kind != OPTION_HEADING) write_list_row(file, &table->row[i]);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) write_list_row(file, &common[i]);
}
