/* SPDX-License-Identifier: MIT */
#include "tools/report/wave_address.h"

#include "tools/report/html.h"

#include <math.h>
#include <stdint.h>

static void put(struct base64 *out, uint32_t value, unsigned n_byte)
{
    for (unsigned i = 0; i < n_byte; i++)
        base64_put(out, (unsigned char[]){value >> 8 * i & 255}, 1);
}

static void put_header(struct base64 *out, uint32_t n_byte, uint32_t rate_hz)
{
    base64_put(out, "RIFF", 4);
    put(out, 36 + n_byte, 4);
    base64_put(out, "WAVEfmt ", 8);
    put(out, 16, 4);
    put(out, 1, 2); /* PCM */
    put(out, 1, 2); /* channel */
    put(out, rate_hz, 4);
    put(out, 2 * rate_hz, 4);
    put(out, 2, 2);
    put(out, 16, 2);
    base64_put(out, "data", 4);
    put(out, n_byte, 4);
}

void wave_address_write(FILE *file, const struct samples *samples)
{
    struct base64 out = {.file = file};
    fputs("data:audio/wav;base64,", file);
    put_header(&out, (uint32_t)(2 * samples->n), samples->rate_hz);
    for (size_t i = 0; i < samples->n; i++) {
        double x = floor(32768 * (double)samples->x[i] + 0.5);
        put(&out, (uint32_t)(int32_t)fmin(32767, fmax(-32768, x)), 2);
    }
    base64_end(&out);
}
