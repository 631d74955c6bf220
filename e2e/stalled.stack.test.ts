import { afterEach, describe, expect, it } from 'vitest';
import type { StallList } from '../server/model/stall-wire.ts';
import type { TraceDetail, TraceList } from '../server/model/wire.ts';
import { type StartedProduct, startBuiltProduct } from './support/started-product.ts';
import { until } from './support/until.ts';

const GROUP = 'demo.omninode-bridge.persist.consume.v1';
/** Conversations a minute: what is usual is known sooner than at the demo's own pace. */
const RATE = ['--rate', '90'];

let product: StartedProduct | null = null;
afterEach(async () => {
  await product?.stop();
  product = null;
});

async function get<T>(pathAndQuery: string): Promise<T> {
  const answer = await fetch(`${product?.url}/api/v1${pathAndQuery}`);
  if (!answer.ok) throw new Error(`${pathAndQuery} answered ${answer.status}`);
  return (await answer.json()) as T;
}

const stalls = () => get<StallList>('/stalls');
const seconds = (began: number) => ((performance.now() - began) / 1000).toFixed(1);

describe('a service that falls silent', () => {
  it('is named with its group and its owner within a minute, and what it left behind heals when it is back', async () => {
    product = await startBuiltProduct(RATE);
    // Finished, and long enough ago that they say what is usual.
    await until(
      'thirty conversations to be done for a minute',
      async () => (await get<TraceList>('/traces?status=done&to=-60s&limit=40')).traces.length >= 30,
      { timeoutMs: 180_000, everyMs: 1000 },
    );
    const healthy = await stalls();
    process.stdout.write(`healthy: ${healthy.total} stalled, ${healthy.tap_behind} not known\n`);
    expect(healthy.pairs.filter(({ missing }) => missing.event_type === 'workflow-started')).toEqual([]);
    await product.stop('keep');

    const { dataDir } = product;
    const silentAt = performance.now();
    product = await startBuiltProduct(['--without', 'persist', ...RATE], {}, dataDir);
    const readyS = seconds(silentAt);
    const pair = await until(
      'the stop to be named',
      async () => {
        const { pairs } = await stalls();
        return pairs.find(({ missing, count }) => missing.event_type === 'workflow-started' && count >= 3);
      },
      { timeoutMs: 60_000, everyMs: 250 },
    );
    process.stdout.write(`ready after ${readyS} s, named ${seconds(silentAt)} s after the start\n`);
    expect(pair).toMatchObject({
      step: { event_type: 'PATTERN_APPLIED', topic: 'pattern-applications' },
      missing: { service: 'omninode-bridge' },
      basis: { kind: 'declared', flow: 'Code generation' },
      whose: { service: 'omninode-bridge', owner: { team: 'workflows', contact: '#workflows' } },
    });
    expect(pair.basis.traces).toBeGreaterThanOrEqual(12);
    expect(pair.groups[0]).toMatchObject({ group: GROUP, state: 'silent', members: 0, of_service: true });
    expect(Number(pair.groups[0]?.lag)).toBeGreaterThan(0);
    const listed = await get<TraceList>('/traces?status=stalled');
    expect(listed.traces.length).toBeGreaterThan(0);
    const detail = await get<TraceDetail>(`/traces/key:${pair.oldest.trace_key}`);
    expect([detail.status, detail.owner?.owner?.team]).toEqual(['stalled', 'workflows']);
    await product.stop('keep');

    product = await startBuiltProduct(RATE, {}, dataDir);
    const backAt = performance.now();
    await until(
      'the stopped conversations to go on',
      async () => {
        const { pairs } = await stalls();
        return pairs.every(({ missing }) => missing.event_type !== 'workflow-started');
      },
      { timeoutMs: 120_000, everyMs: 250 },
    );
    process.stdout.write(`healed ${seconds(backAt)} s after it was back\n`);
    await until(
      'the one that waited longest to be done',
      async () => (await get<TraceDetail>(`/traces/key:${pair.oldest.trace_key}`)).status === 'done',
      { timeoutMs: 60_000, everyMs: 250 },
    );
  }, 600_000);

  it('is named in an empty folder too, by what is declared', async () => {
    product = await startBuiltProduct(['--without', 'persist', ...RATE]);
    const began = performance.now();
    const pair = await until(
      'the stop to be named',
      async () => {
        const { pairs } = await stalls();
        return pairs.find(({ missing }) => missing.event_type === 'workflow-started');
      },
      { timeoutMs: 60_000, everyMs: 250 },
    );
    process.stdout.write(`named ${seconds(began)} s after the first start was ready\n`);
    expect(pair).toMatchObject({
      step: { event_type: 'PATTERN_APPLIED' },
      basis: { kind: 'declared', traces: null, p95_ms: null },
      whose: { owner: { team: 'workflows' } },
    });
    expect(pair.groups[0]).toMatchObject({ group: GROUP, state: 'absent', of_service: true });
  }, 300_000);
});
