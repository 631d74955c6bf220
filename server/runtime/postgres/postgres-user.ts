import { execFile } from 'node:child_process';
import { chmod, chown, lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whom PostgreSQL runs as: it refuses root. */
export interface UnixUser {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL cannot run as another user here. `message` is one sentence with the remedy. */
export class PostgresUserError extends Error {
  readonly code = 'postgres_user';
}

/** Null unless we are root; else the user `postgres`, made when missing. */
export async function postgresUser(): Promise<UnixUser | null> {
  if (process.getuid?.() !== 0) return null;
  return (await findUser('postgres')) ?? (await makeUser('postgres'));
}

async function findUser(name: string): Promise<UnixUser | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

async function makeUser(name: string): Promise<UnixUser> {
  try {
    await run('groupadd', ['-f', name]);
    await run('useradd', ['-r', '-g', name, '-s', '/usr/sbin/nologin', name]);
  } catch (cause) {
    // Two starts may race; what counts is whether the user is there.
    const user = await findUser(name);
    if (user !== null) return user;
    throw new PostgresUserError(
      'PostgreSQL refuses to run as root, and a user "postgres" could not be made. Start as another user, or set DATABASE_URL.',
      { cause },
    );
  }
  const user = await findUser(name);
  if (user === null) throw new PostgresUserError('The user "postgres" was made but is not found. Set DATABASE_URL.');
  return user;
}

/** Gives a folder and everything in it to the user, where it is not theirs already. */
export async function giveTo(user: UnixUser, folder: string): Promise<void> {
  const owner = await lstat(folder);
  if (owner.uid === user.uid) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory()) await giveTo(user, inner);
    else if (!entry.isSymbolicLink()) await chown(inner, user.uid, user.gid);
  }
  await chown(folder, user.uid, user.gid);
}

/** True when the user can read that file, asked of the system itself. */
export async function canRead(user: UnixUser, file: string): Promise<boolean> {
  // `uid` of Node drops the supplementary groups as well.
  return run('/bin/sh', ['-c', 'test -r "$1"', 'sh', file], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** The first folder on the way to `folder`, from the top, that others may not pass; null when they may pass all. */
export async function firstBlocked(folder: string): Promise<string | null> {
  const parts = path.resolve(folder).split(path.sep);
  for (let length = 1; length <= parts.length; length++) {
    const prefix = parts.slice(0, length).join(path.sep) || path.sep;
    if (((await lstat(prefix)).mode & 0o001) === 0) return prefix;
  }
  return null;
}

/** Lets others pass through a folder of ours, without letting them list it. */
export async function letOthersPass(folder: string): Promise<void> {
  const { mode } = await lstat(folder);
  if ((mode & 0o001) === 0) await chmod(folder, (mode & 0o7777) | 0o011);
}
