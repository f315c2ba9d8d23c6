/* SPDX-License-Identifier: MIT */
#include "tools/train/group_screen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool group_screen_new(struct group_screen *screen, uint32_t dim)
{
    screen->gathered = malloc(SEARCH_CHUNK * SEARCH_WIDTH(dim) * sizeof *screen->gathered);
    return screen->gathered != NULL;
}

void group_screen_free(struct group_screen *screen)
{
    free(screen->gathered);
    screen->gathered = NULL;
}

void group_screen_begin(struct group_screen *screen, const struct groups *groups,
                        const struct kernel *kernel, float *centred, size_t n)
{
    float per_step = groups->screen.per_step;
    kernel->screen->round(&groups->screen, centred, n, screen->shift);
    for (size_t i = 0; i < n; i++) {
        screen->unit[i] = ldexpf(1.0f / (per_step * per_step), screen->shift[i]);
        screen->least[i] = screen->rival[i] = INT32_MAX;
        screen->id[i] = UINT32_MAX;
    }
}

/* Puts the survivors of a group among those of the groups before it. */
static void note(struct group_screen *screen, size_t i, const struct survivors *survivors,
                 const uint32_t *code)
{
    int32_t least = survivors->least;
    if (least >= screen->least[i]) {
        if (least < screen->rival[i]) screen->rival[i] = least;
        return;
    }
    screen->rival[i] = screen->least[i];
    screen->least[i] = least;
    screen->id[i] = survivors->n == 1 ? code[survivors->id[0]] : UINT32_MAX;
}

void group_screen_run(struct group_screen *screen, const struct groups *groups,
                      const struct kernel *kernel, uint32_t g, const float *centred,
                      const uint32_t *frame, size_t n, float *score)
{
    const uint32_t *code = groups->code + (size_t)g * CODE_GROUP;
    struct screen group = groups->screen;
    size_t width = group.width, n_left = groups->n_code - (size_t)g * CODE_GROUP;
    struct rounded rounded = {screen->gathered, n, width, screen->chunk_shift};
    group.packed += (size_t)g * CODE_GROUP * 2 * group.n_pair;
    group.start += (size_t)g * CODE_GROUP;
    group.n_group = 1;
    group.n_code = n_left < CODE_GROUP ? n_left : CODE_GROUP;
    for (size_t j = 0; j < n; j++) {
        memcpy(screen->gathered + j * width, centred + frame[j] * width,
               width * sizeof *screen->gathered);
        screen->chunk_shift[j] = screen->shift[frame[j]];
    }
    kernel->screen->search(&group, &rounded, screen->survivors);
    /* A rough score differs from the true one by at most half the margin; the rest is for the
       rounding of this sum. */
    float error = (float)(group.margin / 2 + 256);
    for (size_t j = 0; j < n; j++) {
        size_t i = frame[j];
        note(screen, i, &screen->survivors[j], code);
        score[j] = ((float)screen->survivors[j].least - error) * screen->unit[i];
    }
}
