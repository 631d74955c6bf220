import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { addressTrouble, type Network } from './address-trouble.ts';

/** The addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** The address behind a receiver's is none that may be sent to. */
export class ForbiddenAddressError extends Error {
  readonly code = 'forbidden_address';
}

/** Addresses of one name that are tried. */
const MOST_ADDRESSES = 8;

/**
 * Connects only to addresses that may be sent to. A name is resolved once for each connection, and the very addresses
 * that were looked at are those that are connected to: a name that changes its mind in between gains nothing.
 */
export function guardedConnect(
  allowed: readonly Network[],
  { resolve, timeoutMs }: { readonly resolve: Resolve; readonly timeoutMs: number },
): buildConnector.connector {
  const resolveGuarded: LookupFunction = (host, _options, callback) => {
    resolve(host).then(
      (addresses) => {
        const good = addresses.filter((address) => addressTrouble(address, allowed) === null).slice(0, MOST_ADDRESSES);
        const [first] = addresses;
        if (good.length > 0)
          return callback(
            null,
            good.map((address) => ({ address, family: isIP(address) })),
          );
        const trouble = first === undefined ? 'has no address' : forbidden(host, first, allowed).message;
        callback(first === undefined ? noAddress(host) : new ForbiddenAddressError(trouble), []);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), []),
    );
  };
  const connect = buildConnector({ lookup: resolveGuarded, timeout: timeoutMs, autoSelectFamily: true });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // A literal address is connected to without being looked up.
    if (isIP(host) !== 0 && addressTrouble(host, allowed) !== null)
      return callback(forbidden(host, host, allowed), null);
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      const reached = socket.remoteAddress ?? '';
      if (addressTrouble(reached, allowed) === null) return callback(null, socket);
      socket.destroy();
      callback(forbidden(host, reached, allowed), null);
    });
  };
}

function forbidden(host: string, address: string, allowed: readonly Network[]): ForbiddenAddressError {
  const trouble = addressTrouble(address, allowed) ?? 'may not be sent to';
  const subject = host === address ? address : `${host} is at ${address}, which`;
  return new ForbiddenAddressError(
    `${subject} ${trouble}. Networks of your own are named in THROUGHLINE_ALLOWED_RECEIVER_NETWORKS`,
  );
}

function noAddress(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
}
