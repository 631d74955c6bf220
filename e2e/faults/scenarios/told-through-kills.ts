import path from 'node:path';
import pg from 'pg';
import { seededChance } from '../../../demo/behaviour/chance.ts';
import { freePort } from '../../../server/runtime/supervise/free-ports.ts';
import { until } from '../../support/until.ts';
import { SECRET } from '../../support/webhook-receiver.ts';
import { compareTold } from '../check/compare-told.ts';
import { PATIENCE_MS } from '../patience.ts';
import type { Report } from '../report.ts';
import { startFlakyReceiver } from '../telling/flaky-receiver.ts';
import { type KillWorld, killBeforeNoting, killWhileWriting, type Moment } from '../telling/kills.ts';
import { driveLane, type Lane, readHistory, THRESHOLD, triageOf } from '../telling/lanes.ts';
import { startTap, type TapProcess } from '../world/tap-process.ts';
import { makeTestBed, type TestBed } from '../world/test-bed.ts';
import type { Stage } from './scenario.ts';

const LANES = 10;
const CHANGES_EACH = 5;
const CHANGES = LANES * CHANGES_EACH;
const NAME = 'told_through_kills';

/**
 * When a tap is killed, by the changes so far. The first two tables are written by the leader alone, in one transaction
 * with the alert; the others by whoever tells.
 */
const TAP_KILLS: readonly (Moment & { readonly after: number })[] = [
  { after: 2, table: 'notice', statement: 'insert into notice' },
  { after: 8, table: 'alert_transition' },
  { after: 13, table: 'delivery' },
  { after: 18, table: 'notice', statement: 'insert into notice' },
  { after: 24, table: 'delivery_attempt' },
  { after: 32, table: 'alert_transition' },
];
const NOTING_KILL_AFTER = 10;
const WEB_KILLS_AFTER = [0, 6, 25];
/** Changes that may be ahead of the kill that is next; one more each second and a half, so that it has something to meet. */
const AHEAD = 6;
const AHEAD_MORE_MS = 1_500;

/**
 * Alerts on ten queues fire and resolve, fifty changes in all, worked off by groups and by marks of the page; the leader
 * of the taps, who sends, and the web are killed in the middle of it; receivers fail half of the time.
 */
export async function toldThroughKills(
  report: Report,
  stage: Stage,
  { tap, web }: { readonly tap: string; readonly web: string },
): Promise<void> {
  const lanes = Array.from(
    { length: LANES },
    (_, n): Lane => ({ queue: `${NAME}-q${n}.dlq`, by: n % 2 === 0 ? 'group' : 'page' }),
  );
  const receiver = await startFlakyReceiver();
  const bed = await makeTestBed({
    ...{ ...stage, name: NAME, bundle: tap, chance: seededChance(7) },
    settings: settingsOf(lanes, receiver.url),
    env: { THROUGHLINE_ALLOWED_RECEIVER_NETWORKS: '127.0.0.1', THROUGHLINE_RECEIVER_FAULTS: SECRET },
  });
  const pool = new pg.Pool({ connectionString: bed.databaseUrl, max: 6 });
  const port = await freePort();
  const producer = bed.cluster.kafka.producer();
  let over = false;
  const world: KillWorld = {
    ...{ bed, pool, receiver, processes: new Map<string, TapProcess>(), isOver: () => over },
    start(name) {
      const url = namedUrl(bed, name);
      const started = name === 'web' ? startWeb(stage, bed, { web, port, url }) : bed.startTap(name, url);
      world.processes.set(name, started);
      return started;
    },
  };
  try {
    for (const { queue } of lanes) await bed.createTopic(queue.slice(`${NAME}-`.length), 1);
    await producer.connect();
    for (const name of ['tap-1', 'tap-2', 'web']) world.start(name);
    await report.check(`${CHANGES} changes of alerts are each made once, told once, and none is lost`, async () => {
      const began = performance.now();
      const gate = createGate(pool);
      const kills = [killTaps(world, gate), killSender(world), killWebs(world)];
      const lanesWorld = {
        ...{ kafka: bed.cluster.kafka, producer, pool, pace: gate.pace },
        webUrl: `http://127.0.0.1:${port}`,
      };
      try {
        await Promise.all(lanes.map((lane) => driveLane(lanesWorld, lane, CHANGES_EACH)));
      } finally {
        over = true;
      }
      const killed = (await Promise.all(kills)).flat();
      await untilTold(pool);
      const { requests, unsigned } = receiver;
      const refused = requests.filter(({ taken }) => !taken).length;
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      report.say(
        `        ${seconds} s, killed: ${killed.join(', ')}; ${requests.length} requests, ${refused} of them refused`,
      );
      const driven = new Map(lanes.map(({ queue }) => [queue, CHANGES_EACH]));
      const differences = compareTold(driven, await readHistory(pool), requests);
      if (differences.length > 0) throw new Error(JSON.stringify(differences.slice(0, 5)));
      if (unsigned.length > 0) throw new Error(`not signed: ${unsigned[0]}`);
      const webs = killed.filter((name) => name === 'web').length;
      if (webs < 2 || killed.length - webs < 4) throw new Error('too little was killed to show anything');
    });
  } finally {
    over = true;
    await producer.disconnect();
    await Promise.all([...world.processes.values()].map((process) => process.end('SIGKILL')));
    await bed.close();
    await pool.end();
    await receiver.close();
  }
}

