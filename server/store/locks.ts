/**
 * The spaces of advisory locks, each with its second number. Two that share a space would wait for each other for nothing,
 * or for ever.
 */
export const LOCKS = {
  /** One process migrates; 0. */
  migrate: 7200,
  /** Traces of one shard are settled or sealed; workspace × shards + shard. */
  shard: 7202,
  /** One writer numbers frames; 0. */
  frames: 7203,
  /** Topics of a cluster are registered; cluster. */
  topics: 7204,
  /** One process decides what expires, seals and drops it, which may take hours; 0. */
  retention: 7205,
  /** One process watches a cluster; cluster. */
  watch: 7206,
  /** One process looks for stalled traces; workspace. */
  stalls: 7207,
  /** Notices are put into groups; workspace. */
  notices: 7208,
  /** Receivers are made and changed; workspace. */
  receivers: 7209,
  /** Partitions of a stored day are dropped or swapped for merged ones, in short steps; 0. */
  days: 7210,
  /** Groups of one family of violations are admitted; hash of the family. */
  violationGroups: 7211,
  /** Groups of one queue of dead letters are admitted; incarnation. */
  deadLetterGroups: 7212,
  /** One process holds rules of alerts against what is known; workspace. */
  alerts: 7216,
  /** Rules, silences and marks of alerts are made and changed; workspace. */
  alertRules: 7217,
} as const;
