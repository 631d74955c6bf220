import { loadConfig } from '../../server/config/load-config.ts';
import { buildSource } from '../../server/runtime/build-source.ts';
import { readSchemasInForce } from '../../server/runtime/schemas/schemas-in-force.ts';
import { createTap } from '../../server/runtime/tap.ts';

/** What the tap's process is told. */
export interface TapTask {
  readonly brokers: string;
  readonly databaseUrl: string;
  readonly groupId: string;
}

/** Runs a tap until told `stop`; says when it was started, and answers `cpu` with the microseconds used since then. */
export async function runTap(task: TapTask): Promise<void> {
  const read = loadConfig({
    env: {
      DATABASE_URL: task.databaseUrl,
      KAFKA_BROKERS: task.brokers,
      TAP_START: 'beginning',
      TAP_GROUP_ID: task.groupId,
    },
    workingDir: '/',
    platform: { platform: 'linux', home: '/', isRoot: false, xdgDataHome: undefined, xdgCacheHome: undefined },
    readFile: () => {
      throw Object.assign(new Error('no file'), { code: 'ENOENT' });
    },
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const tap = createTap(read.config, {
    databaseUrl: task.databaseUrl,
    source: buildSource(read.config),
    schemas: await readSchemasInForce(read.config.schemaFolders),
    say: (line) => console.log(line),
  });
  const cpuBefore = process.cpuUsage();
  process.send?.(Date.now());
  process.on('message', (order) => {
    if (order === 'stop') void tap.stop().then(() => process.exit(0));
    if (order !== 'cpu') return;
    const { user, system } = process.cpuUsage(cpuBefore);
    process.send?.(user + system);
  });
  await tap.start();
}
