/* list-form.h - what the pages that make, rename, copy and end lists share */
#ifndef KAIRAN_WEB_LIST_FORM_H
#define KAIRAN_WEB_LIST_FORM_H

#include "policy/list.h"
#include "web/request.h"

struct list_mail request_list_mail(const struct request *request);
/* Page.domains: those in which the asker may make lists; found_r: `chosen` is one of them. */
enum status show_own_domains(struct request *request, const char *chosen, bool *found_r);
/* Page.parts: what can be copied; and those that the form has ticked. */
void show_list_parts(struct request *request);
unsigned asked_list_parts(const struct request *request);
/* A list by its address, if the asker has an owner's rights on it; else INVALID with field "like". */
enum status list_of_asker(struct request *request, const char *address, struct list **list_r, struct fault *fault);
/* The list of the path as policy/ takes it. */
enum status list_of_path(struct request *request, struct list **list_r);
/* To a page of the list, on the list's own host when this one does not show it. */
enum status send_to_list(struct request *request, const struct list *list, const char *rest);
/* A refusal as it is shown; "another list was called so" also as Page.asks_to_take. */
enum status refuse_name(struct request *request, const struct fault *fault);

#endif
