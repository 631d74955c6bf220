import type { DifferenceKind } from '../check/compare.ts';
import {
  commitInDoubt,
  connectionLost,
  createdAgain,
  frozenWhileStoring,
  killedWhileStoring,
  lateEvents,
  leftBehind,
  retentionPassed,
} from '../scenarios/directed.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Replacement } from './bundle-tap.ts';

/** The situations in which a mutant is caught; the product as it is must come through each without a difference. */
export const SITUATIONS = {
  killed_while_storing: killedWhileStoring,
  left_behind: leftBehind,
  frozen_while_storing: frozenWhileStoring,
  commit_in_doubt: commitInDoubt,
  created_again: createdAgain,
  connection_lost: connectionLost,
  retention_passed: retentionPassed,
  late_events: lateEvents,
} as const satisfies Record<string, Scenario>;

/** The tap with one mistake planted, and by which difference the checker must find it. */
export interface Mutant {
  readonly name: string;
  readonly mistake: string;
  readonly replacements: readonly Replacement[];
  readonly situation: keyof typeof SITUATIONS;
  readonly caughtBy: DifferenceKind;
}

const STORE_BATCHES = 'server/store/write/store-batches.ts';
const MOVE_POSITIONS = 'server/store/write/move-positions.ts';
const COMPARED = '      and p.next_offset = w.expected and w.next > w.expected';
const BEGIN = '    return begun(\n      client,\n      async () => {\n';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'position_first',
    mistake: 'the position is moved in a transaction of its own, before the rows',
    replacements: [
      {
        module: STORE_BATCHES,
        from: `${BEGIN}        const moved = await movePositions(client, batches);\n`,
        to: `    const moved = await movePositions(client, batches);\n${BEGIN}`,
      },
    ],
    situation: 'killed_while_storing',
    caughtBy: 'missing',
  },
  {
    name: 'no_compare_and_set',
    mistake: 'the position is moved from wherever it stands',
    replacements: [{ module: MOVE_POSITIONS, from: COMPARED, to: '      and w.next > w.expected' }],
    situation: 'commit_in_doubt',
    caughtBy: 'double',
  },
  {
    name: 'no_owner_either',
    mistake: 'the position is moved from wherever it stands, by whoever was given the partition once',
    replacements: [
      { module: MOVE_POSITIONS, from: COMPARED, to: '      and w.next > w.expected' },
      {
        module: MOVE_POSITIONS,
        from: '      and p.owner_generation <= coalesce(w.owner, p.owner_generation)\n',
        to: '',
      },
    ],
    situation: 'left_behind',
    caughtBy: 'double',
  },
  {
    name: 'incarnation_by_log_end',
    mistake: 'a topic whose log reaches past the position is taken for the one that was read before',
    replacements: [
      {
        module: 'server/store/write/register-topics.ts',
        from: '  if (topic.topicId === null || newest === undefined) return newest;',
        to: '  return newest;',
      },
    ],
    situation: 'created_again',
    caughtBy: 'foreign',
  },
  {
    name: 'failed_batch_skipped',
    mistake: 'a batch whose connection is lost counts as stored',
    replacements: [
      {
        module: 'server/source/kafka/fetch/partition-reader.ts',
        from: 'this.options.sink.deliver(batch))',
        to: "this.options.sink.deliver(batch).catch(() => ({ kind: 'stored' as const })))",
      },
    ],
    situation: 'connection_lost',
    caughtBy: 'missing',
  },
  {
    name: 'counted_outside',
    mistake: 'records are counted outside of the transaction that stores them',
    replacements: [
      {
        module: STORE_BATCHES,
        from: BEGIN,
        to: `    await countBatches(client, context.writerId, batches, rows);\n${BEGIN}`,
      },
      { module: STORE_BATCHES, from: '        await countBatches(client, context.writerId, mine, rows);\n', to: '' },
    ],
    situation: 'connection_lost',
    caughtBy: 'count',
  },
  {
    name: 'silent_hole',
    mistake: 'the position is moved past what is missing, and nothing says so',
    replacements: [
      {
        module: 'server/source/kafka/fetch/partition-reader.ts',
        from: 'this.options.sink.hole(hole))',
        to: 'this.options.sink.deliver({ ...hole, records: [], nextOffset: toOffset, highWatermark: toOffset }))',
      },
    ],
    situation: 'retention_passed',
    caughtBy: 'hole not told',
  },
  {
    name: 'marked_once',
    mistake: 'a trace that was marked before is not marked again',
    replacements: [
      {
        module: 'server/store/write/encode-rows.ts',
        from: '  const marked = new Set<string>();',
        to: '  const marked: Set<string> = Reflect.get(globalThis, STILL) ?? new Set();\n  Reflect.set(globalThis, STILL, marked);',
      },
      {
        module: 'server/store/write/encode-rows.ts',
        from: 'const MARK_COLUMNS',
        to: "const STILL = 'marked before';\nconst MARK_COLUMNS",
      },
    ],
    situation: 'late_events',
    caughtBy: 'trace',
  },
];
