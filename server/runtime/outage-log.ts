/** Says that something is away once, and that it is back once, however often it is tried in between. */
export interface OutageLog {
  failed(error: unknown): void;
  worked(): void;
}

/** An outage log for one subject, e.g. `PostgreSQL`. `say` gets one plain line; errors show their message, never a stack. */
export function createOutageLog(subject: string, say: (line: string) => void): OutageLog {
  let away = false;
  return {
    failed(error) {
      if (!away) say(`${subject} fails (${sentenceOf(error)}). Trying again; nothing is lost.`);
      away = true;
    },
    worked() {
      if (away) say(`${subject} works again.`);
      away = false;
    },
  };
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return code === null ? error.message : `${code}: ${error.message}`;
}
