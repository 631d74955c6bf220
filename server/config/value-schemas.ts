import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { NO_DURATION, parseDuration } from '../model/duration-text.ts';

/** Where the tap begins in a partition it never read. */
export type TapStart =
  | { readonly kind: 'beginning' }
  | { readonly kind: 'end' }
  /** At the first record whose timestamp is at most this old. */
  | { readonly kind: 'ago'; readonly ms: number };

/** A duration above zero, in milliseconds. */
export const durationMs = z.string(NO_DURATION).transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  context.addIssue(NO_DURATION);
  return z.NEVER;
});

const UNIT_BYTES = { MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** A size on disk, in bytes. */
export const byteSize = z.string().transform((text, context) => {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)\s*(MB|GB|TB)$/.exec(text.trim());
  const unit = match?.[2];
  if (unit === 'MB' || unit === 'GB' || unit === 'TB') {
    const bytes = Math.round(Number(match?.[1]) * UNIT_BYTES[unit]);
    if (bytes > 0) return bytes;
  }
  context.addIssue('is no size; write a number and MB, GB or TB, e.g. 50GB');
  return z.NEVER;
});

/** `beginning`, `end` or a duration. */
export const tapStart = z.string().transform((text, context): TapStart => {
  if (text === 'beginning' || text === 'end') return { kind: text };
  const ms = parseDuration(text);
  if (ms !== null) return { kind: 'ago', ms };
  context.addIssue('must be "beginning", "end" or a duration such as 7d or 12h');
  return z.NEVER;
});

const BINARY = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 } as const;

/** Bytes a second such as `33554432`, `512KiB` or `32MiB`; null for `0` and `none`. */
export const byteRate = z.string().transform((text, context): number | null => {
  if (text === 'none' || text === '0') return null;
  const match = /^(\d{1,12})\s*(?:(k|m|g)(?:i?b)?)?$/i.exec(text.trim());
  const unit = match?.[2]?.toLowerCase() ?? '';
  if (match !== null && isBinary(unit) && Number(match[1]) > 0) return Number(match[1]) * BINARY[unit];
  context.addIssue('must be a number of bytes such as 33554432, 512KiB or 32MiB, or "none"');
  return z.NEVER;
});

function isBinary(unit: string): unit is keyof typeof BINARY {
  return unit in BINARY;
}

/** A TCP port that can be opened by name. */
export const port = z.string().transform((text, context) => {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= 65_535) return number;
  context.addIssue('must be a whole number from 1 to 65535');
  return z.NEVER;
});

/** How long a silent member stays in its group: a heartbeat is sent four times as often. */
export const sessionTimeoutMs = z.string().transform((text, context) => {
  const ms = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (ms >= 1000 && ms <= 1_800_000) return ms;
  context.addIssue('must be a whole number of milliseconds from 1000 to 1800000');
  return z.NEVER;
});

/** `true` or `false`, also `1`/`0` and `yes`/`no`. */
export const flag = z.string().transform((text, context) => {
  if (/^(true|1|yes)$/i.test(text)) return true;
  if (/^(false|0|no)$/i.test(text)) return false;
  context.addIssue('must be "true" or "false"');
  return z.NEVER;
});

/** A comma-separated list without empty entries. */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

/** `host:port,…` with at least one entry. */
export const brokers = list.pipe(
  z
    .array(
      z
        .string()
        .regex(
          /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5}$/,
          'must be a list of host:port, e.g. broker1:9092,broker2:9092',
        ),
    )
    .min(1, 'must name at least one broker as host:port'),
);

const MAPPED = /^(?<from>[^\s=]+)=(?<to>[^\s=]+)$/;

/** `advertised:port=reachable:port,…`; the keys in lower case. */
export const addressMap = list.transform((entries, context): ReadonlyMap<string, string> => {
  const map = new Map<string, string>();
  for (const entry of entries) {
    const { from = '', to = '' } = MAPPED.exec(entry)?.groups ?? {};
    if (!brokers.safeParse(from).success || !brokers.safeParse(to).success) {
      context.addIssue('must be a list of advertised:port=reachable:port, e.g. kafka:29092=localhost:9092');
      return z.NEVER;
    }
    if (map.has(from.toLowerCase())) {
      context.addIssue(`names ${from} twice`);
      return z.NEVER;
    }
    map.set(from.toLowerCase(), to);
  }
  return map;
});

/** An address that secrets may be sent to: nobody on the way can read them. */
export const secretUrl = z.string().refine((text) => {
  const url = tryUrl(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}, 'must be an https address without user and password (http only on loopback)');

/** `http(s)://…,…` */
export const httpUrls = list.pipe(
  z.array(z.string().refine(isHttpUrl, 'must be a list of http or https addresses')).min(1, 'must name an address'),
);

export const httpUrl = z.string().refine(isHttpUrl, 'must be an http or https address');

/** Names of hosts as a browser sends them in `Host`, without port. */
export const hostNames = list.pipe(
  z.array(z.string().regex(/^[a-z0-9.-]{1,253}$|^\[[0-9a-f:.]+\]$/i, 'must be a list of host names without port')),
);

/** Networks as `address/bits`; an address alone is a network of one. */
export const networks = list.transform((entries, context): readonly string[] => {
  const wrong = entries.find((entry) => !ipaddr.isValidCIDR(entry) && !isWholeAddress(entry));
  if (wrong === undefined) return entries.map(withBits);
  context.addIssue(
    `must be a list of networks, e.g. 10.1.0.0/16,127.0.0.1; ${JSON.stringify(wrong.slice(0, 80))} is none`,
  );
  return z.NEVER;
});

/** An address with all its parts: of those left out nobody knows which. */
function isWholeAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

function withBits(entry: string): string {
  if (entry.includes('/')) return entry;
  return `${entry}/${ipaddr.parse(entry).kind() === 'ipv4' ? 32 : 128}`;
}

/** An address that paths are put behind; without a slash at its end. */
export const baseUrl = z.string().transform((text, context) => {
  const url = tryUrl(text);
  const plain = url !== null && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (plain && isHttpUrl(text)) return url.href.replace(/\/+$/, '');
  context.addIssue('must be an http or https address without query, user and password');
  return z.NEVER;
});

export const postgresUrl = z.string().refine((text) => {
  const url = tryUrl(text);
  return url !== null && (url.protocol === 'postgres:' || url.protocol === 'postgresql:');
}, 'must look like postgres://user:password@host:5432/database (special characters in the password percent-encoded)');

/** True for an address that only this machine reaches. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

export const loopbackHost = z
  .string()
  .refine(
    isLoopback,
    'must be a loopback address such as 127.0.0.1: there is no sign-in yet. To reach Throughline from elsewhere use ' +
      'an SSH tunnel (ssh -L 3000:127.0.0.1:3000 this-machine) or a proxy on this machine that authenticates',
  );

function isHttpUrl(text: string): boolean {
  const url = tryUrl(text);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
}

function tryUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
