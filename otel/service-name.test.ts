import { expect, test } from 'vitest';
import { serviceNameOf } from './service-name.ts';

test.each([
  ['/opt/throughline/dist/main/tap.js', 'throughline-tap'],
  ['/opt/throughline/dist/demo/ask.js', 'throughline-demo-ask'],
  ['web.ts', 'throughline-web'],
  [undefined, 'throughline'],
])('the process of %s is %s', (file, name) => expect(serviceNameOf(file)).toBe(name));
