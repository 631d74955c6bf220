import { createServer } from 'node:http';
import next from 'next';
import { processConfig, processEnvironment } from '../config/process-config.ts';
import { projectRoot } from '../config/project-root.ts';
import { quietFramework } from '../config/quiet-framework.ts';
import { createClosedServer } from '../runtime/closed-server.ts';
import { CannotListenError, closeServer, listen } from '../runtime/listen.ts';
import { serveApi } from '../runtime/serve-api.ts';
import { endWithParent } from '../runtime/supervise/end-with-parent.ts';
import { closeWeb, web } from '../runtime/web.ts';

/** Answers in the making get this long at the end; streams are told to end before. */
const GRACE_MS = 500;
const END_WITHIN_MS = 2500;

/** The web process: the framework behind our own server, which closes the door before it. */
async function main(): Promise<readonly string[]> {
  const read = processConfig();
  if (!read.ok) return read.problems;
  const { http, databaseUrl } = read.config;
  if (databaseUrl === null) return ['DATABASE_URL is not set. Name the database, or use npm start.'];
  const development = processEnvironment().NODE_ENV === 'development';
  const report = (error: unknown): void => console.error(error);
  let port = http.port;

  quietFramework();
  // The framework adds its listener for upgrades to the server it is given. This one never listens on a port: the only
  // way to its upgrades is what the door lets through.
  const behindDoor = createServer();
  const app = next({ dev: development, dir: projectRoot(), httpServer: behindDoor });
  const pages = app.getRequestHandler();
  const server = createClosedServer({
    doorConfig: () => ({ port, allowedHosts: http.allowedHosts }),
    inside: {
      request: serveApi(
        (request) => web().api(request),
        (request, response) => pages(request, response),
      ),
      upgrade: development ? (request, socket, head) => behindDoor.emit('upgrade', request, socket, head) : null,
    },
    development,
    report,
  });

  endWithParent(async () => {
    const closed = closeServer(server, GRACE_MS);
    await closeWeb();
    await closed;
    // The development server takes seconds over its compiler, which ends with this process anyway.
    if (!development) await app.close();
  }, END_WITHIN_MS);
  await app.prepare();
  try {
    port = await listen(server, http.host, http.port);
  } catch (error) {
    if (error instanceof CannotListenError) return [error.message];
    throw error;
  }
  console.log(`web ready http://${http.host}:${port}`);
  return [];
}

const problems = await main();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
