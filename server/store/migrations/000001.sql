-- The keys every later table builds on (docs/architecture.md, "Keys"). No foreign keys: none may cross a shard, and
-- partitions are dropped whole.

create table workspace (
  id smallint primary key,
  slug text not null unique
);
insert into workspace (id, slug) values (1, 'default');

create table cluster (
  id smallint generated always as identity primary key,
  workspace_id smallint not null,
  -- Kafka's own cluster id: two brokers lists that reach one cluster name one row.
  kafka_id text not null,
  name text not null,
  source text not null check (source in ('kafka', 'embedded', 'replay')),
  first_seen_at timestamptz not null default now(),
  unique (workspace_id, kafka_id)
);

-- Names that repeat are small ids. `digest` is SHA-256 of the whole text; `label` is cut at 512 characters.
create table name (
  id integer generated always as identity primary key,
  workspace_id smallint not null,
  kind text not null check (kind in ('event type', 'service', 'dialect')),
  digest bytea not null,
  label text not null,
  unique (workspace_id, kind, digest)
);

-- A topic in one life. `topic_id` is Kafka's; a re-created topic has another and becomes n + 1.
create table incarnation (
  id integer generated always as identity primary key,
  workspace_id smallint not null,
  cluster_id smallint not null,
  topic text not null,
  topic_id uuid,
  n integer not null,
  first_seen_at timestamptz not null default now(),
  gone_at timestamptz,
  -- Why the tap cannot read it now, in words; null while it can.
  unreadable text,
  unique (cluster_id, topic, n),
  unique (cluster_id, topic_id)
);

-- Where each partition stands. `next_offset` moves only by compare-and-set, in the transaction that stores the rows.
create table partition_state (
  incarnation_id integer not null,
  partition integer not null,
  first_offset bigint not null,
  next_offset bigint not null,
  last_recorded_at timestamptz,
  low bigint,
  high bigint,
  sampled_at timestamptz,
  primary key (incarnation_id, partition)
) with (fillfactor = 50);

-- Offsets in [from_offset, to_offset) that exist or existed and are not stored, with the reason.
create table hole (
  incarnation_id integer not null,
  partition integer not null,
  from_offset bigint not null,
  to_offset bigint not null,
  reason text not null,
  noticed_at timestamptz not null default now(),
  -- Record timestamps on both sides, so that the through line can draw it.
  from_time timestamptz,
  to_time timestamptz,
  primary key (incarnation_id, partition, from_offset)
);

-- Narrow event rows. They outlive the payload.
create table event (
  stored_day date not null,
  incarnation_id integer not null,
  partition integer not null,
  "offset" bigint not null,
  trace_key uuid not null,
  event_key uuid,
  causation_key uuid,
  body_hash bigint not null,
  type_id integer not null,
  service_id integer,
  dialect_id integer not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  stored_at timestamptz not null,
  workspace_id smallint not null,
  id_kind smallint not null,
  -- 1: the producer's clock (CreateTime), 2: the broker's (LogAppendTime)
  timestamp_type smallint not null,
  causation_is_correlation boolean not null,
  -- Bits of model/event.ts
  flags smallint not null,
  -- Codes of model/reason.ts
  reason smallint,
  resolver_version smallint not null,
  mask_version smallint not null
) partition by range (stored_day);
create index event_trace_key on event (trace_key);
create index event_event_key on event (event_key) where event_key is not null;
create index event_occurred_at on event using brin (occurred_at timestamptz_minmax_multi_ops);
create index event_reason on event (stored_at, reason) where reason is not null;

-- Raw bytes: up to 64 records of one partition in one deflated, checksummed segment. The segment row lives as long as
-- events, its bytes as long as payloads.
create table segment (
  stored_day date not null,
  incarnation_id integer not null,
  partition integer not null,
  base_offset bigint not null,
  record_count smallint not null,
  trace_keys uuid[] not null
) partition by range (stored_day);
create index segment_coordinates on segment (incarnation_id, partition, base_offset);

create table segment_bytes (
  stored_day date not null,
  incarnation_id integer not null,
  partition integer not null,
  base_offset bigint not null,
  -- CRC-32 of the deflated bytes
  checksum bigint not null,
  bytes bytea not null
) partition by range (stored_day);
alter table segment_bytes alter column bytes set storage external;
create index segment_bytes_coordinates on segment_bytes (incarnation_id, partition, base_offset);

