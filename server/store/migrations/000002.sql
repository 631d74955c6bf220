-- How long things are kept, and what is known of how much there is (docs/adr/0008).

-- The tables that are cut by the time at which their rows were stored, each with what it is kept as. A later migration
-- that makes such a table adds its row here: partitions are then made ahead and dropped like all others. `day` tables
-- are keyed by `stored_day`, `month` tables by a time of storing.
create table kept_table (
  name text primary key,
  kept_as text not null check (kept_as in ('payload', 'events', 'aggregates')),
  span text not null check (span in ('day', 'month'))
);
insert into kept_table (name, kept_as, span) values
  ('segment_bytes', 'payload', 'day'),
  ('segment', 'events', 'day'),
  ('event', 'events', 'day'),
  ('hop', 'events', 'day'),
  ('ingest_count', 'aggregates', 'month');

-- Counts go by whole months: to delete a million of them takes four seconds and 64 MB of WAL, vacuum included, and half
-- of the room is not given back; to drop their table takes 8 kB of WAL.
alter table ingest_count rename to ingest_count_whole;
alter table ingest_count_whole rename constraint ingest_count_pkey to ingest_count_whole_pkey;
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
) partition by range (stored_minute);

-- The name of the partition of a table that holds a stored day.
create function period_table(name text, span text, day date) returns text language sql immutable as $$
  select name || '_' || to_char(day, case span when 'day' then 'YYYYMMDD' else 'YYYYMM' end)
$$;

-- Makes the partition of one table that holds a stored day. Attaching takes a lock that neither readers nor writers wait
-- for; creating it in place would take one that every query of the table waits for. It is empty when it is attached, so
-- there is nothing to check by a constraint, which every later row would pay for.
create function add_period(name text, span text, day date) returns void language plpgsql as $$
declare
  part text := period_table(name, span, day);
  first date := date_trunc(span, day);
  last date := date_trunc(span, day) + ('1 ' || span)::interval;
begin
  execute format('create table %I (like %I including all)', part, name);
  -- A date reads its day out of this text, a timestamptz the begin of that day in UTC.
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', name, part,
    first || ' 00:00:00+00', last || ' 00:00:00+00');
end
$$;

-- Makes the partitions a stored day needs. Safe to race: the lock is held to the end of the transaction.
create or replace function ensure_stored_day(day date) returns void language plpgsql as $$
begin
  if not exists (select from kept_table k where to_regclass(period_table(k.name, k.span, day)) is null) then
    return;
  end if;
  perform pg_advisory_xact_lock(7201, 1);
  perform add_period(k.name, k.span, day) from kept_table k
  where to_regclass(period_table(k.name, k.span, day)) is null;
end
$$;

select add_period('ingest_count', 'month', month)
from (select distinct date_trunc('month', stored_minute at time zone 'utc')::date as month from ingest_count_whole) m;
insert into ingest_count select writer, stored_minute, occurred_minute, incarnation_id, type_id, service_id, reason,
  schema_status, workspace_id, records from ingest_count_whole;
drop table ingest_count_whole;

-- Running totals, moved with the position in the same statement: no sum over counts, and no row that two writers share.
-- They say what was ever stored; what has expired since is in `expired_day`.
alter table partition_state
  add column stored_count bigint not null default 0,
  -- Of those: the body could not be read; and: read, but naming no correlation id.
  add column undecodable_count bigint not null default 0,
  add column uncorrelated_count bigint not null default 0,
  -- The last instant at which nothing was left to read: an upper bound of the lag in seconds.
  add column all_read_at timestamptz;
update partition_state p set stored_count = c.stored, undecodable_count = c.undecodable,
  uncorrelated_count = c.uncorrelated
from (
  select incarnation_id, partition, count(*) as stored,
    count(*) filter (where reason in (2, 3, 4, 5, 9)) as undecodable,
    count(*) filter (where reason in (1, 6, 7, 8)) as uncorrelated
  from event group by incarnation_id, partition
) c where p.incarnation_id = c.incarnation_id and p.partition = c.partition;

-- What has expired: a stored day (of what is kept by months: the first of the month) whose partitions are dropped, or
-- are about to be. Rows stay for ever, so that a page can say what it can no longer show.
create table expired_day (
  workspace_id smallint not null,
  kept_as text not null check (kept_as in ('payload', 'events', 'aggregates')),
  day date not null,
  records bigint not null,
  undecodable bigint not null,
  uncorrelated bigint not null,
  -- What the partitions took on disk, those of all workspaces.
  bytes bigint not null,
  why text not null check (why in ('age', 'payload size', 'total size')),
  decided_at timestamptz not null default now(),
  dropped_at timestamptz,
  primary key (workspace_id, kept_as, day)
);

-- Rows of the trace that have expired; `event_count` and `duplicate_count` are those that are left.
alter table trace add column expired_count integer not null default 0;
-- Finds what a dropped day leaves behind: traces that ended in it, and those that go on after it.
create index trace_first_day on trace (first_day);

-- Stored records whose bytes turned out to be damaged or gone: the events stand, their payload cannot be shown. Written
-- by whoever meets one; goes with the payload of its day.
create table damage (
  incarnation_id integer not null,
  partition integer not null,
  -- The segment's, or the record's own where the segment cannot be told.
  base_offset bigint not null,
  record_count integer not null,
  stored_day date not null,
  -- checksum, layout: the bytes are not what was written; lost: there are none, or PostgreSQL cannot read them.
  why text not null check (why in ('checksum', 'layout', 'lost')),
  noticed_at timestamptz not null default now(),
  primary key (incarnation_id, partition, base_offset)
);

-- Lists of events are put in order by the counts, which say in which minutes events lie by either clock; a minute is then
-- found in its day without a tree over every event. Ranges are summed up as they fill, not at the next vacuum.
create index ingest_count_occurred on ingest_count (occurred_minute);
create index event_stored_at on event using brin (stored_at) with (autosummarize = on);

-- Days whose small segments are merged: how far it is, and what it gave. `place` names the last segment that was copied.
create table segment_merge (
  day date primary key,
  state text not null check (state in ('building', 'built', 'done', 'not worth it')),
  place_incarnation integer not null default -1,
  place_partition integer not null default -1,
  place_offset bigint not null default -1,
  segments_before bigint not null default 0,
  segments_after bigint not null default 0,
  bytes_before bigint not null default 0,
  bytes_after bigint not null default 0,
  built_at timestamptz
);
