// @ts-check
// What the tests need beside npm packages: a Chromium and a Java. Found, or installed where that needs no question.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './tracked-files.mjs';

const MINIMUM_JAVA = 17;
const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

export const isRoot = process.getuid?.() === 0;

/** The Chromium that drives the browser tests: `THROUGHLINE_CHROMIUM`, the system's, or Playwright's own. @returns {string | null} */
export function findChromium() {
  const named = process.env.THROUGHLINE_CHROMIUM;
  if (named) return isExecutable(named) ? named : null;
  return [...alongPath(CHROMIUM_NAMES), MAC_CHROME, playwrightsOwn()].find(isExecutable) ?? null;
}

/** Installs one without asking. Says what it does. @returns {string | null} Why there is none, or null when there is. */
export function installChromium() {
  if (process.env.THROUGHLINE_CHROMIUM)
    return `THROUGHLINE_CHROMIUM=${process.env.THROUGHLINE_CHROMIUM} is not an executable file.`;
  const byApt = canApt() && aptInstall('chromium') && findChromium() !== null;
  if (byApt) return null;
  console.log('Installing Chromium with Playwright …');
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  run(process.execPath, [cli, 'install', 'chromium']);
  if (findChromium() !== null) return null;
  return 'Chromium is missing: install it with your package manager, or set THROUGHLINE_CHROMIUM to its executable.';
}

/** A Java that runs Kafka: `JAVA_HOME`, else on the PATH. @returns {string | null} */
export function findJava() {
  const home = process.env.JAVA_HOME ? [path.join(process.env.JAVA_HOME, 'bin', 'java')] : [];
  return (
    [...home, ...alongPath(['java'])].find((file) => isExecutable(file) && javaVersion(file) >= MINIMUM_JAVA) ?? null
  );
}

/** @returns {string | null} Why there is none, or null when there is. */
export function installJava() {
  if (canApt() && aptInstall('openjdk-17-jre-headless') && findJava() !== null) return null;
  return 'Java 17 or newer is missing: install it (Debian: openjdk-17-jre-headless), or set JAVA_HOME.';
}

/** @param {string} file @returns {number} */
function javaVersion(file) {
  const { stderr = '', stdout = '' } = spawnSync(file, ['-version'], { encoding: 'utf8', timeout: 10_000 });
  const match = /version "(?:1\.)?(\d+)/.exec(`${stderr}${stdout}`);
  return Number(match?.[1] ?? 0);
}

/** @param {readonly string[]} names @returns {string[]} */
function alongPath(names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

/** Where Playwright keeps the browser it downloads, whether or not it is there. */
function playwrightsOwn() {
  try {
    /** @type {typeof import('@playwright/test')} */
    const { chromium } = createRequire(import.meta.url)('@playwright/test');
    return chromium.executablePath();
  } catch {
    return '';
  }
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return file !== '';
  } catch {
    return false;
  }
}

function canApt() {
  return isRoot && process.platform === 'linux' && alongPath(['apt-get']).some(isExecutable);
}

/** @param {string} name */
function aptInstall(name) {
  console.log(`Installing ${name} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return (
    run('apt-get', ['update', '-qq'], env) &&
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], env)
  );
}

/** Quiet when it works; else shows what it said. @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
function run(command, args, env = process.env) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 << 20,
  });
  if (status !== 0) console.log(`${stdout ?? ''}${stderr ?? ''}`.trimEnd());
  return status === 0;
}
