import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';

/** Where to look for Java; handed in, so that the environment is read in one place. */
export interface JavaPlaces {
  /** `JAVA_HOME`. */
  readonly javaHome?: string | undefined;
  /** `PATH`. */
  readonly path?: string | undefined;
}

export interface Java {
  readonly command: string;
  /** The feature release, e.g. 17 or 21. */
  readonly version: number;
}

/** The oldest Java that the pinned Kafka runs on. */
export const MINIMUM_JAVA = 17;

/**
 * The first Java of at least version 17: under `JAVA_HOME`, then along `PATH`. Null when there is none. Each candidate
 * is run with `-version` and must answer in 10 s.
 */
export async function findJava(places: JavaPlaces): Promise<Java | null> {
  for (const command of candidates(places)) {
    if (!(await isExecutable(command))) continue;
    const version = await askVersion(command);
    if (version !== null && version >= MINIMUM_JAVA) return { command, version };
  }
  return null;
}

/** The feature release in what `java -version` prints: 17 for `"17.0.15"`, 8 for `"1.8.0_402"`; null when not there. */
export function parseJavaVersion(printed: string): number | null {
  const match = /version "(\d+)(?:\.(\d+))?/.exec(printed);
  if (match === null) return null;
  const first = Number(match[1]);
  return first === 1 && match[2] !== undefined ? Number(match[2]) : first;
}

function candidates({ javaHome, path: searchPath }: JavaPlaces): string[] {
  const name = process.platform === 'win32' ? 'java.exe' : 'java';
  const folders = (searchPath ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const home = javaHome ? [path.join(javaHome, 'bin')] : [];
  return [...new Set([...home, ...folders].map((folder) => path.join(folder, name)))];
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Null for a file that is not a working Java (macOS has a stub that only asks to install one). */
function askVersion(command: string): Promise<number | null> {
  return new Promise((resolve) => {
    execFile(command, ['-version'], { timeout: 10_000 }, (error, stdout, stderr) =>
      resolve(error === null ? parseJavaVersion(`${stderr}${stdout}`) : null),
    );
  });
}
