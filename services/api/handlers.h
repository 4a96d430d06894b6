/* SPDX-License-Identifier: EUPL-1.2 */
#ifndef SERVICES_API_HANDLERS_H
#define SERVICES_API_HANDLERS_H
/* Every handler of the route table. */
#include "common/api/api.h"

struct metrics;

#define HANDLER(name) \
    enum problem name(struct scope *s, const struct request *request, struct reply *reply)

/* applications */
HANDLER(application_submit);
HANDLER(application_show);
/* cases */
HANDLER(case_show);
HANDLER(contact_register);
HANDLER(letter_show);
HANDLER(agenda_show);
HANDLER(indicators_show);
HANDLER(openapi_show);
/* pages */
HANDLER(front_show);
HANDLER(form_show);
HANDLER(form_submit);
HANDLER(status_show);
HANDLER(status_letter_show);
HANDLER(mine_show);
HANDLER(asset_show);
HANDLER(colour_show);
HANDLER(drift_show);
HANDLER(ready_show);
/* login */
HANDLER(login_begin);
HANDLER(login_answer);
HANDLER(logout);
HANDLER(logged_out_show);
HANDLER(logout_front);
HANDLER(logout_back);
HANDLER(prov_show);
/* console */
HANDLER(home_show);
HANDLER(cases_page);
HANDLER(find_page);
HANDLER(case_page);
HANDLER(open_form);
HANDLER(take_form);
HANDLER(part_end_form);
HANDLER(benefits_page);
HANDLER(setup_page);
HANDLER(talk_form);
HANDLER(case_letter_page);
HANDLER(step_back_form);
HANDLER(emergencies_page);
HANDLER(emergency_form);
/* access log */
HANDLER(access_log_show);
HANDLER(access_log_page);
HANDLER(insight_show);
/* operators */
HANDLER(operations_causes);
HANDLER(operations_parked_list);
HANDLER(operations_parked);
HANDLER(operations_acts);
HANDLER(operations_ask);
/* Whether who asks may ask for the act that the document names, whatever else is wrong with it. */
enum problem operations_may(struct scope *s, const struct request *request);
HANDLER(cause_page);
HANDLER(parked_page);
HANDLER(acts_page);
HANDLER(act_form);

#undef HANDLER

/* What is counted of logins, from the start. */
void login_metrics(struct metrics *m);

/* What a citizen reads instead of a page that they may not see (struct api's turn_away). */
enum problem page_turn_away(struct scope *s, const struct request *request, enum problem problem,
                            struct http_reply *reply);

/* Any problem in words, with a way back: to the form, or to staff's own page. reply holds the status. */
enum problem page_explain(struct scope *s, enum listener at, enum problem problem,
                          struct http_reply *reply);

#endif
