import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SchemaFile } from './schema-document.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../schemas');

/** The schema files that are shipped. */
export function shippedSchemas(): SchemaFile[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({
      name: name.replaceAll('\\', '/'),
      text: readFileSync(path.join(FOLDER, name), 'utf8'),
      origin: 'built in',
    }));
}
