import { expect, test } from 'vitest';
import { shownAddress } from './receiver-url.ts';

test.each([
  ['https://hooks.example.com/omninode', 'https://hooks.example.com/omninode'],
  ['https://hooks.example.com/a?key=topsecret', 'https://hooks.example.com/a?…'],
  ['https://hooks.example.com/', 'https://hooks.example.com/'],
  ['https://discord.example/api/webhooks/123/topsecret', 'https://discord.example/api/…'],
  ['https://hooks.example.com/hooks/catch/1/topsecret/?x=1', 'https://hooks.example.com/hooks/…?…'],
  ['https://hooks.example.com/T0PSECRET', 'https://hooks.example.com/…'],
  ['https://hooks.example.com/0b6cbb1e7a5f4e0a/x', 'https://hooks.example.com/…'],
  ['https://hooks.example.com/topsecrettopsecrettopsecret', 'https://hooks.example.com/…'],
])('of the address of a webhook nothing is shown that may be a token: %s', (url, shown) => {
  expect(shownAddress('webhook', url)).toBe(shown);
});

test('of that of Slack the host alone is shown', () => {
  expect(shownAddress('slack', 'https://hooks.slack.example/services/topsecret?x')).toBe(
    'https://hooks.slack.example/…',
  );
});
