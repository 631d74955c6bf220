/** Tells the person at the terminal about the connection, once per change. */
export interface Reporter {
  /** Kafka does not answer; said once until it answers again. */
  lost(): void;
  /** Kafka answers (again). */
  found(): void;
  /** Anything else, in plain words. */
  warn(sentence: string): void;
}

/** A reporter that writes lines such as `demo ask: Kafka at 127.0.0.1:9092 does not answer, trying again.` */
export function createReporter(name: string, brokers: readonly string[], write: (line: string) => void): Reporter {
  let isLost = false;
  const where = `Kafka at ${brokers.join(', ')}`;
  return {
    lost() {
      if (!isLost) write(`demo ${name}: ${where} does not answer, trying again.`);
      isLost = true;
    },
    found() {
      if (isLost) write(`demo ${name}: ${where} answers again.`);
      isLost = false;
    },
    warn: (sentence) => write(`demo ${name}: ${sentence}`),
  };
}
