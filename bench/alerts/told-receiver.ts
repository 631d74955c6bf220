import { Webhook } from 'standardwebhooks';
import { SECRET, startReceiver } from '../../e2e/support/webhook-receiver.ts';

/** One alert that a receiver was told of. */
export interface Told {
  readonly queue: string;
  readonly status: string;
  readonly webhookId: string;
  /** Epoch ms, once the whole request was there. */
  readonly at: number;
}

interface Body {
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

/** A receiver that takes everything; the library of Standard Webhooks verifies each request. */
export async function startToldReceiver() {
  const told: Told[] = [];
  const unverified: string[] = [];
  const receiver = await startReceiver((response, { id, text, headers }) => {
    const at = Date.now();
    try {
      new Webhook(SECRET).verify(text, headers as Record<string, string>);
    } catch (error) {
      unverified.push(`${id}: ${error}`);
    }
    for (const { status, labels } of (JSON.parse(text) as Body).alerts)
      told.push({ queue: labels.queue ?? '', status, webhookId: id, at });
    response.end();
  });
  return {
    url: receiver.url,
    close: receiver.close,
    /** What it was told of a queue in that state, in order. */
    of: (queue: string, status: 'firing' | 'resolved') =>
      told.filter((each) => each.queue === queue && each.status === status),
    get requests() {
      return receiver.got.length;
    },
    /** Requests whose signature is none, with the library's reason. */
    unverified,
  };
}
