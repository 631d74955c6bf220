import { registerOpenTelemetry } from './register.ts';
import { serviceNameOf } from './service-name.ts';

// Meant for `node --import`: runs before the entry file, so that what the entry imports is already traced.

/** Waiting spans get this long when the process is told to end. */
const FLUSH_WITHIN_MS = 1_000;

const registered = await registerOpenTelemetry(serviceNameOf(process.argv[1]), process.env);

if (registered !== null) {
  const flush = async () => {
    const late = new Promise((resolve) => setTimeout(resolve, FLUSH_WITHIN_MS).unref());
    // An exporter that is away must not keep the process or fail it; what it missed is lost.
    await Promise.race([registered.shutdown().catch(() => undefined), late]);
  };
  process.once('beforeExit', flush);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => flushThenEnd(signal, flush));
}

/** Listening for a signal keeps it from ending the process: where nobody else listens, it is sent again afterwards. */
async function flushThenEnd(signal: 'SIGTERM' | 'SIGINT', flush: () => Promise<void>): Promise<void> {
  const somebodyElseEnds = process.listenerCount(signal) > 0;
  await flush();
  if (!somebodyElseEnds) process.kill(process.pid, signal);
}
