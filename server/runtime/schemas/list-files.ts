import { lstatSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** A file to be read. */
export interface SampleFile {
  /** Null for the standard input. */
  readonly path: string | null;
  /** As the caller named it, with what was found below a folder behind it. */
  readonly shown: string;
}

export interface FileList {
  readonly files: readonly SampleFile[];
  /** One sentence each. */
  readonly problems: readonly { readonly file: string; readonly reason: string }[];
  /** What lies in folders and is not looked at: files of other endings, links to folders, `node_modules`, `.git`. */
  readonly passedOver: number;
}

/** Files of one run, and how deep folders are gone into. */
const MOST_FILES = 10_000;
const MOST_LEVELS = 20;
const TOO_MANY = `there are more than ${MOST_FILES} files; give fewer at once`;
const SKIPPED = new Set(['node_modules', '.git']);

/** True for a file of one JSON text a line. */
export function isJsonLines(name: string): boolean {
  return /\.(ndjson|jsonl)$/i.test(name);
}

/**
 * The files that paths name: files whatever their names, of folders everything below with one of the endings, in the order
 * of names. A link to a folder is not followed below a folder, so that no circle is walked. Never throws.
 */
export function listFiles(paths: readonly string[], workingDir: string, endings: RegExp): FileList {
  const lister = new Lister(endings);
  for (const given of paths) lister.add(given, path.resolve(workingDir, given));
  return lister;
}

class Lister implements FileList {
  readonly files: SampleFile[] = [];
  readonly problems: { file: string; reason: string }[] = [];
  passedOver = 0;
  readonly #endings: RegExp;

  constructor(endings: RegExp) {
    this.#endings = endings;
  }

  add(given: string, file: string): void {
    if (given === '-') {
      this.#take(null, '-');
      return;
    }
    const kind = kindOf(file);
    if (kind === 'folder') this.#walk(file, given.replace(/(?<=.)[/\\]+$/, ''), 1);
    else if (kind === 'file') this.#take(file, given);
    else this.problems.push({ file: given, reason: kind });
  }

  #walk(folder: string, shown: string, level: number): void {
    if (level > MOST_LEVELS) {
      this.problems.push({ file: shown, reason: `folders lie deeper than ${MOST_LEVELS} in each other` });
      return;
    }
    for (const name of this.#names(folder, shown)) {
      const [inner, named] = [path.join(folder, name), `${shown}/${name}`];
      const kind = kindOf(inner);
      if (kind === 'folder' && !SKIPPED.has(name) && !isLink(inner)) this.#walk(inner, named, level + 1);
      else if (kind === 'folder' || !this.#endings.test(name)) this.passedOver += 1;
      else if (kind === 'file') this.#take(inner, named);
      else this.problems.push({ file: named, reason: kind });
    }
  }

  #names(folder: string, shown: string): string[] {
    try {
      return readdirSync(folder).sort();
    } catch (error) {
      this.problems.push({ file: shown, reason: `the folder cannot be read (${codeOf(error)})` });
      return [];
    }
  }

  #take(file: string | null, shown: string): void {
    if (this.files.length < MOST_FILES) this.files.push({ path: file, shown });
    else if (this.files.length === MOST_FILES && !this.problems.some(({ reason }) => reason === TOO_MANY)) {
      this.problems.push({ file: shown, reason: TOO_MANY });
    }
  }
}

/** `file` or `folder`, links followed; else why it is neither. */
function kindOf(file: string): string {
  try {
    const stat = statSync(file);
    if (stat.isFile()) return 'file';
    return stat.isDirectory() ? 'folder' : 'it is neither a file nor a folder';
  } catch (error) {
    return `it cannot be read (${codeOf(error)})`;
  }
}

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? true;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
}
