import { spawn } from 'node:child_process';

/** A task in a process of its own, while it runs. */
export interface TaskProcess<Answer> {
  readonly pid: number;
  readonly answer: Promise<Answer>;
  /** Asks it to end by itself (`SIGTERM`). */
  stop(): void;
}

/**
 * Runs this same bundle with a task instead of the bench: a warm heap, or a patch of a client, must not reach the next
 * run. The answer is what the task sent with `answer`; rejects when the process ends without one.
 */
export function inOwnProcess<Answer, Sample = never>(
  task: object,
  { timeoutMs, nodeArgs = [], onSample }: OwnProcessOptions<Sample>,
): TaskProcess<Answer> {
  const [, bundle = ''] = process.argv;
  const child = spawn(process.execPath, [...nodeArgs, bundle, JSON.stringify(task)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const answer = new Promise<Answer>((resolve, reject) => {
    const late = setTimeout(endWithUs, timeoutMs);
    // The other end is this file: it sends samples, then what its task answered, and nothing else.
    child.on('message', (message) => {
      const { sample, answer } = message as { sample?: Sample; answer?: Answer };
      if (sample !== undefined) onSample?.(sample);
      if (answer !== undefined) resolve(answer);
    });
    child.once('exit', (code) => {
      clearTimeout(late);
      process.off('exit', endWithUs);
      reject(new Error(`a run ended with ${code ?? 'a signal'} and no answer`));
    });
  });
  return { pid: child.pid ?? 0, answer, stop: () => void child.kill('SIGTERM') };
}

export interface OwnProcessOptions<Sample> {
  /** It is killed after this. */
  readonly timeoutMs: number;
  readonly nodeArgs?: readonly string[];
  /** Hears what the task tells with `sendSample` while it runs. */
  onSample?(sample: Sample): void;
}

/** The task this process was started with, or null where it is the bench itself. */
export function ownTask<Task>(): Task | null {
  const [, , argument = ''] = process.argv;
  // Written by `inOwnProcess`, which is the only one to pass an object.
  return argument.startsWith('{') ? (JSON.parse(argument) as Task) : null;
}

/** Tells the bench something while the task runs. */
export function sendSample(sample: object): void {
  process.send?.({ sample });
}

/** Sends the answer to the bench, then ends. */
export function answerAndEnd(answer: object): void {
  process.send?.({ answer }, () => process.exit(0));
}
