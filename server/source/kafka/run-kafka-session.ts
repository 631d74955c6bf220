import { CalledOffError } from '../ask-sink.ts';
import { createBackfill } from './backfill/backfill.ts';
import { createTopicMap } from './cluster/topic-map.ts';
import { type AssignedReaders, createAssignedReaders } from './fetch/assigned-readers.ts';
import { createBrokerFetchers } from './fetch/broker-fetchers.ts';
import type { ReadPartition } from './fetch/fetch-loop.ts';
import { createGroupLoop } from './group/group-loop.ts';
import { pause, untilAborted, within } from './pause.ts';
import { createPositionCommitter } from './report/commit-positions.ts';
import { reportWatermarks } from './report/report-watermarks.ts';
import { createUnreadableReport } from './report/unreadable-report.ts';
import { createSessionContext, type KafkaSessionParts, type SessionContext } from './session-context.ts';

const COMMIT_MS = 5_000;
/**
 * How long the end of a session waits for deliveries in hand; what takes longer is stored or not, but never by halves.
 */
const IN_HAND_MS = 10_000;
/** How long it then waits for the last commit and the farewell to the group, and for its own loops. */
const LET_GO_MS = 2_000;

/**
 * One connected life of the source: discovers, joins the group, fetches and delivers, until the signal is aborted
 * (resolves) or a connection is lost (rejects). No loop of it runs afterwards, unless the sink itself hangs.
 */
export async function runKafkaSession(parts: KafkaSessionParts): Promise<void> {
  const ending = new AbortController();
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const over = Promise.race([failed, untilAborted(ending.signal)]);
  const end = (): void => ending.abort();
  parts.outer.addEventListener('abort', end, { once: true });
  if (parts.outer.aborted) end();
  const session = assemble(createSessionContext(parts, ending.signal, (error) => fail(error)));
  try {
    await Promise.race([session.discover(), over]);
    if (ending.signal.aborted) return;
    parts.onConnected();
    session.startLoops();
    await over;
  } catch (error) {
    if (!(error instanceof CalledOffError)) throw error;
  } finally {
    parts.outer.removeEventListener('abort', end);
    end();
    await session.letGo();
  }
}

/** Joins the parts of a session; nothing runs before it is told to. */
function assemble(context: SessionContext) {
  const { ending, outer } = context;
  const report = createUnreadableReport(context);
  const committer = createPositionCommitter();
  const topics = createTopicMap(context, async (changed) => {
    await tellUnreadable();
    if (changed) group.ring();
    fetchers.start();
  });
  const backfill = createBackfill(context);
  const fetchers = createBrokerFetchers(context, topics, { readers: () => readers, report, backfill });
  const readers: AssignedReaders = createAssignedReaders(context, topics, {
    onClaimed: (positions) => backfill.tell(positions, topics),
    onFree: () => fetchers.ring(),
    onLost: () => group.rejoin(),
  });
  const group = createGroupLoop(context, topics, {
    assign: (mine, share) => readers.assign(mine, share),
    release() {
      report.clear();
      return readers.stopAll();
    },
  });
  const running: Promise<unknown>[] = [];

  const tellUnreadable = (): Promise<void> => report.tell(topics.discovery.unreadable, (topic) => topics.has(topic));

  const keep = (loop: Promise<unknown>): void => {
    running.push(loop.catch((error) => context.failed(error)));
  };

  async function commitLoop(): Promise<void> {
    while (!ending.aborted) {
      await pause(COMMIT_MS, ending);
      if (!ending.aborted) await committer.commit(readers.list(), group.member);
    }
  }

  async function farewell(last: readonly ReadPartition[]): Promise<void> {
    await committer.commit(last, group.member);
    await group.member?.leave();
  }

  return {
    discover: () => topics.discover(),
    startLoops(): void {
      keep(topics.keepDiscovering());
      keep(group.run());
      keep(reportWatermarks(context, readers, tellUnreadable));
      keep(commitLoop());
    },
    /** Finishes what is in hand, tells Kafka how far it came, and leaves the group. */
    async letGo(): Promise<void> {
      const last = readers.list();
      await within(IN_HAND_MS, readers.stopAll());
      if (outer.aborted) await within(LET_GO_MS, farewell(last));
      await within(LET_GO_MS, Promise.all(running));
    },
  };
}
