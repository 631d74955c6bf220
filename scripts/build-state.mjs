// @ts-check
// Says whether `dist/` and `node_modules/` belong to the sources that are there.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, trackedFiles } from './tracked-files.mjs';

const BUILD_INPUTS =
  /^(app|components|server|otel|public|demo)\/|^(package-lock\.json|tsconfig\.json|next\.config\.\w+|postcss\.config\.\w+|instrumentation(-client)?\.ts|proxy\.ts)$|^scripts\/(build|build-state|entry-points)\.mjs$/;
const NOT_BUILT = /\.(test|test-support|contract|spec)\.tsx?$|\.md$/;

const buildStateFile = path.join(root, 'dist/build.json');
const depsStateFile = path.join(root, 'node_modules/.throughline-lock');

/** SHA-256, in hex, of the names and contents of everything that the build reads; tests do not count. */
export function sourceHash() {
  const hash = createHash('sha256');
  for (const file of trackedFiles(BUILD_INPUTS)) {
    if (NOT_BUILT.test(file)) continue;
    const content = readFileSync(path.join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** SHA-256, in hex, of what `npm ci` installs from. */
export function depsHash() {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

/** True when `dist/` was built from exactly these sources. */
export function buildIsFresh() {
  if (!existsSync(buildStateFile) || !existsSync(path.join(root, '.next/BUILD_ID'))) return false;
  try {
    return JSON.parse(readFileSync(buildStateFile, 'utf8')).sourceHash === sourceHash();
  } catch {
    return false;
  }
}

/** Notes a good build. @param {string} hash What `sourceHash` answered before the build began. */
export function markBuilt(hash) {
  writeFileSync(buildStateFile, `${JSON.stringify({ sourceHash: hash })}\n`);
}

/** True when `node_modules/` was installed from this lock file. */
export function depsAreFresh() {
  const installed = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  if (existsSync(depsStateFile)) return readFileSync(depsStateFile, 'utf8').trim() === depsHash();
  return installedMatchesLock(installed);
}

/** Notes a good `npm ci`. */
export function markInstalled() {
  mkdirSync(path.dirname(depsStateFile), { recursive: true });
  writeFileSync(depsStateFile, `${depsHash()}\n`);
}

/** For an install that was made by hand: npm's own note of what it laid down. @param {string} installed */
function installedMatchesLock(installed) {
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) => name === '' || optional === true || there[name]?.version === version,
  );
}
