import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QueueLedger, QueueMark } from '../model/alert-state.ts';
import type { QueueReading } from '../model/queue-reading.ts';
import { advanceLedger, openLedger } from './queue-ledger.ts';

/** A partition as the broker has it. */
interface Broker {
  low: number;
  high: number;
  commit: number | null;
}

/** One record of the brute-force account: each is followed by itself. */
interface Followed {
  readonly life: number;
  readonly partition: number;
  readonly offset: number;
  fate: 'waits' | 'handled' | 'left' | 'forgiven';
}

const PARTITIONS = 2;

/** Follows record by record what became of all that were waiting when it was opened, and of all that came since. */
class Account {
  records: Followed[] = [];
  readonly #next = new Map<number, number>();
  #life: number;
  #markedAt: number;

  readonly queue: () => { life: number; partitions: readonly Broker[] };
  readonly mark: () => QueueMark | null;

  constructor(queue: Account['queue'], mark: Account['mark']) {
    this.queue = queue;
    this.mark = mark;
    const { life, partitions } = queue();
    this.#life = life;
    this.#markedAt = mark()?.at ?? -1;
    partitions.forEach((broker, partition) => {
      for (let offset = Math.max(broker.low, this.#handled(partition)); offset < broker.high; offset += 1) {
        this.#follow(partition, offset);
      }
      this.#next.set(partition, broker.high);
    });
  }

  look(): void {
    const { life, partitions } = this.queue();
    const mark = this.mark();
    const isNews = mark !== null && mark.at > this.#markedAt;
    if (isNews && mark.life !== life) this.#forgive(mark);
    if (life !== this.#life) {
      for (const each of this.records) if (each.fate === 'waits') each.fate = 'left';
      this.#life = life;
      this.#next.clear();
    }
    partitions.forEach((broker, partition) => {
      const mine = this.records.filter((each) => each.life === life && each.partition === partition);
      for (const each of mine) if (each.offset >= broker.high && each.fate === 'waits') each.fate = 'left';
      this.records = this.records.filter(
        (each) =>
          !(each.life === life && each.partition === partition && each.offset >= broker.high && each.fate !== 'left'),
      );
      for (let offset = Math.min(this.#next.get(partition) ?? 0, broker.high); offset < broker.high; offset += 1) {
        this.#follow(partition, offset);
      }
      this.#next.set(partition, broker.high);
      for (const each of this.records) {
        if (each.life !== life || each.partition !== partition || each.fate !== 'waits') continue;
        if (each.offset < this.#handled(partition)) each.fate = 'handled';
        else if (each.offset < broker.low) each.fate = 'left';
      }
    });
    if (isNews) {
      if (mark.life === life) this.#forgive(mark);
      this.#markedAt = mark.at;
    }
  }

  #forgive(mark: QueueMark): void {
    for (const each of this.records) {
      const former = mark.life !== null && each.life < mark.life;
      const covered = former || (each.life === mark.life && each.offset < (mark.offsets[each.partition] ?? 0));
      if (each.fate === 'left' || (each.fate === 'waits' && covered)) each.fate = 'forgiven';
    }
  }

  #handled(partition: number): number {
    const { life, partitions } = this.queue();
    const broker = partitions[partition];
    if (broker === undefined) return 0;
    const mark = this.mark();
    const marked = mark !== null && mark.life === life ? (mark.offsets[partition] ?? 0) : 0;
    return Math.min(broker.high, Math.max(broker.commit ?? 0, marked));
  }

  #follow(partition: number, offset: number): void {
    this.records.push({ life: this.#life, partition, offset, fate: 'waits' });
  }

  get left(): number {
    return this.records.filter(({ fate }) => fate === 'left').length;
  }

  get depth(): number {
    return this.queue().partitions.reduce((sum, broker, partition) => {
      let count = 0;
      for (let offset = broker.low; offset < broker.high; offset += 1)
        if (offset >= this.#handled(partition)) count += 1;
      return sum + count;
    }, 0);
  }
}

type Step =
  | { readonly kind: 'produce' | 'commit' | 'expire' | 'truncate'; readonly partition: number; readonly amount: number }
  | { readonly kind: 'forget commits' | 'create anew' | 'mark' | 'look' };

const partition = fc.nat(PARTITIONS - 1);
const amount = fc.nat(12);
const moves = (kinds: readonly Extract<Step, { amount: number }>['kind'][]) =>
  fc.record({ kind: fc.constantFrom(...kinds), partition, amount });
const steps = (...others: Exclude<Step, { amount: number }>['kind'][]) =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: moves(['produce', 'commit', 'expire']) },
      { weight: 1, arbitrary: moves(['truncate']) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom(...others) }) },
    ),
    { minLength: 5, maxLength: 60 },
  );

/** Plays steps on a broker; `look` hears of each look, the first opens the account. */
function play(all: readonly Step[], lives: 'known' | 'unknown', look: (ledger: QueueLedger, account: Account) => void) {
  let life = 1;
  let at = 0;
  let mark: QueueMark | null = null;
  let partitions: Broker[] = Array.from({ length: PARTITIONS }, () => ({ low: 0, high: 3, commit: null }));
  const queue = (): QueueReading => ({
    ...{ cluster: 'c', topic: 'x.dlq', lookedAt: 0, oldestAt: null, triageGroups: [] },
    partitions: partitions.map(({ low, high, commit }, index) => ({ partition: index, low, high, triaged: commit })),
    life: lives === 'known' ? life : null,
  });
  const account = new Account(
    () => ({ life, partitions }),
    () => mark,
  );
  let ledger = openLedger(queue(), mark);
  const lookNow = () => {
    account.look();
    ledger = advanceLedger(ledger, queue(), mark);
    look(ledger, account);
  };
  for (const step of all) {
    at += 1;
    if ('amount' in step) {
      const broker = partitions[step.partition];
      if (broker === undefined) continue;
      if (step.kind === 'produce') broker.high += step.amount;
      if (step.kind === 'commit') broker.commit = Math.min(broker.high, step.amount * 3);
      if (step.kind === 'expire') broker.low = Math.min(broker.high, broker.low + step.amount);
      if (step.kind === 'truncate' && lives === 'known') broker.high = Math.max(broker.low, broker.high - step.amount);
    } else if (step.kind === 'forget commits') for (const broker of partitions) broker.commit = null;
    else if (step.kind === 'create anew') {
      life += 1;
      partitions = partitions.map(() => ({ low: 0, high: 0, commit: null }));
    } else if (step.kind === 'mark') {
      mark = { at, life, offsets: Object.fromEntries(partitions.map(({ high }, index) => [index, high])) };
    } else lookNow();
    if (lives === 'unknown') lookNow();
  }
  lookNow();
}

test('the account is that of following every record, however few looks there are', () => {
  fc.assert(
    fc.property(steps('forget commits', 'create anew', 'mark', 'look', 'look', 'look'), (all) => {
      play(all, 'known', (ledger, account) => {
        expect({ left: ledger.left, depth: ledger.depth }).toEqual({ left: account.left, depth: account.depth });
      });
    }),
    { numRuns: 400 },
  );
});

test('where nobody says which life it is, offsets that fall say it', () => {
  fc.assert(
    fc.property(steps('forget commits', 'create anew'), (all) => {
      play(all, 'unknown', (ledger, account) => {
        expect({ left: ledger.left, depth: ledger.depth }).toEqual({ left: account.left, depth: account.depth });
      });
    }),
    { numRuns: 250 },
  );
});
