import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../config/project-root.ts';
import { readCheckOptions } from './check-options.ts';
import type { Fetch } from './fetch-events.ts';
import type { CheckReport } from './report.ts';
import { runCheck } from './run-check.ts';

/** A folder of its own, with files in it. */
export interface Folder {
  readonly path: string;
  /** Writes a file, and the folders it is in; anything but a text or bytes as JSON. */
  write(name: string, content: unknown): void;
  /** Runs `check` inside of this process, in this folder. Throws for arguments that are refused. */
  check(args: readonly string[], deps?: { readonly stdin?: string; readonly fetch?: Fetch }): Promise<CheckReport>;
  /** Runs `throughline` as a process in this folder. */
  run(args: readonly string[], stdin?: string): Promise<{ code: number | null; out: string; err: string }>;
  remove(): void;
}

export function makeFolder(): Folder {
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-check-'));
  return {
    path: folder,
    write(name, content) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
    },
    check(args, { stdin = '', fetch = refuse } = {}) {
      const read = readCheckOptions(args);
      if (read.kind !== 'options') throw new Error(JSON.stringify(read));
      const input = async function* (): AsyncGenerator<Buffer> {
        yield Buffer.from(stdin);
      };
      return runCheck(read.options, { workingDir: folder, projectRoot: projectRoot(), stdin: input(), fetch });
    },
    run: (args, stdin = '') => run(folder, args, stdin),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const refuse: Fetch = () => Promise.reject(new Error('nobody is to be asked'));

function run(
  cwd: string,
  args: readonly string[],
  stdin: string,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [path.join(projectRoot(), 'scripts/throughline.mjs'), ...args], { cwd });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
  child.stdin.on('error', () => undefined).end(stdin);
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, out, err }));
  });
}

/** A stamp as a service of 2025 writes it; `hash` is what its schema asks for unless told otherwise. */
export function stamp(hash = 'a'.repeat(64)): object {
  return {
    correlation_id: '359b22eb-f374-55f6-8300-27deba80f794',
    event_type: 'METADATA_STAMP_CREATED',
    payload: {
      file_hash: hash,
      namespace: 'omninode.services.metadata',
      stamped_content: '',
      stamp_metadata: { quality_score: 0.87, onex_compliance_score: 0.92, patterns_detected: [], categories: [] },
    },
    timestamp: '2025-10-18T10:45:01.880Z',
    source_service: 'archon-bridge',
    version: '1.0.0',
  };
}

/** A schema of order events, at their root. */
export function orderSchema(version: string, rules: object, purpose: object = {}): object {
  return {
    'x-throughline': { event_types: ['shop.order.paid'], version, ...purpose },
    type: 'object',
    ...rules,
  };
}

/** An order event of the type that `orderSchema` is for. */
export function order(fields: object): object {
  return { correlation_id: 'c-1', event_id: 'e-1', event_type: 'shop.order.paid', ...fields };
}
