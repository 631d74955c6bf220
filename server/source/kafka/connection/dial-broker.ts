import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect as connectTls, type PeerCertificate } from 'node:tls';
import { type AddressMap, type HostPort, reachableAddress } from './broker-address.ts';
import type { SocketRequest } from './kafkajs-internals.ts';

/** A broker answered a plain connection with a TLS alert. */
export class TlsExpectedError extends Error {
  readonly code = 'tls_expected';
}

/** Something else than a broker listens there. */
export class NotKafkaError extends Error {
  readonly code = 'not_kafka';
}

/** Opens the sockets of one broker's connections for kafkajs, and knows how far the last one came. */
export interface BrokerDialler {
  dial(request: SocketRequest): Socket;
  /** `dial`: no socket yet; `tls`: the socket stands, the handshake does not; `open`: ready for requests. */
  readonly reached: 'dial' | 'tls' | 'open';
  /** The error that ended the last socket; kafkajs hands on its code alone. */
  readonly failure: Error | null;
}

const KEEP_ALIVE_MS = 60_000;

/**
 * Dials where `map` says the broker is reached. Its certificate may name the broker's own address or that one: the
 * operator wrote down both.
 */
export function createBrokerDialler(map: AddressMap | undefined): BrokerDialler {
  let reached: BrokerDialler['reached'] = 'dial';
  let failure: Error | null = null;
  return {
    dial({ host, port, ssl, onConnect }) {
      const target = reachableAddress({ host, port }, map);
      reached = 'dial';
      failure = null;
      const opened = (): void => {
        reached = 'open';
        onConnect();
      };
      const socket = ssl ? connectTls(tlsOptions(host, target, ssl), opened) : connectPlain({ ...target }, opened);
      if (ssl) {
        socket.once('connect', () => {
          reached = 'tls';
        });
      }
      socket.once('data', (bytes: Buffer) => {
        const stranger = strangerIn(bytes);
        if (stranger !== null) socket.destroy(stranger);
      });
      socket.once('error', (error) => {
        failure = error;
      });
      return socket.setKeepAlive(true, KEEP_ALIVE_MS);
    },
    get reached() {
      return reached;
    },
    get failure() {
      return failure;
    },
  };
}

function tlsOptions(host: string, target: HostPort, ssl: ConnectionOptions): ConnectionOptions {
  const named = isIP(host) === 0 ? host : target.host;
  const check = (_: string, certificate: PeerCertificate): Error | undefined => {
    const wrong = checkServerIdentity(host, certificate);
    return wrong !== undefined && host !== target.host ? checkServerIdentity(target.host, certificate) : wrong;
  };
  return { ...target, ...(isIP(named) === 0 && { servername: named }), checkServerIdentity: check, ...ssl };
}

/** Any text begins with four bytes above this, and no answer of a broker is half a gigabyte long. */
const FIRST_TEXT = 0x20000000;

/** kafkajs would take these first bytes for the length of an answer, and wait for the rest of its hundreds of MB. */
function strangerIn(bytes: Buffer): Error | null {
  if (bytes.length < 4) return null;
  if (bytes[0] === 0x15 && bytes[1] === 0x03) return new TlsExpectedError('the broker speaks TLS');
  return bytes.readUInt32BE(0) >= FIRST_TEXT ? new NotKafkaError('no broker answers there') : null;
}
