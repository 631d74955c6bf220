-- What hops took, summed (docs/architecture.md, "Measuring"). The hop row is the one fact, these are the one aggregate.

-- What times are alike: of a kind (codes of model/series.ts), from a cause to an effect, on one kind of evidence. Topics
-- are families; 0 and '' stand for none, so that the key has no nulls.
create table series (
  id integer generated always as identity primary key,
  workspace_id smallint not null,
  kind smallint not null,
  evidence smallint not null,
  cause_type_id integer not null,
  effect_type_id integer not null,
  effect_service_id integer not null,
  cause_family text not null,
  effect_family text not null,
  unique (workspace_id, kind, evidence, cause_type_id, effect_type_id, effect_service_id, cause_family, effect_family)
);

-- A trace's rows also hold its flows and its replies: ordinal -1 the time from the first to the last event of an episode,
-- -2 the time from a request to its reply, both in the row of the event they end with. `cause_day` is the stored day of
-- the cause: a hop whose cause has expired stays as it was.
alter table hop add column series_id integer not null default 0;
alter table hop add column cause_day date;
drop index hop_minute;
create index hop_series on hop (series_id, minute);

-- Sums per series and minute, hour and day of the effect's occurred-at. A settle writes the difference that it makes, in
-- its transaction. `sealed`: what traces gave whose events have expired; a view sums both. Of the greatest and of one
-- time taken by lot the trace is kept: the lot falls on the least trace key, which is a hash.
create table hop_by_minute (
  bucket timestamptz not null,
  series_id integer not null,
  shard smallint not null,
  sealed boolean not null,
  -- All effects, and those of them whose time is not in the histogram.
  effects bigint not null,
  skewed bigint not null,
  across_gap bigint not null,
  -- Further causes: hops beyond the parent.
  extra bigint not null,
  measured bigint not null,
  max_us bigint,
  max_trace uuid,
  lot_us bigint,
  lot_trace uuid,
  -- Counts per bucket (model/histogram.ts)
  histogram bytea not null,
  primary key (bucket, series_id, shard, sealed)
) with (fillfactor = 70);
create table hop_by_hour (like hop_by_minute including all) with (fillfactor = 70);
create table hop_by_day (like hop_by_minute including all) with (fillfactor = 70);

-- Moves with every change in an hour or a day of a shard: who has read its sums asks this row whether they still hold.
create table hop_sum_version (
  hours smallint not null,
  bucket timestamptz not null,
  shard smallint not null,
  version bigint not null,
  primary key (hours, bucket, shard)
) with (fillfactor = 50);

-- Hops of before have no series yet: their traces are settled anew.
insert into dirty_mark (workspace_id, trace_key, shard, stored_day, id_kind, id_text, id_length, marked_at)
select workspace_id, trace_key, get_byte(uuid_send(trace_key), 15) % 4, last_day, id_kind, id_text, id_length, settled_at
from trace;

-- Lists by one type, service or topic: what is rare is found here, what is common by going down the newest.
create index trace_types on trace using gin (type_ids);
create index trace_services on trace using gin (service_ids);
create index trace_incarnations on trace using gin (incarnation_ids);

-- What the audit recounted: sums of minutes against the events they come from. `differences` is empty when all agree.
create table audit (
  id bigint generated always as identity primary key,
  workspace_id smallint not null,
  began_at timestamptz not null,
  ended_at timestamptz not null,
  minutes integer not null,
  -- Minutes that could not be recounted: traces of theirs were not settled at that moment, or are too many.
  passed_over integer not null,
  traces integer not null,
  sums integer not null,
  segments integer not null,
  records integer not null,
  differences jsonb not null
);
create index audit_newest on audit (workspace_id, id desc);

-- Who consumes what and what follows from what, as it was derived: hops inferred by one version may differ by the next,
-- so each trace says by which it was stitched. Arrays of [service id, [topics]] and [key, [type ids]].
create table topology (
  workspace_id smallint not null,
  version integer not null,
  consumes jsonb not null,
  cause_types jsonb not null,
  derived_at timestamptz not null default now(),
  primary key (workspace_id, version)
);
