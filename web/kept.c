/* kept.c - answers that were made before and are still right */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "util/tally.h"
#include "web/kept.h"

enum { SETS = 512, WAYS = 4, TAG_MOST = 31, SHARE = 8 };

/* Where an answer begins, counted in all bytes ever written: it is whole as long as the ring has not come round to it. */
struct place {
    uint64_t begin;
    uint32_t len;               /* 0: free */
    char tag[TAG_MOST + 1];
};

struct kept {
    pthread_mutex_t lock;       /* of all processes; it survives one that ends with it */
    struct place sets[SETS][WAYS];
    uint64_t head;
    size_t size;
    char ring[];
};

struct kept *
kept_open(size_t bytes)
{
    pthread_mutexattr_t of_all;
    struct kept *kept;

    if (bytes == 0)
        return NULL;
    kept = mmap(NULL, sizeof(*kept) + bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (kept == MAP_FAILED)
        return NULL;
    kept->size = bytes;
    pthread_mutexattr_init(&of_all);
    pthread_mutexattr_setpshared(&of_all, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&of_all, PTHREAD_MUTEX_ROBUST);
    must(pthread_mutex_init(&kept->lock, &of_all) == 0);
    pthread_mutexattr_destroy(&of_all);
    return kept;
}

static void
lock(struct kept *kept)
{
    if (pthread_mutex_lock(&kept->lock) == EOWNERDEAD) {
        memset(kept->sets, 0, sizeof(kept->sets));
        pthread_mutex_consistent(&kept->lock);
    }
}

static struct place *
set_of(struct kept *kept, const char *tag)
{
    uint32_t hash = 2166136261u;

    for (const char *s = tag; *s != '\0'; s++)
        hash = (hash ^ (unsigned char)*s) * 16777619u;
    return kept->sets[hash % SETS];
}

static bool
is_whole(const struct kept *kept, const struct place *place)
{
    return place->len > 0 && kept->head - place->begin <= kept->size;
}

struct str *
kept_find(TALLOC_CTX *ctx, struct kept *kept, const char *tag)
{
    struct str *answer = NULL;
    struct place *set;

    if (kept == NULL || tag == NULL)
        return NULL;
    lock(kept);
    set = set_of(kept, tag);
    for (int i = 0; i < WAYS && answer == NULL; i++)
        if (is_whole(kept, &set[i]) && str_eq(set[i].tag, tag)) {
            answer = str_new(ctx);
            str_addn(answer, kept->ring + set[i].begin % kept->size, set[i].len);
        }
    pthread_mutex_unlock(&kept->lock);
    tally_add(METRIC_OF_WEB_KEPT, answer != NULL ? "hit" : "miss", 1);
    return answer;
}

/* The tag's own place, or the one whose answer is oldest or gone. */
static struct place *
place_for(struct kept *kept, const char *tag)
{
    struct place *set = set_of(kept, tag), *oldest = &set[0];

    for (int i = 0; i < WAYS; i++) {
        if (str_eq(set[i].tag, tag))
            return &set[i];
        if (!is_whole(kept, &set[i]) || (is_whole(kept, oldest) && set[i].begin < oldest->begin))
            oldest = &set[i];
    }
    return oldest;
}

/* An answer lies in one piece: what is left of the ring's end is skipped where it is too short. */
static uint64_t
room_for(struct kept *kept, size_t len)
{
    size_t left = kept->size - kept->head % kept->size;
    uint64_t begin = kept->head + (left < len ? left : 0);

    kept->head = begin + len;
    return begin;
}

void
kept_put(struct kept *kept, const char *tag, const struct str *answer)
{
    struct place *place;

    if (kept == NULL || tag == NULL || strlen(tag) > TAG_MOST || answer->len == 0 || answer->len > kept->size / SHARE)
        return;
    lock(kept);
    place = place_for(kept, tag);
    place->len = 0;
    place->begin = room_for(kept, answer->len);
    memcpy(kept->ring + place->begin % kept->size, answer->s, answer->len);
    memcpy(place->tag, tag, strlen(tag) + 1);
    place->len = (uint32_t)answer->len;
    pthread_mutex_unlock(&kept->lock);
}
