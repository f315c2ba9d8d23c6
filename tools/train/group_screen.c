/* SPDX-License-Identifier: MIT */
#include "tools/train/group_screen.h"

void group_screen_begin(struct group_screen *screen, const struct groups *groups,
                        const struct kernel *kernel, float *centred, size_t n)
{
    float step = 1.0f / groups->screen.per_step;
    kernel->screen->round(&groups->screen, centred, n, screen->shift);
    for (size_t i = 0; i < n; i++) {
        int32_t shift = screen->shift[i] < 0 ? 0 : screen->shift[i];
        screen->unit[i] = step * step * (float)(1 << shift);
        screen->least[i] = screen->rival[i] = INT32_MAX;
        screen->id[i] = UINT32_MAX;
    }
}

/* Puts the survivors of a group among those of the groups before it. */
static void note(struct group_screen *screen, size_t i, const struct survivors *survivors,
                 const uint32_t *code)
{
    int32_t least = survivors->least, best = screen->least[i], rival = screen->rival[i];
    bool is_better = least < best; /* no branches, since no CPU could predict them */
    int32_t loser = is_better ? best : least;
    uint32_t id = survivors->n == 1 ? code[survivors->id[0]] : UINT32_MAX;
    screen->rival[i] = loser < rival ? loser : rival;
    screen->least[i] = is_better ? least : best;
    screen->id[i] = is_better ? id : screen->id[i];
}

void group_screen_run(struct group_screen *screen, const struct groups *groups,
                      const struct kernel *kernel, uint32_t g, const float *centred,
                      const uint32_t *frame, size_t n, float *score)
{
    const uint32_t *code = groups->code + (size_t)g * CODE_GROUP;
    struct screen group = groups->screen;
    size_t n_left = groups->n_code - (size_t)g * CODE_GROUP;
    struct rounded rounded = {(const int16_t *)(const void *)centred, 2 * group.width,
                              screen->shift, frame, n};
    group.packed += (size_t)g * CODE_GROUP * 2 * group.n_pair;
    group.start += (size_t)g * CODE_GROUP;
    group.n_group = 1;
    group.n_code = n_left < CODE_GROUP ? n_left : CODE_GROUP;
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
