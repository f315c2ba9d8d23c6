/* SPDX-License-Identifier: MIT */
/* The callback runs where one late answer is a gap in the audio: no memory, no lock, no system
   call; and what does not fit is counted. */
#include "tests/support/check.h"

#include "tools/live/capture.h"
#include "tools/live/device.h"

#include <linux/seccomp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif

enum { N_FRAME = 160 };

/* The linker puts these in the place of the allocator and of the lock (--wrap). */
static int n_allocation, n_lock;
int __real_pthread_mutex_lock(pthread_mutex_t *lock);
int __wrap_pthread_mutex_lock(pthread_mutex_t *lock);
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t n);

void *__wrap_malloc(size_t n)
{
    n_allocation++;
    return __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    n_allocation++;
    return __real_calloc(n, size);
}

void *__wrap_realloc(void *memory, size_t n)
{
    n_allocation++;
    return __real_realloc(memory, n);
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *lock)
{
    n_lock++;
    return __real_pthread_mutex_lock(lock);
}

static int call(struct capture *capture, const float *x, PaStreamCallbackFlags flags, double at_s)
{
    const PaStreamCallbackTimeInfo time = {.inputBufferAdcTime = at_s, .currentTime = at_s + 0.01};
    return capture_callback(x, NULL, N_FRAME, &time, flags, capture);
}

static void release(struct capture *capture)
{
    capture_release(capture);
    capture_release(capture);
}

static void it_allocates_and_locks_nothing(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static const float x[N_FRAME * 2];
    struct capture *capture = capture_new(16000, 2);
    CHECK(capture != NULL);
    pthread_mutex_lock(&lock);
    int before = n_allocation;
    CHECK(before > 0 && n_lock == 1);
    for (int i = 0; i < 2000; i++) call(capture, x, i == 7 ? paInputOverflow : 0, i * 0.01);
    CHECK_EQ(n_allocation, before);
    CHECK_EQ(n_lock, 1);
    pthread_mutex_unlock(&lock);
    release(capture);
}

/* In the child any system call but read, write and exit is death. */
static void it_calls_no_system(void)
{
#ifdef SANITIZED
    SKIP("a sanitizer makes system calls of its own");
#else
    static const float x[N_FRAME];
    struct capture *capture = capture_new(16000, 1);
    CHECK(capture != NULL);
    fflush(stdout);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(20);
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(77);
        for (int i = 0; i < 2000; i++) call(capture, x, i % 100 ? 0 : paInputOverflow, i * 0.01);
        syscall(SYS_exit, 0);
    }
    int status;
    waitpid(child, &status, 0);
    release(capture);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) SKIP("this kernel has no seccomp");
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 0);
#endif
}

static void what_finds_no_room_is_counted_with_the_next_block(void)
{
    static const float x[N_FRAME];
    struct capture_block block;
    struct capture *capture = capture_new(16000, 1);
    CHECK(capture != NULL);
    size_t n_fit = capture->frame.capacity / N_FRAME;
    for (size_t i = 0; i < n_fit + 3; i++)
        call(capture, x, i == n_fit + 1 ? paInputOverflow : 0, 0);
    CHECK_EQ(ring_filled(&capture->block), n_fit);
    ring_forget(&capture->frame, N_FRAME);
    call(capture, x, 0, 1);
    ring_peek(&capture->block, n_fit, &block, 1);
    CHECK_EQ(block.lost, 3 * N_FRAME);
    CHECK(block.overflow);
    CHECK_EQ(block.n_frame, N_FRAME);
    CHECK_EQ(capture->n_call, n_fit + 4);
    release(capture);
}

static void a_retired_stream_writes_nothing_and_ends(void)
{
    static const float x[N_FRAME];
    struct capture *capture = capture_new(16000, 1);
    CHECK(capture != NULL);
    CHECK_EQ(call(capture, x, 0, 0), paContinue);
    capture->retired = true;
    CHECK_EQ(call(capture, x, 0, 0), paAbort);
    CHECK_EQ(ring_filled(&capture->frame), N_FRAME);
    release(capture);
}

static void a_device_is_known_again_as_another_card(void)
{
    CHECK(device_is_same("default", "default"));
    CHECK(device_is_same("Mic: USB (hw:1,0)", "Mic: USB (hw:2,0)"));
    CHECK(!device_is_same("Mic: USB (hw:1,0)", "Mic: USB"));
    CHECK(!device_is_same("Mic (hw:1,0)", "Mic: USB (hw:1,0)"));
    CHECK(!device_is_same("Mic: USB", "Mic"));
}

int main(void)
{
    RUN(it_allocates_and_locks_nothing);
    RUN(it_calls_no_system);
    RUN(what_finds_no_room_is_counted_with_the_next_block);
    RUN(a_retired_stream_writes_nothing_and_ends);
    RUN(a_device_is_known_again_as_another_card);
    return check_done();
}
