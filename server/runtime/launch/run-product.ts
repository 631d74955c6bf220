import path from 'node:path';
import { describeConfig } from '../../config/describe-config.ts';
import { type Config, httpAddress } from '../../config/load-config.ts';
import type { RawEnvironment } from '../../config/read-environment.ts';
import { type DataFolder, FolderError, openDataFolder } from '../data-folder.ts';
import { lockDataFolder } from '../data-folder-lock.ts';
import { KafkaDownloadError } from '../kafka/fetch-kafka.ts';
import { KafkaStorageError } from '../kafka/prepare-kafka.ts';
import { PostgresMissingError } from '../postgres/find-binaries.ts';
import { PostgresUserError } from '../postgres/postgres-user.ts';
import { PostgresSetupError } from '../postgres/prepare-postgres.ts';
import { type BoundedLog, createBoundedLog } from '../supervise/bounded-log.ts';
import { stopSurvivors } from '../supervise/child-record.ts';
import { ChildStartError, createSupervisor, type Supervisor } from '../supervise/create-supervisor.ts';
import { isPortFree } from '../supervise/free-ports.ts';
import { DatabaseRefusedError } from './migrate-when-reachable.ts';
import type { Progress } from './progress.ts';
import type { StartOptions } from './start-options.ts';
import { startProduct } from './start-product.ts';

export interface RunOptions {
  readonly config: Config;
  readonly env: RawEnvironment;
  readonly options: StartOptions;
  readonly projectRoot: string;
  readonly progress: Progress;
  /** The operator wants to stop: everything ends in order. */
  readonly stop: AbortSignal;
  /** The operator wants it now: everything is killed. */
  readonly kill: AbortSignal;
}

/** Everything is gone this long after a stop. */
const STOP_WITHIN_MS = 9500;

/** Runs the product until it is told to stop. Answers the exit code; what went wrong has been said in plain lines. */
export async function runProduct(run: RunOptions): Promise<number> {
  const { config, progress } = run;
  const address = httpAddress(config.http);
  try {
    const folder = openDataFolder(config.dataDir);
    const locked = lockDataFolder(path.join(folder.run, 'lock'), address);
    if (!locked.ok) {
      const { pid, address: theirs } = locked.holder;
      progress.say(`Throughline already runs on ${folder.root} (process ${pid}): ${theirs}`);
      return 1;
    }
    const log = createBoundedLog(path.join(folder.logs, 'start.log'));
    try {
      return await runLocked(
        run,
        folder,
        log,
        logged(progress, (line) => log.write(`${new Date().toISOString()} ${line}\n`)),
      );
    } finally {
      locked.lock.release();
      log.close();
    }
  } catch (error) {
    return sayFailure(error, progress);
  }
}

async function runLocked(run: RunOptions, folder: DataFolder, log: BoundedLog, progress: Progress): Promise<number> {
  const { config } = run;
  const children = path.join(folder.run, 'children.json');
  await stopSurvivors(children, 5000, progress.say);
  if (!(await isPortFree(config.http.port, config.http.host))) {
    progress.say(
      `Port ${config.http.port} is in use by another program. Set PORT to a free one, e.g. PORT=${config.http.port + 1} npm start`,
    );
    return 1;
  }
  sayConfig(config, progress, log);
  const supervisor = createSupervisor({ recordFile: children, logDir: folder.logs, say: progress.say });
  const kill = (): void => supervisor.kill();
  run.kill.addEventListener('abort', kill);
  try {
    await startProduct({ ...run, folder, supervisor, progress, signal: run.stop });
    await aborted(run.stop);
    return 0;
  } catch (error) {
    return run.stop.aborted ? 0 : sayFailure(error, progress);
  } finally {
    await stopInOrder(supervisor, progress);
    run.kill.removeEventListener('abort', kill);
  }
}

/** All of it into the log; what differs from the default to the operator. */
function sayConfig(config: Config, progress: Progress, log: BoundedLog): void {
  const lines = describeConfig(config);
  log.write(`${lines.join('\n')}\n`);
  for (const line of lines.filter((each) => !/\(default\)$|= not set$/.test(each))) progress.say(`  ${line}`);
}

async function stopInOrder(supervisor: Supervisor, progress: Progress): Promise<void> {
  const stopping = progress.begin('Stopping');
  await supervisor.stop(STOP_WITHIN_MS);
  stopping.done('Everything is stopped');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Failures we know are one sentence with its remedy; anything else is shown whole. */
const KNOWN = [
  FolderError,
  KafkaDownloadError,
  KafkaStorageError,
  PostgresMissingError,
  PostgresUserError,
  PostgresSetupError,
  DatabaseRefusedError,
];

function sayFailure(error: unknown, progress: Progress): number {
  if (error instanceof ChildStartError) {
    progress.say(error.message);
    for (const line of error.lastLines.slice(-15)) progress.say(`  ${line}`);
  } else if (error instanceof Error && KNOWN.some((known) => error instanceof known)) {
    progress.say(error.message);
  } else {
    progress.say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return 1;
}

/** The same progress, its lines kept in a log as well. */
function logged(progress: Progress, write: (line: string) => void): Progress {
  return {
    begin(what) {
      const step = progress.begin(what);
      write(what);
      return {
        ...step,
        done(result) {
          write(result);
          step.done(result);
        },
      };
    },
    say(line) {
      write(line);
      progress.say(line);
    },
    close: () => progress.close(),
  };
}
