import type { Format } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';

/** Longer texts have none of these formats: their patterns are made for short ones. */
const MAX_TEXT = 2_048;

/** The library's takes `urn:uuid:` too, which is a URI. */
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Formats of the drafts that are checked; every other `format` is an annotation, as the drafts allow. Those of the library
 * look at a bounded text only, because their patterns are run by the built-in engine. `iso-date-time` is `date-time`
 * whose zone may be absent.
 */
export const FORMATS: Readonly<Record<string, Format>> = Object.fromEntries(
  (
    [
      'date-time',
      'iso-date-time',
      'date',
      'time',
      'duration',
      'email',
      'hostname',
      'ipv4',
      'ipv6',
      'uri',
      'uri-reference',
      'uri-template',
      'json-pointer',
      'relative-json-pointer',
    ] as const
  )
    .map((name): readonly [string, Format] => [name, bounded(fullFormats[name])])
    .concat([['uuid', UUID]]),
);

function bounded(format: Format): Format {
  const check = typeof format === 'object' && 'validate' in format ? format.validate : format;
  if (check instanceof RegExp) return { validate: (text: string) => text.length <= MAX_TEXT && check.test(text) };
  if (typeof check !== 'function') throw new TypeError('a format that is no check');
  return { validate: (text: string) => text.length <= MAX_TEXT && check(text as never) === true };
}
