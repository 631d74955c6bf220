import type { LiveItem } from './client-queue.ts';

/** The pause after which a browser connects again, told once at the begin of a stream. */
export const RETRY_TEXT = 'retry: 1000\n\n';

/** A frame, or a keep-alive, in the format of server-sent events. JSON holds no line break, so one `data` line does. */
export function eventStreamText(item: LiveItem | 'keep-alive'): string {
  if (item === 'keep-alive') return ': still here\n\n';
  const id = item.number === null ? '' : `id: ${item.number}\n`;
  return `${id}data: ${JSON.stringify(item.frame)}\n\n`;
}
