import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const read = (file: string) => readFileSync(file, 'utf8');
const filesOf = (folder: string, ending: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => path.join(folder, name));

const SHEETS = filesOf('app', /\.css$/).map((file) => ({
  file,
  text: read(file).replace(/\/\*[\s\S]*?\*\//g, ''),
}));
const CODE = ['app', 'components']
  .flatMap((folder) => filesOf(folder, /\.tsx?$/))
  .map(read)
  .join('\n');

test('a class is begun in one stylesheet: two pages that name two things alike would draw each other', () => {
  const homes = new Map<string, string[]>();
  for (const { file, text } of SHEETS) {
    for (const name of new Set([...text.matchAll(/^ {2}\.([\w-]+) \{/gm)].map(([, name = '']) => name))) {
      homes.set(name, [...(homes.get(name) ?? []), file]);
    }
  }
  expect([...homes].filter(([, files]) => files.length > 1)).toEqual([]);
});

/** Made of a word and what is known when it is drawn, or drawn by a library. */
const MADE = /^(st|mk|ln|react-flow|recharts)[-_]/;

test('a class that is styled is used somewhere', () => {
  const styled = new Set(
    SHEETS.flatMap(({ text }) => [...text.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name = '']) => name)),
  );
  expect(
    [...styled].filter((name) => !MADE.test(name) && !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(CODE)),
  ).toEqual([]);
});

test('a class that belongs to one page by its name is styled', () => {
  const named = [...CODE.matchAll(/className=(?:"|\{`)([^"`]*)/g)].flatMap(([, text = '']) => text.split(/\s+/));
  const own = new Set(named.filter((name) => /^(vio|dead|al|lat|flow)-[\w-]+$/.test(name)));
  const styles = SHEETS.map(({ text }) => text).join('\n');
  expect([...own].filter((name) => !styles.includes(`.${name}`))).toEqual([]);
});
