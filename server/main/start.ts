import path from 'node:path';
import { processConfig, processEnvironment } from '../config/process-config.ts';
import { projectRoot } from '../config/project-root.ts';
import { createProgress } from '../runtime/launch/progress.ts';
import { runProduct } from '../runtime/launch/run-product.ts';
import { readStartOptions } from '../runtime/launch/start-options.ts';
import { watchLauncher } from '../runtime/launch/watch-launcher.ts';

/** npm passes on the Ctrl-C that the terminal has sent us already: what comes this soon is no second one. */
const SECOND_AFTER_MS = 1000;

const env = processEnvironment();
const config = processConfig(env);
const options = readStartOptions(process.argv.slice(2), (given) => path.resolve(given));
const problems = [...(config.ok ? [] : config.problems), ...(options.ok ? [] : options.problems)];

if (config.ok && options.ok) {
  const stop = new AbortController();
  const kill = new AbortController();
  onSignals(stop, kill);
  // Without npm between, the operator's own tools (nohup, systemd) decide how long we live.
  if (env.npm_lifecycle_event !== undefined) watchLauncher(() => stop.abort());
  const progress = createProgress({
    write: (text) => void process.stdout.write(text),
    isTty: process.stdout.isTTY === true,
    now: () => performance.now(),
  });
  process.exitCode = await runProduct({
    config: config.config,
    env,
    options: options.options,
    projectRoot: projectRoot(),
    progress,
    stop: stop.signal,
    kill: kill.signal,
  });
  progress.close();
  process.exit();
} else {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}

/** The first signal stops in order, a second one kills. */
function onSignals(stop: AbortController, kill: AbortController): void {
  let firstAt: number | null = null;
  const heard = (): void => {
    const now = performance.now();
    firstAt ??= now;
    if (now - firstAt > SECOND_AFTER_MS) kill.abort();
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, heard);
  // A terminal that is gone must not turn the orderly end into a crash.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
