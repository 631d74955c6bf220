import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import ipaddr from 'ipaddr.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { receiverUrlTrouble } from '../../model/receiver-url.ts';
import { addressTrouble } from './address-trouble.ts';
import { createSender } from './create-sender.ts';

/** Listens on every address of this machine, so that whatever gets past the guard is heard. */
let server: Server;
let port: number;
let heard: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    heard.push(request.socket.localAddress ?? '');
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => {
  heard = [];
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const never = new AbortController().signal;

/** The names of a test; a name that is not here has no address. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'loopback.test': ['127.0.0.1'],
  'six.test': ['::1'],
  'private.test': ['10.0.0.7'],
  'metadata.test': ['169.254.169.254'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'translated.test': ['64:ff9b::7f00:1'],
  'mixed.test': ['10.0.0.7', '127.0.0.1', 'fe80::1'],
  localhost: ['127.0.0.1', '::1'],
};

const send = (host: string, allow: readonly string[] = [], resolve = async (name: string) => NAMES[name] ?? []) =>
  createSender({ allowed: allow.map((cidr) => ipaddr.parseCIDR(cidr)), resolve })(
    { url: `http://${host}:${port}/hook`, headers: {}, body: '{}' },
    never,
  );

describe('an address that leads inside is refused before anything is sent', () => {
  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback, elsewhere in its network', '127.8.9.10'],
    ['loopback as one decimal number', '2130706433'],
    ['loopback in octal', '0177.0.0.1'],
    ['loopback in hexadecimal', '0x7f.0x0.0x0.0x1'],
    ['loopback with parts left out', '127.1'],
    ['loopback in full-width digits', '１２７.０.０.１'],
    ['this machine by zeros', '0.0.0.0'],
    ['loopback of IPv6', '[::1]'],
    ['no address of IPv6', '[::]'],
    ['IPv4-mapped loopback', '[::ffff:127.0.0.1]'],
    ['IPv4-compatible loopback', '[::127.0.0.1]'],
    ['loopback behind NAT64', '[64:ff9b::127.0.0.1]'],
    ['loopback behind 6to4', '[2002:7f00:1::1]'],
    ['private, 10/8', '10.0.0.7'],
    ['private, 172.16/12', '172.31.255.1'],
    ['private, 192.168/16', '192.168.1.1'],
    ['shared, 100.64/10', '100.100.100.200'],
    ['link-local and metadata', '169.254.169.254'],
    ['metadata of IPv6', '[fd00:ec2::254]'],
    ['link-local of IPv6', '[fe80::1]'],
    ['a cloud’s public number for its own', '168.63.129.16'],
    ['multicast', '239.1.1.1'],
    ['broadcast', '255.255.255.255'],
    ['a name of loopback', 'loopback.test'],
    ['the name of this machine', 'localhost'],
    ['a name of IPv6 loopback', 'six.test'],
    ['a name of a private address', 'private.test'],
    ['a name of metadata', 'metadata.test'],
    ['a name of a mapped address', 'mapped.test'],
    ['a name of a translated address', 'translated.test'],
    ['a name of several, none of them public', 'mixed.test'],
  ])('%s: %s', async (_, host) => {
    expect(await send(host)).toMatchObject({ outcome: 'forbidden', status: null });
    expect(heard).toEqual([]);
  });
});

describe('a network that the environment names is sent to', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1/32'],
    ['2130706433', '127.0.0.0/8'],
    ['[::1]', '::1/128'],
    ['[::ffff:127.0.0.1]', '127.0.0.1/32'],
    ['loopback.test', '127.0.0.1/32'],
  ])('%s by %s', async (host, allow) => {
    expect(await send(host, [allow])).toMatchObject({ outcome: 'delivered', status: 200, excerpt: 'ok' });
    expect(heard).toHaveLength(1);
  });

  it('and no other: neither its neighbours, nor the same address by another way', async () => {
    expect(await send('127.0.0.2', ['127.0.0.1/32'])).toMatchObject({ outcome: 'forbidden' });
    expect(await send('translated.test', ['127.0.0.0/8'])).toMatchObject({ outcome: 'forbidden' });
    expect(heard).toEqual([]);
  });
});

test('a name that changes its answer is connected to where it was looked at, or not at all', async () => {
  const answers = [['127.0.0.2'], ['127.0.0.1'], ['127.0.0.2']];
  let asked = 0;
  const resolve = async () => answers[asked++] ?? [];
  // 127.0.0.2 stands for the public address of the first answer, 127.0.0.1 for loopback behind it.
  const allow = ['127.0.0.2/32'];
  expect(await send('rebinding.test', allow, resolve)).toMatchObject({ outcome: 'delivered' });
  expect(asked).toBe(1);
  expect(await send('rebinding.test', allow, resolve)).toMatchObject({ outcome: 'forbidden' });
  expect(asked).toBe(2);
  expect(heard).toEqual(['::ffff:127.0.0.2']);
});

test('of several addresses only those that may be sent to are tried', async () => {
  const resolve = async () => ['127.0.0.1', '127.0.0.3', '::1'];
  expect(await send('several.test', ['127.0.0.3/32'], resolve)).toMatchObject({ outcome: 'delivered' });
  expect(heard).toEqual(['::ffff:127.0.0.3']);
});

test('public addresses may be sent to', () => {
  for (const address of ['8.8.8.8', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8']) {
    expect(addressTrouble(address, [])).toBeNull();
  }
  for (const address of ['', 'x', '3fff::1', '2001::1', '5f00::1', '4000::1', '198.18.0.1', '192.0.0.192']) {
    expect(addressTrouble(address, [])).not.toBeNull();
  }
});

test('an address with another scheme, or with a user in it, is no receiver’s', () => {
  for (const url of [
    'ftp://a/',
    'file:///etc/passwd',
    'gopher://a/',
    'http://user@a/',
    'https://u:p@a/',
    'a',
    `http://a/${'x'.repeat(2000)}`,
  ]) {
    expect(receiverUrlTrouble(url)).not.toBeNull();
  }
  expect(receiverUrlTrouble('https://hooks.example.com/a?b=c')).toBeNull();
});
