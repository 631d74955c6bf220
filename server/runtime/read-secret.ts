import { readFileSync } from 'node:fs';
import { SecretError } from '../alerts/run-deliver.ts';
import type { RawEnvironment } from '../config/read-environment.ts';
import type { Receiver, SecretPlace } from '../model/receiver.ts';

/**
 * The secret that stands in a file or a variable. A file is read each time, so that a new secret needs no start. Throws a
 * `SecretError` that names the place and never what is in it.
 */
export function readSecret(place: SecretPlace, env: RawEnvironment): string {
  if (place.from === 'environment') {
    const text = env[place.name];
    if (text) return text.trim();
    throw new SecretError(`The variable ${place.name}, which the receiver needs, is not set.`);
  }
  try {
    return readFileSync(place.path, 'utf8').trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new SecretError(`The file ${place.path}, which the receiver needs, cannot be read (${code}).`);
  }
}

/** What is missing of the secrets of receivers, one sentence each, for the log of a start. */
export function missingSecrets(receivers: readonly Receiver[], env: RawEnvironment): string[] {
  return receivers.flatMap(({ name, url, secret }) =>
    [url, secret].flatMap((value) => {
      if (value === null || typeof value === 'string') return [];
      try {
        readSecret(value, env);
        return [];
      } catch (error) {
        if (!(error instanceof SecretError)) throw error;
        return [`Receiver ${JSON.stringify(name)}: ${error.message} Nothing reaches it until then.`];
      }
    }),
  );
}
