import { type Chance, uuid } from '../../../demo/behaviour/chance.ts';
import { digestOf } from '../../support/record-identity.ts';

/** A record as it is given to a producer, and what its bytes are known by. */
export interface MadeRecord {
  readonly sequence: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Repeated names have several values, in order. */
  readonly headers: Readonly<Record<string, Buffer | Buffer[]>>;
  readonly digest: string;
}

/** Makes records, each with the next sequence number in its key or at the front of its value. */
export interface RecordMaker {
  next(): MadeRecord;
  /** Of the digest of every record made. */
  digestOf(sequence: number): string | undefined;
}

interface Conversation {
  readonly id: string;
  cause: string | null;
  left: number;
}

/** Conversations that are going on at once. */
const CONVERSATIONS = 12;

export function createRecordMaker(chance: Chance): RecordMaker {
  const digests: string[] = [];
  const conversations: Conversation[] = [];
  let lastEvent: Buffer = Buffer.from('{}');

  const below = (limit: number): number => Math.floor(chance.unit() * limit);
  const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256)));

  function event(sequence: number): Buffer {
    const place = below(CONVERSATIONS);
    const going = conversations[place];
    const conversation =
      going !== undefined && going.left > 0 ? going : { id: uuid(chance), cause: null, left: below(7) };
    conversation.left -= 1;
    conversations[place] = conversation;
    const eventId = uuid(chance);
    lastEvent = Buffer.from(
      JSON.stringify({
        seq: sequence,
        correlation_id: conversation.id,
        event_id: eventId,
        causation_id: conversation.cause,
        event_type: `step-${below(5)}`,
        source_service: `service-${below(3)}`,
        envelope_version: '1.0.0',
        timestamp: new Date(Date.UTC(2026, 0, 1) + sequence * 10).toISOString(),
        payload: { text: 'x'.repeat(below(400)) },
      }),
    );
    conversation.cause = eventId;
    return lastEvent;
  }

  function headers(): MadeRecord['headers'] {
    const kind = chance.unit();
    if (kind < 0.4) return {};
    if (kind < 0.7) return { source: Buffer.from('faults'), trace: bytes(8) };
    return {
      again: [Buffer.from('1'), Buffer.alloc(0), bytes(3)],
      constructor: Buffer.from('x'),
      bïn: bytes(below(40)),
    };
  }

  /** Most are events; some are what else may lie in a topic. */
  function keyAndValue(sequence: number): Pick<MadeRecord, 'key' | 'value'> {
    const key = Buffer.from(`s${sequence}`);
    const kind = chance.unit();
    if (kind < 0.05) return { key, value: null };
    if (kind < 0.08) return { key, value: Buffer.alloc(0) };
    if (kind < 0.12) return { key: Buffer.concat([key, Buffer.from(':'), bytes(4)]), value: bytes(below(300)) };
    // A copy: the same event once more, in a record of its own.
    if (kind < 0.15) return { key, value: lastEvent };
    if (kind < 0.16) return { key, value: bytes(20_000 + below(60_000)) };
    return { key: kind < 0.5 ? null : key, value: event(sequence) };
  }

  return {
    next() {
      const sequence = digests.length;
      const made = { ...keyAndValue(sequence), headers: headers() };
      const list = Object.entries(made.headers).flatMap(([name, values]) =>
        [values].flat().map((value) => ({ name: Buffer.from(name), value })),
      );
      const digest = digestOf({ ...made, headers: list });
      digests.push(digest);
      return { sequence, ...made, digest };
    },
    digestOf: (sequence) => digests[sequence],
  };
}

/** The sequence number in a record that was read back; null for one that no maker made. */
export function sequenceOf({
  key,
  value,
}: {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}): number | null {
  const inKey = key === null ? null : /^s(\d+)(:|$)/.exec(key.toString('latin1'));
  const found = inKey ?? /^\{"seq":(\d+),/.exec(value?.toString('latin1') ?? '');
  return found === null ? null : Number(found[1]);
}
