/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* wcwidth */
#include "tools/live/screen.h"

#include "tools/base/growing.h"
#include "tools/base/palette.h"
#include "tools/base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { MOST_COLUMNS = 1000, MOST_ROWS = 500 };

static const struct cell blank = {" ", STYLE_PLAIN};

static void fill_blank(struct cell *cell, size_t n)
{
    for (size_t i = 0; i < n; i++) cell[i] = blank;
}

bool screen_resize(struct screen *screen, unsigned columns, unsigned rows, struct failure *failure)
{
    if (columns > MOST_COLUMNS) columns = MOST_COLUMNS;
    if (rows > MOST_ROWS) rows = MOST_ROWS;
    size_t n = (size_t)columns * rows;
    screen_free(screen);
    screen->cell = zeroed(n, sizeof *screen->cell, failure);
    screen->shown = zeroed(n, sizeof *screen->shown, failure);
    if (!screen->cell || !screen->shown) return false;
    screen->columns = columns;
    screen->rows = rows;
    fill_blank(screen->cell, n);
    fill_blank(screen->shown, n);
    return true;
}

void screen_free(struct screen *screen)
{
    free(screen->cell);
    free(screen->shown);
    screen->cell = screen->shown = NULL;
    screen->columns = screen->rows = 0;
}

void screen_blank(struct screen *screen)
{
    fill_blank(screen->cell, (size_t)screen->columns * screen->rows);
}

/* ---- characters ------------------------------------------------------------------------------ */

/* The code of a UTF-8 character of n bytes. */
static wchar_t code_of(const char *text, size_t n)
{
    static const unsigned char first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    wchar_t code = (unsigned char)text[0] & first_bits[n];
    for (size_t i = 1; i < n; i++) code = (wchar_t)(code << 6 | (text[i] & 0x3F));
    return code;
}

struct glyph {
    char text[5];
    size_t n;       /* bytes of the text that it was made from */
    unsigned width; /* 0: combines with the character before it */
};

static struct glyph glyph_at(const struct screen *screen, const char *text)
{
    struct glyph glyph = {.n = utf8_length(text, text + strlen(text)), .width = 1};
    if (glyph.n == 0) glyph.n = 1;
    memcpy(glyph.text, text, glyph.n);
    if ((unsigned char)text[0] < 0x80) return glyph;
    if (!screen->utf8 || glyph.n == 1) strcpy(glyph.text, "?");
    int width = screen->utf8 ? wcwidth(code_of(text, glyph.n)) : 1;
    if (width == 0 || width == 2) glyph.width = (unsigned)width;
    return glyph;
}

unsigned screen_columns(const struct screen *screen, const char *text)
{
    unsigned n = 0;
    while (*text) {
        struct glyph glyph = glyph_at(screen, text);
        n += glyph.width;
        text += glyph.n;
    }
    return n;
}

static void combine(struct cell *cell, const struct glyph *glyph)
{
    if (strlen(cell->text) + glyph->n < CELL_BYTES) strcat(cell->text, glyph->text);
}

unsigned screen_put(struct screen *screen, unsigned row, unsigned column, unsigned end,
                    const char *text, uint32_t style)
{
    unsigned begin = column;
    if (end > screen->columns) end = screen->columns;
    if (row >= screen->rows) return column;
    struct cell *cell = screen->cell + (size_t)row * screen->columns;
    while (*text) {
        struct glyph glyph = glyph_at(screen, text);
        text += glyph.n;
        if (glyph.width == 0 && column > begin) combine(&cell[column - 1], &glyph);
        if (glyph.width == 0) continue;
        if (column + glyph.width > end) break;
        cell[column] = (struct cell){.style = style};
        strcpy(cell[column].text, glyph.text);
        if (glyph.width == 2) cell[column + 1] = (struct cell){.style = style};
        column += glyph.width;
    }
    return column;
}

/* ---- colours --------------------------------------------------------------------------------- */

static unsigned square(unsigned a, unsigned b)
{
    return a > b ? (a - b) * (a - b) : (b - a) * (b - a);
}

/* The level of the 6 x 6 x 6 cube that is nearest to a channel. */
static unsigned cube_level(unsigned channel)
{
    return channel < 48 ? 0 : channel < 115 ? 1 : (channel - 35) / 40;
}

