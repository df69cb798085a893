/* subscribe.h - forms that make us write to whatever address is typed: what keeps machines from using them
 *
 * Each such form carries a stamp (the time and the list, keyed), and a field that people do not see. A form that comes back at once,
 * too late, or without a stamp is shown again; one whose hidden field is filled in gets the usual answer, and nothing is done. When a
 * network or the whole site has caused many mails within the hour, a page lets the browser compute for a second or two first; who has no
 * script there may write to the list's -join address instead, which needs no mail of ours at all.
 * Sources: reliability-security D.6. */
#ifndef KAIRAN_WEB_SUBSCRIBE_H
#define KAIRAN_WEB_SUBSCRIBE_H

#include "policy/subscription.h"
#include "web/request.h"

/* For policy/subscription.h, with the keys of this moment. */
enum status subscribe_desk(struct request *request, struct subscription_desk **desk_r);
struct list *subscribe_list(const struct request *request);

/* What the form needs: Page.stamp. */
enum status subscribe_show_form(struct request *request);

enum form_answer {
    FORM_GOOD,
    FORM_AGAIN,         /* show it once more; Page.fault is set */
    FORM_TRAP,          /* say what is always said, do nothing */
    FORM_WORK           /* show the page that lets the browser compute: Page.puzzle, .bits */
};
/* Judges the form sent, for the address with this key. */
enum status subscribe_check_form(struct request *request, const char *key, enum form_answer *answer_r);

/* Shows the form again with what is wrong at `field`; `sentence` is N_(). */
enum status subscribe_refuse(struct request *request, struct fault *fault, const char *field, const char *sentence);

#endif
