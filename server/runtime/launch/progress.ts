/** Tells the operator what is being done. */
export interface Progress {
  /** Begins a step that may take a while, e.g. `Starting PostgreSQL`. One step at a time. */
  begin(what: string): Step;
  /** One line. */
  say(line: string): void;
  /** Ends what is shown in place. */
  close(): void;
}

export interface Step {
  /** How far it is, e.g. `12 of 54 MB`. */
  update(howFar: string): void;
  /** It is done: says `result` with the time it took. */
  done(result: string): void;
  /** It will not be done: shows nothing. */
  drop(): void;
}

export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** On a terminal the line of a step changes in place. */
  readonly isTty: boolean;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
}

const TTY_EVERY_MS = 200;
const LINES_EVERY_MS = 5000;
/** Steps that are shorter are not worth a line while they run. */
const SILENT_MS = 2000;
const CLEAR_LINE = '\r\u001b[K';

/** Progress on a terminal, or as lines in a log. */
export function createProgress({ write, isTty, now }: ProgressOptions): Progress {
  let current: { what: string; since: number; howFar: string; timer: NodeJS.Timeout } | null = null;
  const line = (): string => {
    if (current === null) return '';
    const far = current.howFar === '' ? '' : ` ${current.howFar},`;
    return `${current.what} …${far} ${seconds(now() - current.since)}`;
  };
  const clear = (): void => write(isTty && current !== null ? CLEAR_LINE : '');
  const end = (): void => {
    clear();
    if (current !== null) clearTimeout(current.timer);
    current = null;
  };
  const show = (): void => {
    write(isTty ? `${CLEAR_LINE}${line()}` : `${line()}\n`);
    if (current !== null) current.timer = setTimeout(show, isTty ? TTY_EVERY_MS : LINES_EVERY_MS);
  };
  return {
    begin(what) {
      end();
      const since = now();
      current = { what, since, howFar: '', timer: setTimeout(show, isTty ? TTY_EVERY_MS : SILENT_MS) };
      return {
        update(howFar) {
          if (current !== null) current.howFar = howFar;
        },
        done(result) {
          end();
          write(`${result} (${seconds(now() - since)})\n`);
        },
        drop: end,
      };
    },
    say(text) {
      clear();
      write(`${text}\n`);
    },
    close: end,
  };
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
