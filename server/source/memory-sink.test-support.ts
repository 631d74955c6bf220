import type { SourceRecord } from '../model/record.ts';
import { millis } from '../model/time.ts';
import type {
  BegunPosition,
  DiscoveredTopic,
  RecordSink,
  RegisteredTopic,
  SinkAnswer,
  SourceBatch,
  SourceHole,
  WatermarkSample,
} from '../ports/source.ts';

/**
 * A sink that keeps what it is told, with the promises of ingest: compare-and-set per partition, failures on demand.
 */
export interface MemorySink extends RecordSink {
  /** Stored records of a topic's incarnation (the newest when n is absent), by partition. */
  stored(topic: string, n?: number): ReadonlyMap<number, readonly SourceRecord[]>;
  /** All stored records of a topic's newest incarnation, partition by partition. */
  all(topic: string): readonly SourceRecord[];
  /** Values as text of a topic's newest incarnation. */
  values(topic: string): readonly (string | null)[];
  incarnations(topic: string): number;
  readonly holes: readonly SourceHole[];
  readonly begun: readonly BegunPosition[];
  /** Generation of the last claim of a partition. */
  ownerOf(topic: string, partition: number): number | undefined;
  readonly batches: readonly SourceBatch[];
  readonly marks: readonly WatermarkSample[];
  readonly connections: readonly { readonly connected: boolean; readonly message: string | null }[];
  readonly surveys: readonly Parameters<RecordSink['backfill']>[0][];
  readonly troubles: readonly { readonly topic: string; readonly reason: string }[];
  positionOf(topic: string, partition: number): bigint | null;
  /** Moves the stored position, as another tap would. */
  move(topic: string, partition: number, offset: bigint): void;
  /** While true every question is answered with an error, as without a database. */
  away: boolean;
  /** Broken promises of the source: a batch that does not continue the position, an offset out of order. */
  readonly violations: readonly string[];
}

interface Incarnation {
  readonly id: number;
  readonly firstStart: RegisteredTopic['firstStart'];
  readonly topic: string;
  readonly topicId: string | null;
}

export function createMemorySink(): MemorySink {
  const incarnations: Incarnation[] = [];
  let started = false;
  const positions = new Map<string, bigint>();
  const records = new Map<string, SourceRecord[]>();
  const holes: SourceHole[] = [];
  const begun: BegunPosition[] = [];
  const owners = new Map<string, number>();
  const backfillEnds = new Map<string, bigint | null>();
  const batches: SourceBatch[] = [];
  const marks: WatermarkSample[] = [];
  const connections: { connected: boolean; message: string | null }[] = [];
  const surveys: Parameters<RecordSink['backfill']>[0][] = [];
  const violations: string[] = [];
  let troubles: readonly { readonly topic: string; readonly reason: string }[] = [];
  const keyOf = ({ incarnationId, partition }: { incarnationId: number; partition: number }): string =>
    `${incarnationId}/${partition}`;
  const newest = (topic: string): Incarnation | undefined => incarnations.filter((one) => one.topic === topic).at(-1);
  const answer = <T>(value: () => T): Promise<T> =>
    sink.away ? Promise.reject(new Error('the database is away')) : Promise.resolve().then(value);

  function store(batch: SourceBatch): SinkAnswer {
    const key = keyOf(batch);
    const position = positions.get(key);
    if (position === undefined) {
      violations.push(`${batch.topic}/${batch.partition} was delivered without a position`);
      return { kind: 'moved', nextOffset: 0n };
    }
    const first = batch.records[0];
    if (first !== undefined && first.offset < position) return { kind: 'moved', nextOffset: position };
    let expected = position;
    for (const record of batch.records) {
      if (record.offset < expected) violations.push(`${batch.topic}/${batch.partition} offset ${record.offset} again`);
      expected = record.offset + 1n;
    }
    if (batch.nextOffset < expected) violations.push(`${batch.topic}/${batch.partition} ends before its records`);
    records.set(key, [...(records.get(key) ?? []), ...batch.records]);
    batches.push(batch);
    positions.set(key, batch.nextOffset);
    return { kind: 'stored' };
  }

  function register(topic: DiscoveredTopic): RegisteredTopic {
    const known = newest(topic.topic);
    const same = known !== undefined && known.topicId === topic.topicId;
    const firstStart = started ? null : { partitions: topic.partitions, atMs: millis(Date.now()) };
    const found = same
      ? known
      : { id: incarnations.length + 1, topic: topic.topic, topicId: topic.topicId, firstStart };
    if (!same) incarnations.push(found);
    return { ...topic, incarnationId: found.id, firstStart: found.firstStart };
  }

  const sink: MemorySink = {
    away: false,
    holes,
    begun,
    batches,
    marks,
    connections,
    surveys,
    violations,
    get troubles() {
      return troubles;
    },
    discovered: (_cluster, topics) =>
      answer(() => {
        const registered = topics.map(register);
        started = true;
        return registered;
      }),
    positions: (asked) =>
      answer(() => asked.map((partition) => ({ ...partition, nextOffset: positions.get(keyOf(partition)) ?? null }))),
    begin: (beginnings) =>
      answer(() => {
        for (const beginning of beginnings) {
          const { nextOffset, backfillEnd, ...partition } = beginning;
          if (positions.has(keyOf(partition))) continue;
          positions.set(keyOf(partition), nextOffset);
          backfillEnds.set(keyOf(partition), backfillEnd);
          begun.push(beginning);
        }
      }),
    claim: (partitions, { generation, confirmed }) =>
      answer(() =>
        partitions.flatMap((partition) => {
          const key = keyOf(partition);
          const nextOffset = positions.get(key);
          if (nextOffset === undefined) throw new Error(`${key} was claimed before it was begun`);
          if ((owners.get(key) ?? 0) > generation && !confirmed) return [];
          owners.set(key, generation);
          return [{ ...partition, nextOffset, backfillEnd: backfillEnds.get(key) ?? null }];
        }),
      ),
    deliver: (batch) => answer(() => store(batch)),
    hole: (hole) =>
      answer(() => {
        const position = positions.get(keyOf(hole)) ?? 0n;
        if (position !== hole.fromOffset) return { kind: 'moved', nextOffset: position };
        holes.push(hole);
        positions.set(keyOf(hole), hole.toOffset);
        return { kind: 'stored' };
      }),
    watermarks: (samples) => answer(() => void marks.push(...samples)),
    unreadable: (topics) =>
      answer(() => {
        troubles = topics;
      }),
    backfill: (survey) => void surveys.push(survey),
    connection: (state) => void connections.push(state),
    stored(topic, n) {
      const lives = incarnations.filter((one) => one.topic === topic);
      const life = n === undefined ? lives.at(-1) : lives[n - 1];
      const found = new Map<number, readonly SourceRecord[]>();
      for (const [key, list] of records) {
        const [id, partition] = key.split('/');
        if (Number(id) === life?.id) found.set(Number(partition), list);
      }
      return found;
    },
    all: (topic) => [...sink.stored(topic)].sort(([a], [b]) => a - b).flatMap(([, list]) => list),
    values: (topic) => sink.all(topic).map(({ value }) => value?.toString('utf8') ?? null),
    incarnations: (topic) => incarnations.filter((one) => one.topic === topic).length,
    ownerOf: (topic, partition) => owners.get(`${newest(topic)?.id}/${partition}`),
    positionOf: (topic, partition) => positions.get(`${newest(topic)?.id}/${partition}`) ?? null,
    move: (topic, partition, offset) => void positions.set(`${newest(topic)?.id}/${partition}`, offset),
  };
  return sink;
}
