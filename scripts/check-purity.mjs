// @ts-check
// What an import table cannot see: the pure folders take time, ids and randomness as arguments, and the environment is
// read in one place. Prints each breach as `file:line  what`; exit code 1 when there is one.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { trackedFiles } from './tracked-files.mjs';

const PURE = /^server\/(model|decode|envelope|mask|schema|stitch|measure)\//;
const READS_ENVIRONMENT = /^(server\/config|otel|demo|scripts|e2e|bench)\/|^[^/]+$/;
const TEST = /\.(test|test-support|contract|spec)\.tsx?$/;

/** Globals that answer differently each time, or reach out of the process. */
const EFFECTS = new Set(['fetch', 'performance', 'queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout']);
const EFFECTFUL_MEMBERS = new Set(['Date.now', 'Math.random', 'crypto.randomUUID', 'crypto.getRandomValues']);
const RANDOM_IMPORTS = new Set(['randomUUID', 'randomBytes', 'randomInt', 'randomFillSync']);

/** Parsing costs milliseconds a file: only files that hold one of the words are parsed. */
const WORTH_PARSING =
  /\b(Date|random\w*|crypto|performance|process|fetch|queueMicrotask|set(Immediate|Interval|Timeout))\b/;

/**
 * The breaches in one file. `file` is its path in the project with forward slashes.
 * @param {string} file
 * @param {string} text
 * @returns {{ line: number, what: string }[]}
 */
export function findImpurities(file, text) {
  const pure = PURE.test(file) && !TEST.test(file);
  const noEnvironment = !READS_ENVIRONMENT.test(file) && !TEST.test(file);
  if (!(pure || noEnvironment) || !WORTH_PARSING.test(text)) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {{ line: number, what: string }[]} */
  const found = [];
  /** @param {ts.Node} node @returns {void} */
  const visit = (node) => {
    const what = (pure ? effectOf(node) : null) ?? (noEnvironment ? environmentRead(node) : null);
    if (what !== null) found.push({ line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, what });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** @param {ts.Node} node @returns {string | null} */
function effectOf(node) {
  if (ts.isPropertyAccessExpression(node) && EFFECTFUL_MEMBERS.has(node.getText()))
    return `${node.getText()} in a pure folder`;
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0) {
    return 'new Date() without an argument in a pure folder';
  }
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date() in a pure folder';
  if (ts.isIdentifier(node) && EFFECTS.has(node.text) && isValue(node)) return `${node.text} in a pure folder`;
  if (ts.isImportSpecifier(node) && RANDOM_IMPORTS.has((node.propertyName ?? node.name).text)) {
    return `${node.getText()} in a pure folder`;
  }
  return null;
}

/** `process.env`, `process['env']` and `const { env } = process`; also the whole module `node:process`. @param {ts.Node} node @returns {string | null} */
function environmentRead(node) {
  const message = 'process.env outside of server/config';
  if (ts.isPropertyAccessExpression(node) && /^(globalThis\.)?process\.env$/.test(node.getText())) return message;
  if (ts.isElementAccessExpression(node) && /^process\[\W?env\W?\]$/.test(node.getText())) return message;
  if (
    ts.isVariableDeclaration(node) &&
    node.initializer?.getText() === 'process' &&
    /\benv\b/.test(node.name.getText())
  )
    return message;
  if (ts.isImportSpecifier(node) && (node.propertyName ?? node.name).text === 'env') return message;
  return null;
}

/** An identifier used as a value: not a member (`x.fetch`), a declaration's name, or a key. @param {ts.Identifier} node */
function isValue(node) {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return ts.isCallExpression(parent) || ts.isVariableDeclaration(parent)
    ? !('name' in parent && parent.name === node)
    : false;
}

async function main() {
  const files = trackedFiles(/\.tsx?$/);
  let breaches = 0;
  for (const file of files) {
    for (const { line, what } of findImpurities(file, await readFile(file, 'utf8'))) {
      breaches += 1;
      console.log(`${file}:${line}  ${what}`);
    }
  }
  if (breaches > 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1] ?? '')).href) await main();
