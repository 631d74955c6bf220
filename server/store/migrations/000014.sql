-- Stored events are held against the schemas anew when those change (docs/architecture.md, "Schemas").

-- A set of rules is how events are read and which schemas they are held against: each by itself tells which events a job
-- has to look at again. Of which schemas the sets of before held events against is not known.
alter table rule_set add column reading_digest bytea, add column schema_digest bytea;
update rule_set set reading_digest = digest;

-- other schemas: events that were held against other schemas than those in force.
alter table job drop constraint job_scope_check;
alter table job add constraint job_scope_check
  check (scope in ('older rules', 'registry unreachable', 'other schemas'));

-- Drift: which fields the events of a type and service carry, by the hour in which they were stored. Of a sample of them
-- (server/pipeline/field-sample.ts), counted in the transaction that stores them.
create table field_count (
  stored_hour timestamptz not null,
  type_id integer not null,
  -- 0 stands for none, so that the key has no nulls
  service_id integer not null,
  -- A JSON pointer with `*` for the places of a list and `**` for the keys of a map; empty for the body itself, which
  -- every event of the sample has.
  path text collate "C" not null,
  -- Bits of the types that the field has in one event: of a list's items there may be several.
  type_set smallint not null,
  writer uuid not null,
  events bigint not null,
  -- Of the body: events that were not looked at whole.
  cut_events bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  -- The newest of these events
  incarnation_id integer not null,
  partition integer not null,
  "offset" bigint not null,
  primary key (stored_hour, type_id, service_id, path, type_set, writer)
) partition by range (stored_hour);
insert into kept_table (name, kept_as, span) values ('field_count', 'events', 'day');
select ensure_stored_day(day) from (
  select to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') as day
  from pg_inherits where inhparent = 'event'::regclass
) d;
