-- Stored events are held against the schemas anew when those change (docs/architecture.md, "Schemas").

-- A set of rules is how events are read and which schemas they are held against: each by itself tells which events a job
-- has to look at again. Of which schemas the sets of before held events against is not known.
alter table rule_set add column reading_digest bytea, add column schema_digest bytea;
update rule_set set reading_digest = digest;

-- other schemas: events that were held against other schemas than those in force.
alter table job drop constraint job_scope_check;
alter table job add constraint job_scope_check
  check (scope in ('older rules', 'registry unreachable', 'other schemas'));