/* The nearest of the 256 colours: the cube from 16 on, and the greys from 232 on. */
static unsigned of_256(uint32_t rgb)
{
    static const unsigned level[] = {0, 95, 135, 175, 215, 255};
    unsigned red = rgb >> 16 & 255, green = rgb >> 8 & 255, blue = rgb & 255;
    unsigned r = cube_level(red), g = cube_level(green), b = cube_level(blue);
    unsigned mean = (red + green + blue) / 3, k = mean < 8 ? 0 : (mean - 3) / 10;
    if (k > 23) k = 23;
    unsigned grey = 8 + 10 * k;
    unsigned of_cube = square(red, level[r]) + square(green, level[g]) + square(blue, level[b]);
    unsigned of_grey = square(red, grey) + square(green, grey) + square(blue, grey);
    return of_grey < of_cube ? 232 + k : 16 + 36 * r + 6 * g + b;
}

static void put_colour(const struct screen *screen, int ground, uint32_t rgb, FILE *terminal)
{
    if (screen->colours == COLOURS_ALL)
        fprintf(terminal, "\033[%d;2;%u;%u;%um", ground, rgb >> 16 & 255, rgb >> 8 & 255,
                rgb & 255);
    else
        fprintf(terminal, "\033[%d;5;%um", ground, of_256(rgb));
}

enum { INK = 38, GROUND = 48 };

static void put_style(const struct screen *screen, uint32_t from, uint32_t to, FILE *terminal)
{
    if (screen->colours == COLOURS_NONE || from == to) return;
    uint32_t kind = to & STYLE_FILL;
    bool filled = kind == STYLE_FILL && (from & STYLE_FILL) == STYLE_FILL;
    if (from != STYLE_PLAIN && !filled) fputs("\033[m", terminal);
    if (kind == STYLE_FAINT) put_colour(screen, INK, PALETTE_GREY, terminal);
    if (kind == STYLE_ALARM) fputs("\033[1;7m", terminal);
    if (kind != STYLE_FILL) return;
    if (!filled || ((from ^ to) & STYLE_BLACK_INK))
        put_colour(screen, INK, to & STYLE_BLACK_INK ? 0x000000 : 0xffffff, terminal);
    put_colour(screen, GROUND, to & 0xffffff, terminal);
}

/* ---- the terminal ---------------------------------------------------------------------------- */

static bool same(const struct screen *screen, const struct cell *a, const struct cell *b)
{
    return strcmp(a->text, b->text) == 0 &&
           (a->style == b->style || screen->colours == COLOURS_NONE);
}

void screen_scroll(struct screen *screen, unsigned rows, unsigned n, FILE *terminal)
{
    if (rows > screen->rows) rows = screen->rows;
    if (n == 0 || n >= rows) return;
    size_t kept = (size_t)(rows - n) * screen->columns, gone = (size_t)n * screen->columns;
    /* Lines are deleted at the top and inserted below, so that the rest stays in its place. */
    fprintf(terminal, "\033[H\033[%uM\033[%uH\033[%uL", n, rows - n + 1, n);
    memmove(screen->shown, screen->shown + gone, kept * sizeof *screen->shown);
    fill_blank(screen->shown + kept, gone);
}

/* Writes the cells of a row that differ. A wide character is one with its right half. */
static void show_row(struct screen *screen, unsigned row, uint32_t *style, FILE *terminal)
{
    struct cell *cell = screen->cell + (size_t)row * screen->columns;
    struct cell *shown = screen->shown + (size_t)row * screen->columns;
    unsigned cursor = UINT32_MAX;
    for (unsigned i = 0; i < screen->columns; i++) {
        bool right_changes = i + 1 < screen->columns && !cell[i + 1].text[0] &&
                             !same(screen, &cell[i + 1], &shown[i + 1]);
        if (same(screen, &cell[i], &shown[i]) && !right_changes) continue;
        if (cell[i].text[0] && cursor != i) fprintf(terminal, "\033[%u;%uH", row + 1, i + 1);
        put_style(screen, *style, cell[i].style, terminal);
        *style = cell[i].style;
        fputs(cell[i].text, terminal);
        cursor = i + 1;
        shown[i] = cell[i];
    }
}

void screen_show(struct screen *screen, FILE *terminal)
{
    uint32_t style = STYLE_PLAIN;
    for (unsigned row = 0; row < screen->rows; row++) show_row(screen, row, &style, terminal);
    put_style(screen, style, STYLE_PLAIN, terminal);
}
