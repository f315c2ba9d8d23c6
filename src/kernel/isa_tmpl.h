/* SPDX-License-Identifier: MIT */
/* One instruction set: every kernel template and the table of them. An isa_*.c file sets LANES and
   ISA, ENCODER, the name of the encoder's kernels for this table, SCREEN, that of the search's
   screen if it has one, and ALONE, the name of the table for one frame, includes this file and
   contains nothing else. */
#include "src/kernel/encoder_kernel.h"
#include "src/kernel/kernel.h"
#include "src/kernel/lanes.h"
#include "src/kernel/screen_kernel.h"

#define ISA_PASTE(name, isa) voq_##name##_##isa
#define ISA_EXPAND(name, isa) ISA_PASTE(name, isa)
#define ISA_NAME(name) ISA_EXPAND(name, ISA)
#define ISA_TABLE_PASTE(isa) voq_kernel_##isa
#define ISA_TABLE_EXPAND(isa) ISA_TABLE_PASTE(isa)
#define ISA_STRING_PASTE(isa) #isa
#define ISA_STRING_EXPAND(isa) ISA_STRING_PASTE(isa)

#include "src/kernel/frames_tmpl.h"
#include "src/kernel/spectrum_tmpl.h"
#include "src/kernel/radix4_tmpl.h"
#include "src/kernel/fft_tmpl.h"
#include "src/kernel/alone_tmpl.h"
#include "src/kernel/mel_tmpl.h"
#include "src/kernel/log_tmpl.h"
#include "src/kernel/matrix_tmpl.h"
#include "src/kernel/nearest_tmpl.h"

#define ENCODER_PASTE(isa) voq_encoder_##isa
#define ENCODER_EXPAND(isa) ENCODER_PASTE(isa)
extern const struct encoder_kernel ENCODER_EXPAND(ENCODER);
#ifdef SCREEN
#define SCREEN_PASTE(isa) voq_screen_##isa
#define SCREEN_EXPAND(isa) SCREEN_PASTE(isa)
#endif

extern const struct kernel ISA_TABLE_EXPAND(ISA), ISA_TABLE_EXPAND(ALONE);
const struct kernel ISA_TABLE_EXPAND(ISA) = {
    .name = ISA_STRING_EXPAND(ISA),
    .lanes = LANES,
    .encoder = &ENCODER_EXPAND(ENCODER),
#ifdef SCREEN
    .screen = &SCREEN_EXPAND(SCREEN),
#endif
    .alone = &ISA_TABLE_EXPAND(ALONE),
    .frames = kernel_frames,
    .fft_plan_size = kernel_fft_plan_size,
    .fft_plan_place = kernel_fft_plan_place,
    .power = kernel_power,
#if LANES == 4
    .frame_alone = kernel_frame_alone,
    .power_alone = kernel_power_alone,
#endif
    .mel = kernel_mel,
    .log = kernel_log,
    .matrix = kernel_matrix,
    .affine = kernel_affine,
    .nearest = kernel_nearest,
};
