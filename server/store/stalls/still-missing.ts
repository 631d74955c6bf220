/** False of a `stall s` whose missing event has come to its `trace t`: it is taken away at the next look. */
export const STILL_MISSING = `not (s.missing_type_id is not null
  and coalesce(t.episode_type_ids, t.type_ids) @> array[s.missing_type_id])`;

/** SQL that is true of a `name n` of an event type that says that something failed. */
export const SAYS_FAILED = `lower(right(n.label, 6)) = 'failed'`;
