import { type Loaded, ready } from '@/components/live/loaded.ts';

/** A first read for a page. Where the store does not answer, the panel says so and the browser tries again. */
export async function attempt<T>(read: () => Promise<T>): Promise<Loaded<T>> {
  try {
    return ready(await read());
  } catch (error) {
    console.error(error);
    return { kind: 'failed', value: null, problem: 'The store does not answer' };
  }
}
