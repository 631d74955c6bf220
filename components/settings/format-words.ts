import type { ValueFormat } from '@/server/model/decoded.ts';

/** How the bytes of a value were read. */
export const FORMAT_WORDS: Record<ValueFormat, string> = {
  json: 'JSON',
  avro: 'Avro by its registry schema',
  protobuf: 'Protobuf by its registry schema',
  'json schema': 'JSON with a registry schema id in front',
};
