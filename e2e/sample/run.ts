import { serveSample } from './serve-sample.ts';

// The pages over sample data, to look at: `node scripts/sample.mjs [port] [empty | stopped | extra topics]`.
const [port = '3210', what = ''] = process.argv.slice(2);
const server = await serveSample(Number(port), {
  empty: what === 'empty',
  stopped: what === 'stopped',
  extraTopics: Number(what) || 0,
});
console.log(`sample data at ${server.url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
