import type { TryRequest } from '@/server/model/dialect-wire.ts';

/** A pasted record, as the form holds it. */
export interface PastedRecord {
  readonly topic: string;
  readonly key: string;
  /** One header a line, `name: value`; a name alone is a header without a value. */
  readonly headers: string;
  readonly value: string;
  readonly encoding: 'text' | 'base64';
}

export const NOTHING_PASTED: PastedRecord = { topic: '', key: '', headers: '', value: '', encoding: 'text' };

/** The request for a pasted record. No key is a record without one, no value a tombstone. */
export function tryRequest({ topic, key, headers, value, encoding }: PastedRecord): TryRequest {
  return {
    topic: topic.trim(),
    key: key === '' ? null : key,
    headers: headers.split('\n').flatMap(headerOf),
    value: value === '' ? null : value,
    encoding,
  };
}

function headerOf(line: string): { readonly name: string; readonly value: string | null }[] {
  if (line.trim() === '') return [];
  const colon = line.indexOf(':');
  if (colon < 0) return [{ name: line.trim(), value: null }];
  return [
    {
      name: line.slice(0, colon).trim(),
      value: line
        .slice(colon + 1)
        .replace(/^ /, '')
        .replace(/\r$/, ''),
    },
  ];
}
