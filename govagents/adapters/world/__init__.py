"""A company as files: a folder that an operator keeps, checked as a whole before any of it counts.

What a folder may hold (all else in it is left alone; only the first four must be there):

| file | one | fields: `*` must be there |
|---|---|---|
| systems.yaml | list of systems | id* name* owner* kind environment description data_classes |
| permissions.jsonl | permission a line | id* system* access_level* sensitivity* description* resource action |
| roles.jsonl | role a line | id* name* system* (null = a bundle) permissions* owner* privileged* max_hours* (null = no cap) requestable_by* description break_glass |
| identities.jsonl | identity a line | person: id* kind* name* department* manager* clearance* status* title team location employment start_date left_on moved leave; service, workload, bot, agent: id* kind* name* owner* ceiling* expires* purpose* sponsor environment charter parent model version created last_seen |
| assignments.jsonl | standing access a line | identity* role* source* granted_at granted_by last_used expires ticket |
| tickets.jsonl | ticket a line | id* kind* title* state* assignee* priority system opened closed window |
| usage.csv.gz or usage.csv | use per day | date* identity* permission* count* |
| sod.yaml | list of rules | id* kind* a* b* reason* severity owner |
| eligibility.yaml | mapping | clearance_needed* people non_humans department_bound prohibited |
| approvers.yaml | mapping | rules never_self delegates out_of_office last_resort |
| oncall.yaml | mapping | timezone rotations calendar |
| birthright.yaml | mapping | interns_everyone_only everyone departments titles |
| trust.yaml | mapping | identity id to 0..100; who is not in it is unknown, counted as 50 |
| warnings.yaml | mapping | cues: prohibition id to lists of words that raise it |
| phrases.yaml | mapping | permission id to how people say it, a list; gives nobody anything |

Dates that end something mean 00:00Z of that day. Usage may name what the company no longer has.
"""  # noqa: E501  # a table reads by its rows
