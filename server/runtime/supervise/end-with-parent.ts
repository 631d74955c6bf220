/**
 * Ends this process in order on SIGTERM or SIGINT, and when the supervisor that started it is gone (its channel closes,
 * also by kill -9). `stop` is called once; the process ends when it is done, or after `withinMs`. Without a supervisor
 * only the signals count.
 */
export function endWithParent(stop: () => Promise<void>, withinMs = 8000): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), withinMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  // The supervisor's pipes break with it: a line that nobody reads must not stop the orderly end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  if (process.send !== undefined) process.once('disconnect', end);
}
