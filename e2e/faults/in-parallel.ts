/** Scenarios that run at once: most of their time they wait. */
const AT_ONCE = 3;

/** Runs all tasks, some at once, in their order. Rejects with the first failure, once all that had begun have ended. */
export async function inParallel(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const left = [...tasks];
  const work = async (): Promise<void> => {
    for (let task = left.shift(); task !== undefined; task = left.shift()) await task();
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
