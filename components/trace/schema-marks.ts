import { schemaWords } from '@/components/ui/schema-words.ts';
import type { EventSchema, ViolationError } from '@/server/model/violation-wire.ts';
import type { PayloadMark } from './payload-marks.ts';

/** What a schema says of a payload, at its places. */
export function schemaMarks(errors: readonly ViolationError[]): readonly PayloadMark[] {
  return errors.map(({ path, sentence, near_miss }) => ({ pointer: path, words: sentence, nearMiss: near_miss }));
}

/** Whether an event is in the violation log. */
export function isViolating({ status }: EventSchema): boolean {
  return status === 'violation' || status === 'unknown_reference';
}

/** What came of the check, in a line. */
export function checkWords({ status, schema, errors, complete }: EventSchema): string {
  switch (status) {
    case 'ok':
      return `fits ${schema === null ? 'its schema' : schemaWords(schema)}`;
    case 'unchecked':
      return 'not checked: no schema describes it';
    case 'unknown_reference':
      return errors[0]?.sentence ?? 'names a schema that nobody gave us';
    case 'violation': {
      const [first] = errors;
      const more = errors.length - 1;
      const said = first === undefined ? 'breaks its schema' : first.sentence;
      return more > 0 ? `${said}; ${more}${complete ? '' : ' or more'} besides` : said;
    }
  }
}
