/** Which libraries of a process are traced. */
export interface TracedLibraries {
  readonly http: true;
  readonly pg: true;
  readonly kafkajs: boolean;
}

/**
 * The tap reads every record of a cluster, and the kafkajs instrumentation would make a span of each: there it stays
 * away. Its work shows in the spans of its database calls.
 */
export function tracedLibraries(serviceName: string): TracedLibraries {
  return { http: true, pg: true, kafkajs: !serviceName.endsWith('tap') };
}
