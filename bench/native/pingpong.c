/* The floor that audio links are measured against: two processes, one TCP connection over loopback, the same bytes in the same pattern, and
 * nothing else. Blocks are framed and copied as a link has to: headers of 40 bytes, samples copied in on one side and out on the other.
 *
 *   pingpong blocking|spinning BLOCKS CHANNELS FRAMES PERIOD_NS WARMUP EXCHANGES    exchanges host -> satellite -> host; PERIOD_NS 0: back to back
 *   pingpong bulk BLOCKS CHANNELS FRAMES WARMUP_MIB MIB                            one way, as many bytes as given
 *
 * With LOOPHOLE_BENCH_PIN set, each process stays on a core of its own. Prints one line: exchanges: "p50_ns p90_ns p99_ns cpu_ns wall_ns", cpu of both processes; bulk: "bytes wall_ns". */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 40 };

struct shape {
    size_t blocks, payload, bytes;
    int spins;
    char *wire, *samples;
};

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void sleep_until(int64_t ns)
{
    struct timespec t = { ns / 1000000000LL, ns % 1000000000LL };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {
    }
}

static int64_t cpu_ns(int who)
{
    struct rusage u;
    getrusage(who, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000000LL + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1000LL;
}

static struct shape make_shape(size_t blocks, size_t channels, size_t frames, int spins)
{
    struct shape s = { .blocks = blocks, .payload = frames * channels * sizeof(float), .spins = spins };
    s.bytes = blocks * (HEADER + s.payload);
    s.wire = malloc(s.bytes);
    s.samples = malloc(blocks * s.payload);
    if (!s.wire || !s.samples) {
        die("malloc");
    }
    memset(s.wire, 1, s.bytes);
    memset(s.samples, 1, blocks * s.payload);
    return s;
}

static void send_period(int fd, struct shape *s)
{
    for (size_t i = 0; i < s->blocks; i++) {
        char *block = s->wire + i * (HEADER + s->payload);
        memset(block, (int)i, HEADER);
        memcpy(block + HEADER, s->samples + i * s->payload, s->payload);
    }
    for (size_t sent = 0; sent < s->bytes;) {
        ssize_t n = send(fd, s->wire + sent, s->bytes - sent, MSG_NOSIGNAL);
        if (n < 0) {
            die("send");
        }
        sent += (size_t)n;
    }
}

/* Returns 0 when the peer has ended. */
static int receive_period(int fd, struct shape *s)
{
    for (size_t got = 0; got < s->bytes;) {
        ssize_t n = recv(fd, s->wire + got, s->bytes - got, s->spins ? MSG_DONTWAIT : 0);
        if (n == 0) {
            return 0;
        }
        if (n < 0) {
            if (s->spins && (errno == EAGAIN || errno == EWOULDBLOCK)) {
                continue;
            }
            die("recv");
        }
        got += (size_t)n;
    }
    for (size_t i = 0; i < s->blocks; i++) {
        memcpy(s->samples + i * s->payload, s->wire + i * (HEADER + s->payload) + HEADER, s->payload);
    }
    return 1;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void exchange(int fd, struct shape *s, int64_t period, int warmup, int count)
{
    int64_t *took = malloc(sizeof(int64_t) * (size_t)count), begin = 0, cpu = 0, due = now_ns() + period;
    if (!took) {
        die("malloc");
    }
    for (int i = -warmup; i < count; i++, due += period) {
        if (period) {
            sleep_until(due);
        }
        if (i == 0) {
            begin = now_ns();
            cpu = cpu_ns(RUSAGE_SELF);
        }
        int64_t start = now_ns();
        send_period(fd, s);
        if (!receive_period(fd, s)) {
            exit(1);
        }
        if (i >= 0) {
            took[i] = now_ns() - start;
        }
    }
    int64_t wall = now_ns() - begin;
    cpu = cpu_ns(RUSAGE_SELF) - cpu;
    close(fd);
    while (wait(NULL) > 0) {
    }
    /* The satellite's part includes its warm-up; it is scaled to the exchanges that count. */
    cpu += cpu_ns(RUSAGE_CHILDREN) * count / (count + warmup);
    qsort(took, (size_t)count, sizeof(int64_t), by_size);
    printf("%lld %lld %lld %lld %lld\n", (long long)took[count / 2], (long long)took[(int)(count * 0.9)], (long long)took[(int)(count * 0.99)], (long long)cpu, (long long)wall);
}

static void bulk(int fd, struct shape *s, int64_t warmup, int64_t bytes)
{
    int64_t begin = 0, sent = -warmup;
    for (; sent < bytes; sent += (int64_t)s->bytes) {
        if (begin == 0 && sent >= 0) {
            begin = now_ns();
            sent = 0;
        }
        send_period(fd, s);
    }
    char end;
    shutdown(fd, SHUT_WR);
    if (recv(fd, &end, 1, 0) != 0) {
        die("end");
    }
    printf("%lld %lld\n", (long long)sent, (long long)(now_ns() - begin));
}

int main(int argc, char **argv)
{
    int is_bulk = argc > 1 && !strcmp(argv[1], "bulk");
    if (argc != (is_bulk ? 7 : 8)) {
        fprintf(stderr, "see the comment at the head of pingpong.c\n");
        return 2;
    }
    size_t blocks = (size_t)atoi(argv[2]), channels = (size_t)atoi(argv[3]), frames = (size_t)atoi(argv[4]);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1) || getsockname(listener, (struct sockaddr *)&address, &length)) {
        die("listen");
    }
    pid_t child = fork();
    if (getenv("LOOPHOLE_BENCH_PIN")) {
        cpu_set_t core;
        CPU_ZERO(&core);
        CPU_SET(child ? 0 : 1, &core);
        if (sched_setaffinity(0, sizeof core, &core)) {
            die("sched_setaffinity");
        }
    }
    int fd = child ? socket(AF_INET, SOCK_STREAM, 0) : accept(listener, NULL, NULL);
    if (child && connect(fd, (struct sockaddr *)&address, sizeof address)) {
        die("connect");
    }
    close(listener);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct shape s = make_shape(blocks, channels, frames, !strcmp(argv[1], "spinning"));
    if (child == 0) {
        while (receive_period(fd, &s)) {
            if (!is_bulk) {
                send_period(fd, &s);
            }
        }
    } else if (is_bulk) {
        bulk(fd, &s, atoll(argv[5]) << 20, atoll(argv[6]) << 20);
    } else {
        exchange(fd, &s, atoll(argv[5]), atoi(argv[6]), atoi(argv[7]));
    }
    return 0;
}
