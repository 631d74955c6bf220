import type { SecretPlace } from '../model/receiver.ts';
import { receiverUrlTrouble } from '../model/receiver-url.ts';
import { secretTrouble } from '../model/signing-secret.ts';
import type { DeliveryStore, DeliveryTry } from '../ports/deliveries.ts';
import type { Outgoing, Send, SendOutcome } from '../ports/send.ts';
import { RETRY_MS, retryAfterMs, retryAt } from './notify/retry-at.ts';
import { signedHeaders } from './notify/sign.ts';

export interface DeliverDeps {
  readonly store: DeliveryStore;
  readonly send: Send;
  /** The secret that stands in a file or in the environment; throws a `SecretError` when there is none. */
  readonly readSecret: (place: SecretPlace) => string;
  /** Epoch ms. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  onWorked(): void;
  /** Pauses before the next try; the last failure gives up. */
  readonly retryMs?: readonly number[];
}

/** A receiver cannot be sent to as it is declared; the message is a sentence for the delivery's log. */
export class SecretError extends Error {
  readonly code = 'secret';
}

const AGENT = 'Throughline';

/**
 * The task that tries a delivery once. A try is noted before it is made, so whoever comes after a kill sends again, with
 * the same id and the same bytes. What the store cannot do is thrown, and the job comes back.
 */
export function createDeliverTask(deps: DeliverDeps): (id: string, signal: AbortSignal) => Promise<void> {
  const { store, retryMs = RETRY_MS } = deps;
  return async (id, signal) => {
    const delivery = await store.begin(id);
    if (delivery === null) return deps.onWorked();
    const result = await attempt(delivery, deps, signal);
    const now = deps.now();
    // The process stops: the next one takes over at once, and nothing is held against the receiver.
    if (signal.aborted && result.outcome === 'failed') {
      const lost = { ...result, outcome: 'lost', nextTryAt: now, asked: false, gone: false } as const;
      return store.note(delivery, lost);
    }
    const gone = result.status === 410;
    const askedMs = retryAfterMs(result.retryAfter, now);
    const again = () => retryAt(delivery.failures + 1, { now, jitter: deps.random(), askedMs }, retryMs);
    const nextTryAt = result.outcome === 'delivered' || gone ? null : again();
    await store.note(delivery, { ...result, nextTryAt, asked: nextTryAt !== null && askedMs > 0, gone });
    deps.onWorked();
  };
}

async function attempt(delivery: DeliveryTry, deps: DeliverDeps, signal: AbortSignal): Promise<SendOutcome> {
  try {
    return await deps.send(outgoing(delivery, deps), signal);
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    return {
      ...{ outcome: 'failed', status: null, sentence: error.message, excerpt: null, retryAfter: null, latencyMs: 0 },
    };
  }
}

function outgoing({ id, body, receiver }: DeliveryTry, { readSecret, now }: DeliverDeps): Outgoing {
  const told = (value: string | SecretPlace) => (typeof value === 'string' ? value : readSecret(value));
  const url = told(receiver.url);
  const badUrl = receiverUrlTrouble(url);
  if (badUrl !== null) throw new SecretError(`The address of the receiver ${badUrl}.`);
  const secret = receiver.secret === null ? null : told(receiver.secret);
  const badSecret = secret === null ? null : secretTrouble(secret);
  if (badSecret !== null) throw new SecretError(`The signing secret of the receiver ${badSecret}.`);
  const signed = secret === null ? { 'webhook-id': id } : signedHeaders(secret, { id, atMs: now(), body });
  return {
    url,
    headers: { ...receiver.headers, 'content-type': 'application/json', 'user-agent': AGENT, ...signed },
    body,
  };
}
