import { until } from '../../support/until.ts';
import { PATIENCE_MS } from '../patience.ts';
import {
  endTap,
  type FaultContext,
  restartTap,
  somePlaces,
  someProgress,
  TAPS,
  wholeBetween,
} from './fault-context.ts';

/** What happens to the processes, by name. Each leaves everything running again. */
export const PROCESS_FAULTS: Readonly<Record<string, (context: FaultContext) => Promise<void>>> = {
  async 'kill -9 of a tap'(context) {
    await endAndRestart(context, 1, 'SIGKILL');
  },

  async 'kill -9 of two taps at once'(context) {
    await endAndRestart(context, 2, 'SIGKILL');
  },

  async 'orderly end of a tap'(context) {
    await endAndRestart(context, 1, 'SIGTERM');
  },

  /** The left-behind writer: its group gives its partitions away while it is frozen with deliveries in hand. */
  async 'a tap frozen for longer than the session time-out'(context) {
    const { bed, taps, chance } = context;
    await untilMembers(context, TAPS);
    const frozen = taps[somePlaces(chance, 1)[0] ?? 0];
    frozen?.signal('SIGSTOP');
    try {
      await until(
        'the group to go on without it',
        async () => (await bed.cluster.shares(bed.groupId))?.length === TAPS - 1,
        {
          timeoutMs: PATIENCE_MS,
        },
      );
      await someProgress(context, wholeBetween(chance, 50, 400));
    } finally {
      frozen?.signal('SIGCONT');
    }
  },

  async 'kill -9 of the broker'({ broker }) {
    await broker.stop('SIGKILL');
    await broker.start();
  },

  async 'orderly restart of the broker'({ broker }) {
    await broker.stop('SIGTERM');
    await broker.start();
  },

  async 'kill -9 of PostgreSQL'({ database }) {
    await database.stop('SIGKILL');
    await database.start();
  },

  async 'fast restart of PostgreSQL'({ database }) {
    await database.stop('SIGINT');
    await database.start();
  },

  async 'kill -9 of a tap while PostgreSQL is away'(context) {
    const [place = 0] = somePlaces(context.chance, 1);
    await context.database.stop('SIGKILL');
    await endTap(context, place, 'SIGKILL');
    restartTap(context, place);
    await context.database.start();
  },

  async 'a fourth tap comes and goes'(context) {
    const { bed, chance } = context;
    const fourth = bed.startTap('tap-4');
    await untilMembers(context, TAPS + 1);
    await someProgress(context, wholeBetween(chance, 20, 200));
    await fourth.end(chance.unit() < 0.5 ? 'SIGTERM' : 'SIGKILL');
  },

  async 'the taps lose their database connections'({ bed }) {
    await bed.onDatabase((client) =>
      client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and application_name like '%tap%'`,
      ),
    );
  },
};

async function endAndRestart(context: FaultContext, count: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const places = somePlaces(context.chance, count);
  await Promise.all(places.map((place) => endTap(context, place, signal)));
  for (const place of places) restartTap(context, place);
}

async function untilMembers({ bed }: FaultContext, count: number): Promise<void> {
  await until(`${count} members of the group`, async () => (await bed.cluster.shares(bed.groupId))?.length === count, {
    timeoutMs: PATIENCE_MS,
  });
}
