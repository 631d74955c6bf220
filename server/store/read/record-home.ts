/**
 * Finds a record by its id. Events have no index on coordinates: the segment that holds the record names its day and the
 * keys of its traces. Parameters: workspace, cluster, topic, incarnation's ordinal, partition, offset.
 */
export const WITH_HOME = `
  with home as (
    select g.stored_day, g.trace_keys, i.id as incarnation_id
    from incarnation i join cluster c on c.id = i.cluster_id
    cross join lateral (
      select stored_day, trace_keys from segment
      where incarnation_id = i.id and partition = $5 and base_offset <= $6
      order by base_offset desc limit 1
    ) g
    where i.workspace_id = $1 and c.kafka_id = $2 and i.topic = $3 and i.n = $4
  )`;

/** The condition that an event `e` is the one that `home` was found for. */
export const AT_HOME = `e.stored_day = home.stored_day and e.trace_key = any(home.trace_keys)
    and e.incarnation_id = home.incarnation_id and e.partition = $5 and e."offset" = $6`;
