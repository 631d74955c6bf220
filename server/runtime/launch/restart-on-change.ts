import { unwatchFile, watchFile } from 'node:fs';

/** Calls `restart` whenever the file has been written anew, until the signal. For development. */
export function restartOnChange(file: string, restart: () => Promise<void>, signal: AbortSignal): void {
  const changed = (): void => void restart();
  watchFile(file, { interval: 500, persistent: false }, changed);
  signal.addEventListener('abort', () => unwatchFile(file, changed), { once: true });
}
