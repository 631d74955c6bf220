-- Dead letters (docs/architecture.md, "Dead letters").

-- Dead letters of one queue that say the same: reason without what differs, class of error, original topic, and type and service
-- of the event. '' and 0 stand for none. Goes when none of its dead letters is stored any more.
create table dead_letter_group (
  key uuid primary key,
  workspace_id smallint not null,
  -- The queue
  incarnation_id integer not null,
  -- A hash of the fingerprint: the same in every queue
  reason_key uuid not null,
  fingerprint text not null,
  error_class text not null,
  original_topic text not null,
  type_id integer not null,
  service_id integer not null,
  -- The newest stored day with a dead letter of it
  used_day date not null
);
create index dead_letter_group_queue on dead_letter_group (incarnation_id);
create index dead_letter_group_used_day on dead_letter_group (used_day);

-- A record on a dead-letter topic, mirrors apart. Written with its event.
create table dead_letter (
  "offset" bigint not null,
  recorded_at timestamptz not null,
  stored_at timestamptz not null,
  failed_at timestamptz,
  trace_key uuid not null,
  event_key uuid,
  group_key uuid not null,
  -- Where the event stood before, as it says; its topic is the group's.
  original_offset bigint,
  original_at timestamptz,
  -- The trace and time of the original, once it is found.
  original_trace_key uuid,
  original_occurred_at timestamptz,
  -- When it is looked for again; null for never.
  look_at timestamptz,
  stored_day date not null,
  incarnation_id integer not null,
  partition integer not null,
  original_partition integer,
  original_incarnation_id integer,
  original_day date,
  retry_count integer,
  -- Bits of model/dead-letter.ts
  problems integer not null,
  -- Codes of model/dead-letter.ts
  family smallint not null,
  -- Codes of store/codes.ts
  original_state smallint not null,
  reason text,
  consumer_group text,
  failed_in text
) partition by range (stored_day);
create index dead_letter_place on dead_letter (incarnation_id, partition, "offset");
create index dead_letter_by_queue on dead_letter (incarnation_id, recorded_at, partition, "offset");
create index dead_letter_by_group on dead_letter (group_key, recorded_at);
create index dead_letter_by_trace on dead_letter (trace_key);
create index dead_letter_by_original on dead_letter (original_incarnation_id, original_partition, original_offset)
  where original_incarnation_id is not null;
create index dead_letter_look on dead_letter (look_at) where look_at is not null;

-- Dead letters whose original lies in another trace than they do, by that trace. Apart, so that settle asks one small index.
create table foreign_letter (
  trace_key uuid not null,
  incarnation_id integer not null,
  partition integer not null,
  "offset" bigint not null,
  stored_day date not null,
  -- When the original occurred
  occurred_at timestamptz not null,
  primary key (trace_key, incarnation_id, partition, "offset")
);
create index foreign_letter_place on foreign_letter (incarnation_id, partition, "offset");
create index foreign_letter_day on foreign_letter (stored_day);

-- Dead letters per group and minute of their record's time. Jobs that read events anew write signed rows.
create table dead_letter_count (
  stored_day date not null,
  minute timestamptz not null,
  group_key uuid not null,
  writer uuid not null,
  records bigint not null,
  primary key (stored_day, minute, group_key, writer)
) partition by range (stored_day);
create index dead_letter_count_group on dead_letter_count (group_key, minute);

-- What somebody says of a queue, of a reason in it, or of a record. `target`: queue, reason:{key} or record:{partition}/{offset}.
create table dead_letter_mark (
  incarnation_id integer not null,
  target text not null,
  workspace_id smallint not null,
  state text not null check (state in ('new', 'acknowledged', 'resolved')),
  since timestamptz not null,
  note text,
  primary key (incarnation_id, target)
);

-- What the broker says of a queue's configuration; `trouble` says why it does not.
create table topic_config (
  incarnation_id integer primary key,
  -- -1: for ever
  retention_ms bigint,
  cleanup_policy text,
  -- errors.deadletterqueue.group.enable
  dead_letters boolean not null,
  trouble text,
  looked_at timestamptz not null
);

insert into kept_table (name, kept_as, span) values
  ('dead_letter', 'events', 'day'), ('dead_letter_count', 'events', 'day');
select ensure_stored_day(day) from (
  select to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') as day
  from pg_inherits where inhparent = 'event'::regclass
) d;

-- Dead letters of a trace's events, mirrors apart, as settle last counted them.
alter table trace add column dead_letter_count integer not null default 0;
create index trace_dead_letters on trace (workspace_id, started_at) where dead_letter_count > 0;