/** A receiver for each queue: the deliveries of one receiver wait for each other. */
function settingsOf(lanes: readonly Lane[], url: string): object {
  return {
    dead_letters: {
      triage: lanes
        .filter(({ by }) => by === 'group')
        .map(({ queue }) => ({ queue: `^${queue}$`, groups: [triageOf(queue)] })),
    },
    receivers: lanes.map(({ queue }) => ({
      ...{ name: queue, url, secret_env: 'THROUGHLINE_RECEIVER_FAULTS' },
      ...{ group_by: ['alertname', 'queue'], group_wait: 0, group_interval: '1s' },
    })),
    alerts: lanes.map(({ queue }) => ({
      ...{ name: `Letters on ${queue}`, watch: 'dead_letter_depth', threshold: THRESHOLD },
      ...{ queue, receivers: [queue] },
    })),
  };
}

/** Under a name of its own a process is known by what its connections wait for. */
function namedUrl({ databaseUrl }: TestBed, name: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('application_name', name);
  return url.href;
}

function startWeb(
  { folder }: Stage,
  { name }: TestBed,
  { web, port, url }: { readonly web: string; readonly port: number; readonly url: string },
): TapProcess {
  const own = path.join(folder, name);
  const env = { DATABASE_URL: url, PORT: String(port), THROUGHLINE_DATA_DIR: own };
  return startTap('web', { bundle: web, folder: own, env });
}

async function killTaps(world: KillWorld, gate: Gate): Promise<readonly string[]> {
  const killed: string[] = [];
  for (const { after, ...moment } of TAP_KILLS) {
    gate.open(after + AHEAD);
    await untilChanges(world, after);
    const name = await killWhileWriting(world, moment);
    if (name !== null) killed.push(`${name} (${moment.table})`);
  }
  gate.open(CHANGES);
  return killed;
}

/** Keeps lanes from being done before the kills. */
interface Gate {
  /** Lets lanes go on to so many changes, and slowly beyond. */
  open(changes: number): void;
  pace(): Promise<void>;
}

function createGate(pool: pg.Pool): Gate {
  let most = 0;
  let since = performance.now();
  return {
    open(changes) {
      most = changes;
      since = performance.now();
    },
    async pace() {
      const isOpen = async (): Promise<boolean> =>
        (await readHistory(pool)).length < most + (performance.now() - since) / AHEAD_MORE_MS;
      await until('the gate to open', isOpen, { timeoutMs: PATIENCE_MS, everyMs: 200 });
    },
  };
}

async function killSender(world: KillWorld): Promise<readonly string[]> {
  await untilChanges(world, NOTING_KILL_AFTER);
  const name = await killBeforeNoting(world);
  return name === null ? [] : [`${name} (sent, not noted)`];
}

async function killWebs(world: KillWorld): Promise<readonly string[]> {
  const killed: string[] = [];
  for (const after of WEB_KILLS_AFTER) {
    await untilChanges(world, after);
    const name = await killWhileWriting(world, { table: 'queue_mark' });
    if (name !== null) killed.push(name);
  }
  return killed;
}

async function untilChanges({ pool, isOver }: KillWorld, changes: number): Promise<void> {
  const reached = async (): Promise<boolean> => isOver() || (await readHistory(pool)).length >= changes;
  await until(`${changes} changes`, reached, { timeoutMs: PATIENCE_MS, everyMs: 100 });
}

/** Every notice has become deliveries, and each of them is delivered. */
async function untilTold(pool: pg.Pool): Promise<void> {
  const left = `select from notice union all select from delivery where state <> 'delivered'`;
  await until('everything to be told', async () => (await pool.query(left)).rowCount === 0, {
    timeoutMs: PATIENCE_MS,
    everyMs: 200,
  });
}
