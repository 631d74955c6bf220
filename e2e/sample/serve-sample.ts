import { createServer } from 'node:http';
import next from 'next';
import { NO_ALERTS } from '../../server/api/alerts/alerts.test-support.ts';
import { createApi } from '../../server/api/create-api.ts';
import { NO_RECEIVERS } from '../../server/api/receivers.test-support.ts';
import { projectRoot } from '../../server/config/project-root.ts';
import { createLiveHub } from '../../server/live/create-live-hub.ts';
import { framesInMemory } from '../../server/live/live.test-support.ts';
import type { JobWire } from '../../server/model/job-wire.ts';
import { millis } from '../../server/model/time.ts';
import { createClosedServer } from '../../server/runtime/closed-server.ts';
import { closeServer, listen } from '../../server/runtime/listen.ts';
import { serveApi } from '../../server/runtime/serve-api.ts';
import { sampleDeadLetters } from './sample-dead-letters.ts';
import { sampleDrift } from './sample-drift.ts';
import { type SampleSetting, sampleReads } from './sample-reads.ts';

/** The built pages and the API over sample data, without a database or a broker. Needs a build. */
export interface SampleServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Where the runtime keeps the web of its process. */
const HOLDER = Symbol.for('throughline.web');

/** Half of what was judged by other schemas is held against those in force. */
const HOLDING: JobWire = {
  ...{ id: '7b1c5f0a-2f57-4f0e-9d53-0b1a5e0f77c2', kind: 're-validate', state: 'running' },
  ...{ requested_at: new Date().toISOString(), started_at: new Date().toISOString(), finished_at: null },
  ...{ done: '6048', total: '12096', changed: '41', message: null },
};

export async function serveSample(port = 0, setting: SampleSetting = {}): Promise<SampleServer> {
  const reads = sampleReads(setting);
  const now = () => millis(Date.now());
  const deadLetters = sampleDeadLetters(() => reads.asOf());
  const hub = createLiveHub({ frames: framesInMemory().reader, pulse: reads.pulse, clock: { now } });
  const api = createApi({
    reads,
    jobs: {
      request: () => Promise.reject(new Error('the sample has no jobs')),
      list: async () => (setting.empty ? [] : [HOLDING]),
      newest: async (kind) => (!setting.empty && kind === HOLDING.kind ? HOLDING : null),
      cancel: async () => null,
    },
    records: { record: async () => 'absent' },
    dialects: [],
    explain: () => Promise.reject(new Error('the sample explains nothing')),
    schemas: async () => ({ schemas: [], broken: [], says: () => null, schemaFor: () => null }),
    violations: { set: async () => false },
    drift: async ({ from, to }) => sampleDrift(from, to),
    deadLetters,
    receivers: NO_RECEIVERS,
    ...NO_ALERTS,
    hub,
    clock: { now },
    databaseTrouble: async () => null,
    report: (error) => console.error(error),
    version: 'sample',
  });
  const web = {
    reads,
    deadLetters,
    hub,
    api,
    now,
    report: (error: unknown) => console.error(error),
    close: async () => hub.close(),
  };
  Reflect.set(globalThis, HOLDER, { web });
  const app = next({ dev: false, dir: projectRoot(), httpServer: createServer() });
  const pages = app.getRequestHandler();
  let bound = port;
  const server = createClosedServer({
    doorConfig: () => ({ port: bound, allowedHosts: [] }),
    inside: { request: serveApi(api, (request, response) => pages(request, response)), upgrade: null },
    development: false,
    report: (error) => console.error(error),
  });
  await app.prepare();
  bound = await listen(server, '127.0.0.1', port);
  return {
    url: `http://127.0.0.1:${bound}`,
    async stop() {
      await hub.close();
      await closeServer(server, 200);
      await app.close();
    },
  };
}
