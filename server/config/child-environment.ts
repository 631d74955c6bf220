import { VARIABLE_NAMES, type VariableName, variableFacts } from './environment.ts';
import type { RawEnvironment } from './read-environment.ts';
import { RECEIVER_VARIABLE } from './receivers.ts';

/** What every child process may know of ours besides its own variables. */
const INHERITED = new Set([
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'FORCE_COLOR',
  'NO_COLOR',
]);

/**
 * The environment of a child process: the allow list, exporter settings (`OTEL_*`) when it is ours to trace, those of
 * our variables it needs (with their `_FILE` forms), the secrets of receivers when it sends to them, AWS's own (`AWS_*`) when it signs in by them, and `more`.
 */
export function childEnvironment(
  env: RawEnvironment,
  needs: {
    readonly names: readonly VariableName[];
    readonly telemetry: boolean;
    /** Secrets of receivers. */
    readonly receivers?: boolean;
  },
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const wanted = new Set<string>(needs.names);
  for (const name of needs.names) if (variableFacts(name).secret) wanted.add(`${name}_FILE`);
  const byAws = wanted.has('KAFKA_SASL_MECHANISM') && env.KAFKA_SASL_MECHANISM?.toUpperCase() === 'AWS_MSK_IAM';
  const prefixes = [...(needs.telemetry ? ['OTEL_'] : []), ...(byAws ? ['AWS_'] : [])];
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    const isWanted =
      INHERITED.has(name) ||
      wanted.has(name) ||
      prefixes.some((prefix) => name.startsWith(prefix)) ||
      (needs.receivers === true && RECEIVER_VARIABLE.test(name));
    if (isWanted) result[name] = value;
  }
  return { ...result, ...more };
}

/** The variables that say how to reach a named cluster. Only the tap, and a demo that was asked for, may have them. */
export const KAFKA_VARIABLES: readonly VariableName[] = VARIABLE_NAMES.filter((name) => name.startsWith('KAFKA_'));

/** The variables that say how the tap reads. */
export const TAP_VARIABLES: readonly VariableName[] = VARIABLE_NAMES.filter((name) => name.startsWith('TAP_'));

/** The variables that say how to reach a schema registry: the tap's alone, whatever cluster it reads. */
export const REGISTRY_VARIABLES: readonly VariableName[] = VARIABLE_NAMES.filter((name) =>
  name.startsWith('SCHEMAREGISTRY_'),
);
