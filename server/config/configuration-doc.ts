import { z } from 'zod';
import { VARIABLE_NAMES, variableFacts } from './environment.ts';
import { settingsFileSchema } from './settings-file.ts';

/** The text of `docs/configuration.md`, made from the schemas. */
export function configurationDoc(): string {
  return `${[
    '# Configuration',
    '',
    'Made from the schemas in `server/config` by `node scripts/write-configuration-doc.mjs`; a test fails when it is stale.',
    '',
    'The environment comes first, then `throughline.yaml`, then the default. Secrets can also be given as `NAME_FILE`, the',
    'path of a file that holds the value; setting both is an error. Unknown names are refused with the nearest right one,',
    'every problem of a start is reported at once, and the effective configuration is written to `logs/start.log` in the',
    'data folder with secrets left out.',
    ...variableTables(),
    '',
    '## `throughline.yaml`',
    '',
    '| key | type | meaning |',
    '|---|---|---|',
    ...settingsRows(z.toJSONSchema(settingsFileSchema, { io: 'input', unrepresentable: 'any' }), ''),
    '',
    '## Options of `npm start`',
    '',
    'After `--`, for the demo: `--demo` (also on a named cluster, to which it then writes), `--no-demo`, `--without NAME`,',
    '`--wrong-producer`, `--poison`, `--truth FILE`.',
    '',
    '## OpenTelemetry',
    '',
    'The standard `OTEL_*` variables are handed to tap, web and demo as they are.',
  ].join('\n')}\n`;
}

function variableTables(): string[] {
  const groups = new Map<string, string[]>();
  for (const name of VARIABLE_NAMES) {
    const { group, description, standard, secret } = variableFacts(name);
    const row = `| \`${name}\`${secret ? ` or \`${name}_FILE\`` : ''} | ${description} | ${standard} |`;
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  return [...groups].flatMap(([group, rows]) => [
    '',
    `## ${group}`,
    '',
    '| variable | meaning | default |',
    '|---|---|---|',
    ...rows,
  ]);
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

function settingsRows(schema: JsonSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    if (typeof child === 'boolean') return [];
    const name = `${prefix}${key}`;
    const items = Array.isArray(child.items) ? undefined : child.items;
    if (child.type === 'object') return settingsRows(child, `${name}.`);
    if (typeof items === 'object' && items.type === 'object') return settingsRows(items, `${name}[].`);
    return [`| \`${name}\` | ${child.type === 'array' ? 'list' : 'text'} | ${child.description ?? ''} |`];
  });
}
