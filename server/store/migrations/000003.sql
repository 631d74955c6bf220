-- Watch: consumer groups, what they committed, and watermarks. Written by one leader per cluster alone.

create table consumer_group (
  id integer generated always as identity primary key,
  workspace_id smallint not null,
  cluster_id smallint not null,
  -- The whole group id as UTF-8, its SHA-256, and its text as pages show it, cut at 512 characters.
  name bytea not null,
  digest bytea not null,
  label text not null,
  -- The tap's own group
  own boolean not null,
  -- classic, consumer (KIP-848), share, streams; null where the broker does not say
  type text,
  protocol_type text not null,
  -- Null: not describable, and `undescribable` says why.
  state text,
  undescribable text,
  member_count integer,
  -- At most 50, as [client id, host, instance id]
  members jsonb not null,
  -- Why its offsets could not be read in the newest round; null when they could.
  trouble text,
  first_seen_at timestamptz not null,
  gone_at timestamptz,
  unique (cluster_id, digest)
) with (fillfactor = 70);

-- One sampling round, or a run of rounds that found nothing different and failed alike: `again_*` are the last of them.
create table watch_round (
  stored_day date not null,
  id bigint not null,
  cluster_id smallint not null,
  began_at timestamptz not null,
  ended_at timestamptz not null,
  again_began_at timestamptz not null,
  again_ended_at timestamptz not null,
  rounds integer not null default 1,
  -- Why nothing could be read; null for a round that read something.
  failure text,
  failed_groups integer[] not null,
  -- Incarnations that could not be looked at whole
  failed_topics integer[] not null,
  -- reason -> how many groups and topics; at most 20 reasons
  reasons jsonb not null,
  group_count integer not null,
  requests integer not null,
  primary key (stored_day, id)
) partition by range (stored_day);
create index watch_round_newest on watch_round (cluster_id, id desc);
create sequence watch_round_id;

-- What each group has committed now. `committed` null: none.
create table committed_offset (
  group_id integer not null,
  incarnation_id integer not null,
  partition integer not null,
  committed bigint,
  -- An offset that Kafka tells and that does not belong to this life of the topic: it counts as none until it moves.
  foreign_offset bigint,
  -- Begin and end of the round that saw it first, and when the former value was last seen.
  seen_at timestamptz not null,
  changed_at timestamptz not null,
  after_at timestamptz,
  primary key (group_id, incarnation_id, partition)
) with (fillfactor = 60);
create index committed_offset_place on committed_offset (incarnation_id, partition);

-- Every change of a committed offset, also backwards and to none.
create table committed_change (
  stored_day date not null,
  group_id integer not null,
  incarnation_id integer not null,
  partition integer not null,
  was bigint,
  committed bigint,
  round_id bigint not null,
  changed_at timestamptz not null,
  after_at timestamptz
) partition by range (stored_day);
-- In the order in which a look-up wants them: the first day on which the group passed an offset, and there the change.
create index committed_change_place on committed_change (incarnation_id, partition, group_id, stored_day, committed);

-- Watermarks now, as watch sees them (`partition_state` has those of the tap's own reading).
create table watermark (
  incarnation_id integer not null,
  partition integer not null,
  low bigint not null,
  high bigint not null,
  moved_at timestamptz not null,
  -- The newest high watermark of the history, and when it was last seen.
  was_high bigint,
  was_at timestamptz,
  primary key (incarnation_id, partition)
) with (fillfactor = 60);

-- Their history, thinned. The high watermark went from `was_high` to `high` between `was_at` and `moved_at`.
create table watermark_change (
  stored_day date not null,
  incarnation_id integer not null,
  partition integer not null,
  low bigint not null,
  high bigint not null,
  was_high bigint,
  moved_at timestamptz not null,
  was_at timestamptz
) partition by range (stored_day);
create index watermark_change_place on watermark_change (incarnation_id, partition, high);

-- Made ahead and dropped with all others that are cut by stored day; kept as long as hops.
insert into kept_table (name, kept_as, span) values
  ('watch_round', 'events', 'day'),
  ('committed_change', 'events', 'day'),
  ('watermark_change', 'events', 'day');
