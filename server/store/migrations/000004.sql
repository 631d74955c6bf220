-- Who owns a partition, what stood at the first start, and who cannot read what.

-- Which share-out of the consumer group gave the partition to its tap: an era in the upper 32 bits, Kafka's generation
-- of the group in the lower ones. It only grows; a group that begins to count anew begins another era. A tap of an older
-- share-out is refused before it does any work. What stands against double storing is `next_offset`.
alter table partition_state add column owner_generation bigint not null default 0;

-- The end of the log when the partition was begun at the cluster's first start: below it lies the first backfill. Null
-- for partitions that appeared later.
alter table partition_state add column backfill_end bigint;

-- When a tap first registered the cluster's topics. Whatever is first seen later is read from its beginning.
alter table cluster add column started_at timestamptz;
update cluster set started_at = first_seen_at;

-- Partitions the topic had at that moment: those below begin by the start rule, whoever begins them and whenever.
alter table incarnation add column start_partitions integer not null default 0;

-- What each tap cannot read. `incarnation.unreadable` is what the living ones say together.
create table unreadable_topic (
  writer uuid not null,
  cluster_id smallint not null,
  topic text not null,
  reason text not null,
  primary key (cluster_id, writer, topic)
);
-- What stood before was of no writer, so nobody would ever take it back. It is told again within seconds.
update incarnation set unreadable = null;
