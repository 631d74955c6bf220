import { expect, test } from 'vitest';
import { entryPoints } from './entry-points.mjs';

test('the processes and their preload are bundled, and no test', () => {
  expect(entryPoints()).toEqual({
    'main/start': 'server/main/start.ts',
    'main/tap': 'server/main/tap.ts',
    'main/throughline': 'server/main/throughline.ts',
    'main/verify': 'server/main/verify.ts',
    'main/web': 'server/main/web.ts',
    'demo/ask': 'demo/ask.ts',
    'demo/answer': 'demo/answer.ts',
    'demo/persist': 'demo/persist.ts',
    'otel/preload': 'otel/preload.ts',
  });
});
