/** The ten topics of the integration report, by what travels on them. */
export const TOPICS = {
  requests: 'codegen-requests',
  responses: 'codegen-responses',
  errors: 'codegen-errors',
  stamps: 'metadata-stamps',
  assessments: 'quality-assessments',
  patterns: 'pattern-applications',
  workflows: 'workflow-executions',
  feedback: 'pattern-feedback',
  introspections: 'introspection-events',
  heartbeats: 'node-heartbeats',
} as const;

/** Partitions of each topic the demo creates. */
export const PARTITIONS_PER_TOPIC = 3;

/** A legal topic name that breaks readers which keep topics as plain object keys. Used with `--poison` only. */
export const CONSTRUCTOR_TOPIC = 'constructor';
