import { nearest } from '../../model/nearest.ts';

/** What stands after `npm start --`. */
export interface StartOptions {
  /** Null: only where Kafka is embedded. */
  readonly demo: boolean | null;
  /** Demo processes that stay away. */
  readonly without: readonly string[];
  /** Arguments every demo process gets. */
  readonly demoArgs: readonly string[];
}

export type StartOptionsResult =
  | { readonly ok: true; readonly options: StartOptions }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The processes of the demo, by the names of their files. */
export const DEMO_PROCESSES: readonly string[] = ['ask', 'answer', 'persist'];

const FLAGS = ['--demo', '--no-demo', '--wrong-producer', '--poison'];
const WITH_VALUE = ['--without', '--truth', '--rate'];

/** Reads the options; `resolvePath` makes a path absolute. Every problem is one sentence with its remedy. */
export function readStartOptions(args: readonly string[], resolvePath: (path: string) => string): StartOptionsResult {
  const problems: string[] = [];
  const given = new Set<string>();
  const without: string[] = [];
  const demoArgs: string[] = [];
  // npm takes the `--` away; other ways to start leave it.
  const rest = args[0] === '--' ? args.slice(1) : [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [name = '', inline] = arg.split(/=(.*)/s);
    if (FLAGS.includes(name) && inline === undefined) {
      given.add(name);
      if (name !== '--demo' && name !== '--no-demo') demoArgs.push(name);
    } else if (WITH_VALUE.includes(name)) {
      const value = inline ?? rest.shift();
      if (value === undefined || value.startsWith('--')) problems.push(`${name} needs a value.`);
      else if (name !== '--without') demoArgs.push(name, name === '--truth' ? resolvePath(value) : value);
      else if (DEMO_PROCESSES.includes(value)) without.push(value);
      else problems.push(`--without ${value} names no demo process; they are ${DEMO_PROCESSES.join(', ')}.`);
    } else {
      problems.push(unknownOption(name));
    }
  }
  if (given.has('--demo') && given.has('--no-demo'))
    problems.push('--demo and --no-demo exclude each other. Give one.');
  if (problems.length > 0) return { ok: false, problems };
  const demo = given.has('--demo') ? true : given.has('--no-demo') ? false : null;
  return { ok: true, options: { demo, without, demoArgs } };
}

function unknownOption(name: string): string {
  const all = [...FLAGS, ...WITH_VALUE];
  const near = nearest(name, all);
  return `${name} is no option of npm start. ${near === null ? `They are ${all.join(', ')}.` : `Did you mean ${near}?`}`;
}
