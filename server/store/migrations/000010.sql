-- Where traces stopped (docs/architecture.md, "Where it stopped").

-- The newest episode of a trace: its types in order of first appearance, and per type the first appearance, as offsets
-- from the begin: when it occurred, when its record came, of which service (0 for none), on which topic.
alter table trace
  add column episode_at timestamptz,
  add column episode_type_ids integer[],
  add column episode_type_us bigint[],
  add column episode_seen_us bigint[],
  add column episode_service_ids integer[],
  add column episode_incarnation_ids integer[],
  add column episode_last_type_id integer,
  add column episode_dead_letter boolean not null default false;

-- When a trace is to be looked at again: soon after each settle, then when the next event is due. One narrow row of its
-- own, so that a look does not rewrite the trace and its indexes. Gone when nothing more is waited for.
create table episode_check (
  trace_key uuid primary key,
  workspace_id smallint not null,
  check_at timestamptz not null,
  -- Something is overdue, but the tap has not read far enough to say that it is not there.
  tap_behind boolean not null default false
) with (fillfactor = 60);
create index episode_check_at on episode_check (workspace_id, check_at);
create index episode_check_behind on episode_check (workspace_id) where tap_behind;

-- What usually follows what, as the leader last learned it.
create table expectation (
  workspace_id smallint not null,
  type_id integer not null,
  follow_id integer not null,
  -- Episodes with the one, and those of them in which the other followed; the lower end of the share.
  traces integer not null,
  followed integer not null,
  least real not null,
  typical_us bigint not null,
  p95_us bigint not null,
  p99_us bigint not null,
  wait_us bigint not null,
  -- Types that mean that it will not come.
  instead integer[] not null,
  learned_at timestamptz not null,
  primary key (workspace_id, type_id, follow_id)
);

-- Who produces an event type, and onto which topics.
create table type_maker (
  workspace_id smallint not null,
  type_id integer not null,
  service_id integer,
  incarnation_ids integer[] not null,
  primary key (workspace_id, type_id)
);

-- Traces whose newest episode waits past the usual, until the event comes.
create table stall (
  trace_key uuid primary key,
  workspace_id smallint not null,
  found_at timestamptz not null,
  -- When the last step occurred, and until when the next one was due.
  since timestamptz not null,
  due_at timestamptz not null,
  -- The last step, with its record where that is still stored.
  type_id integer not null,
  incarnation_id integer not null,
  partition integer,
  "offset" bigint,
  -- The missing step: declared ones may be of a type that no event ever was.
  missing_type text not null,
  missing_type_id integer,
  declared boolean not null,
  flow text,
  -- As the operator declared them.
  service text,
  group_name text,
  -- What was learned of it, where anything was.
  traces integer,
  followed integer,
  typical_us bigint,
  p95_us bigint
);
create index stall_since on stall (workspace_id, since, trace_key);

-- Traces that were stalled once in the last day, also those that went on: how long they took says nothing of what is
-- usual.
create table stalled_once (
  trace_key uuid primary key,
  workspace_id smallint not null,
  at timestamptz not null
);
create index stalled_once_at on stalled_once (workspace_id, at);

-- Since when traces have been found stalled after a type again and again: a day of it is no outage any more.
create table stall_run (
  workspace_id smallint not null,
  type_id integer not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (workspace_id, type_id)
);

-- Event types whose name says that something failed: few among many.
create index name_failed on name (workspace_id, id) where kind = 'event type' and lower(right(label, 6)) = 'failed';

-- Traces of before have no episode yet: those of the last day are settled anew.
insert into dirty_mark (workspace_id, trace_key, shard, stored_day, id_kind, id_text, id_length, marked_at)
select workspace_id, trace_key, get_byte(uuid_send(trace_key), 15) % 4, last_day, id_kind, id_text, id_length, settled_at
from trace where ended_at > now() - interval '1 day';
