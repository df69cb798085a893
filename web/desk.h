/* desk.h - a moderator's desk: the posts that wait, one of them, and what is decided about them
 *
 * The same desk stands at three addresses: a list's held posts, those of all one's lists, and a moderator's link that needs no
 * sign-in. Who opens it says whose lists are on it; nothing of other lists is found or decided. A post is opened, decided and left at
 * the address of the desk that it was found on. The routes of a desk declare the same fields (routes.def).
 *
 * Opening a post notes softly who looks at it; nobody is kept out by that. The first act wins, and whoever comes second is told who did
 * what and when. */
#ifndef KAIRAN_WEB_DESK_H
#define KAIRAN_WEB_DESK_H

#include "policy/change.h"
#include "web/request.h"

struct desk_list { int64_t id; const char *title, *path; };     /* path: "/lists/NAME/" */
struct desk {
    const char *base;               /* forms go here, and after an act the browser: "/lists/NAME/held", "/held", "/m/TOKEN" */
    struct actor actor;
    struct desk_list *lists;        /* those on it */
    size_t list_count;
    int page;                       /* how many posts a page shows */
    bool by_link;                   /* a post is opened as "?id=ID" behind base, not as "/ID" */
    bool may_ban;                   /* on each of the lists */
};

/* Page.held, .pending, .gone, .aside ... for held.cs and moderate.cs. */
enum status desk_show(struct request *request, const struct desk *desk);
/* One post for held-one.cs. When it was decided: who, what and when. NOT_FOUND: it never was on this desk. */
enum status desk_show_one(struct request *request, const struct desk *desk, int64_t id);
/* Carries out Form.act: sends the browser back to the desk, or asks first (held-ask.cs). */
enum status desk_act(struct request *request, const struct desk *desk, struct fault *fault);

#endif
