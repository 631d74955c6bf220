// @ts-check
// `npm run check`: everything that needs no service, in seconds.
import { runParts } from './parts.mjs';
import { pureTests, staticParts } from './static-parts.mjs';

const started = performance.now();
const results = await runParts([pureTests, ...staticParts()], 3);
const failed = results.filter(({ ok }) => !ok);
console.log(
  `${failed.length === 0 ? 'All fine' : `Failed: ${failed.map(({ name }) => name).join(', ')}`}, ${((performance.now() - started) / 1000).toFixed(1)} s`,
);
if (failed.length > 0) process.exitCode = 1;