-- Append-only: one row per trace and batch, written with the events. Settle deletes a mark before it reads the trace.
create table dirty_mark (
  workspace_id smallint not null,
  trace_key uuid not null,
  -- hash(trace_key) mod 4, a constant of the design
  shard smallint not null,
  stored_day date not null,
  id_kind smallint not null,
  -- The id's text, cut at 1,024 characters; `id_length` is its whole length.
  id_text text not null,
  id_length integer not null,
  marked_at timestamptz not null
);
create index dirty_mark_shard on dirty_mark (shard, marked_at);
create index dirty_mark_trace on dirty_mark (trace_key);

create table trace (
  trace_key uuid primary key,
  workspace_id smallint not null,
  id_kind smallint not null,
  id_text text not null,
  id_length integer not null,
  -- The folded id in lower case, cut at 128 characters, for look-up by prefix in any case.
  id_prefix text not null,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  event_count integer not null,
  duplicate_count integer not null,
  root_type_id integer not null,
  -- Distinct ids in order of first appearance.
  type_ids integer[] not null,
  service_ids integer[] not null,
  incarnation_ids integer[] not null,
  -- The stored days its events lie in.
  first_day date not null,
  last_day date not null,
  topology_version integer not null,
  settled_at timestamptz not null
);
create index trace_started_at on trace (workspace_id, started_at desc, trace_key);
create index trace_prefix on trace (workspace_id, id_prefix text_pattern_ops);

-- Event types that were seen in company: a type that is not here only ever appears alone (heartbeats).
create table accompanied_type (
  workspace_id smallint not null,
  type_id integer not null,
  primary key (workspace_id, type_id)
);

-- The one fact every latency and flow view rests on.
create table hop (
  stored_day date not null,
  trace_key uuid not null,
  incarnation_id integer not null,
  partition integer not null,
  "offset" bigint not null,
  -- 0 is the parent and alone enters percentiles; others are further causes.
  ordinal smallint not null,
  workspace_id smallint not null,
  -- Codes of model/evidence.ts
  evidence smallint not null,
  cause_incarnation_id integer,
  cause_partition integer,
  cause_offset bigint,
  hop_us bigint,
  flags smallint not null,
  -- Minute of the effect's occurred-at
  minute timestamptz not null,
  topology_version integer not null,
  primary key (stored_day, trace_key, incarnation_id, partition, "offset", ordinal)
) partition by range (stored_day);
create index hop_minute on hop (minute);

-- A copy of an event: same event id, topic and body. It has no hop of its own. Kept with the trace it belongs to.
create table duplicate (
  trace_key uuid not null,
  incarnation_id integer not null,
  partition integer not null,
  "offset" bigint not null,
  of_incarnation_id integer not null,
  of_partition integer not null,
  of_offset bigint not null,
  -- true: the bodies differ, both stand
  conflict boolean not null,
  primary key (trace_key, incarnation_id, partition, "offset")
);

-- What was ingested, by both clocks. Written in the ingest transaction, summed by the pages.
create table ingest_count (
  writer uuid not null,
  stored_minute timestamptz not null,
  occurred_minute timestamptz not null,
  incarnation_id integer not null,
  type_id integer not null,
  -- 0 stands for none, so that the key has no nulls
  service_id integer not null,
  reason smallint not null,
  schema_status smallint not null,
  workspace_id smallint not null,
  records bigint not null,
  primary key (stored_minute, writer, occurred_minute, incarnation_id, type_id, service_id, reason, schema_status)
);

-- Live frames: settle and watch append to the outbox in their transaction; one writer numbers them after commit.
create table frame_outbox (
  id bigint generated always as identity primary key,
  body jsonb not null
);
create table frame (
  number bigint primary key,
  written_at timestamptz not null default now(),
  body jsonb not null
);

-- Processes that report: who is up, and what it says of itself.
create table process (
  id uuid primary key,
  kind text not null,
  host text not null,
  pid integer not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  state jsonb not null
);

-- Creates the daily partitions of one stored day. Safe to race: the lock is held to the end of the transaction.
create function ensure_stored_day(day date) returns void language plpgsql as $$
declare
  parent text;
  suffix text := to_char(day, 'YYYYMMDD');
begin
  if to_regclass('event_' || suffix) is not null and to_regclass('hop_' || suffix) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(7201, 1);
  foreach parent in array array['event', 'segment', 'segment_bytes', 'hop'] loop
    execute format(
      'create table if not exists %I partition of %I for values from (%L) to (%L)',
      parent || '_' || suffix, parent, day, day + 1);
  end loop;
end
$$;
