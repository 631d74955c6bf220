import { onexEnvelope } from '../contracts/envelope.ts';
import { SERVICES } from '../contracts/services.ts';
import { CONSTRUCTOR_TOPIC, TOPICS } from '../contracts/topics.ts';
import { oneOf, uuid } from './chance.ts';
import type { Surroundings } from './planned-event.ts';

/** A record that is meant to break careless readers. */
export interface PoisonRecord {
  readonly topic: string;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** As large as fits with its envelope under a broker's usual limit of 1 MiB for a record. */
const HUGE_ID_CHARACTERS = 1_000_000;

/** How many kinds there are: `n` counts through them, so that a short run sees all. */
const POISON_KINDS = 8;

/** The n-th poisoned record. Huge ones come once in three rounds. */
export function poison(n: number, around: Surroundings): PoisonRecord {
  const id = uuid(around.chance);
  const round = Math.floor(n / POISON_KINDS);
  switch (n % POISON_KINDS) {
    case 0:
      return record(TOPICS.stamps, id, sound(id, around).subarray(0, 140));
    case 1:
      return record(TOPICS.requests, id, Buffer.from([0x00, 0xff, 0xfe, 0xc3, 0x28, 0x80, 0x0a, 0x00, 0x7b]));
    case 2:
      return record(TOPICS.workflows, id, null);
    case 3:
      return { ...record(TOPICS.assessments, id, sound(id, around)), headers: headersNamedBadly() };
    case 4:
      return record(
        TOPICS.patterns,
        id,
        sound(id, around, '<script>alert("type")</script>', '<img src=x onerror=alert(1)>'),
      );
    case 5:
      return record(TOPICS.requests, null, sound(`../../${id}/..%2f?#`, around));
    case 6:
      return round % 3 === 0
        ? record(TOPICS.feedback, null, sound('a/'.repeat(HUGE_ID_CHARACTERS / 2), around))
        : record(TOPICS.feedback, id, Buffer.from('[1, 2, "no envelope"]'));
    default:
      return record(CONSTRUCTOR_TOPIC, '__proto__', sound(oneOf(around.chance, ['constructor', '__proto__']), around));
  }
}

/** A well-formed event of a type no service answers. */
function sound(
  correlationId: string,
  { nowMs, chance }: Surroundings,
  type = 'POISON_SAMPLE',
  service: string = SERVICES.omniclaude,
): Buffer {
  const payload = { note: 'sent by the demo to be handled with care' };
  return Buffer.from(
    JSON.stringify(onexEnvelope(uuid(chance), { correlationId, type, service, atMs: nowMs, payload })),
  );
}

/** Own properties, also the one a literal would take for the prototype. */
function headersNamedBadly(): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ['__proto__', 'polluted'],
    ['constructor', 'polluted'],
    ['x-html', '<script>alert("header")</script>'],
  ]);
}

function record(topic: string, key: string | null, value: Buffer | null): PoisonRecord {
  return { topic, key, value, headers: {} };
}
