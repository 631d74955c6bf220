import { type Loaded, ready } from '@/components/live/loaded.ts';
import { web } from '@/server/runtime/web.ts';

/** A first read for a page. Where the store does not answer, the panel says so and the browser tries again. */
export async function attempt<T>(read: () => Promise<T>): Promise<Loaded<T>> {
  try {
    return ready(await read());
  } catch (error) {
    web().report(error);
    return { kind: 'failed', value: null, problem: 'The store does not answer' };
  }
}
