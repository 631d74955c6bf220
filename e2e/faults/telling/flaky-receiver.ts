import { Webhook } from 'standardwebhooks';
import { SECRET, startReceiver } from '../../support/webhook-receiver.ts';
import type { ToldRequest } from '../check/compare-told.ts';

/** A request that is not answered yet. */
export interface HeldRequest {
  /** Answers that it was taken. */
  take(): void;
}

/** A receiver that fails half of the time. */
export interface FlakyReceiver {
  readonly url: string;
  readonly requests: readonly ToldRequest[];
  /** Requests whose signature is none. */
  readonly unsigned: readonly string[];
  /** The next request that would be taken is handed over instead of being answered. */
  holdNext(): Promise<HeldRequest>;
  close(): Promise<void>;
}

/**
 * The first try of each delivery fails, by an error and by a broken connection in turn; later ones are taken. It is known
 * by its body: a sender that makes up another id is to be seen, not refused for ever.
 */
export async function startFlakyReceiver(): Promise<FlakyReceiver> {
  const requests: { -readonly [Key in keyof ToldRequest]: ToldRequest[Key] }[] = [];
  const unsigned: string[] = [];
  const seen = new Set<string>();
  let hold: ((held: HeldRequest) => void) | null = null;
  const receiver = await startReceiver((response, { id, text, headers }) => {
    try {
      new Webhook(SECRET).verify(text, headers as Record<string, string>);
    } catch (error) {
      unsigned.push(`${id}: ${error}`);
    }
    const { alerts } = JSON.parse(text) as Pick<ToldRequest, 'alerts'>;
    const request = { webhookId: id, text, alerts, taken: false };
    requests.push(request);
    if (!seen.has(text)) {
      seen.add(text);
      if (seen.size % 2 === 0) response.socket?.destroy();
      else response.writeHead(500).end();
      return;
    }
    const take = (): void => {
      request.taken = true;
      response.end();
    };
    if (hold === null) return take();
    hold({ take });
    hold = null;
  });
  return {
    ...{ url: receiver.url, close: receiver.close, requests, unsigned },
    holdNext: () =>
      new Promise((resolve) => {
        hold = resolve;
      }),
  };
}
