import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the deliveries of tests and benches are signed with. */
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** One request that a receiver got. */
export interface Got {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A receiver that speaks HTTP on loopback; what it answers is the caller's. */
export async function startReceiver(answer: (response: ServerResponse, got: Got, count: number) => void) {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const text = await textOf(request);
    if (text === null) return;
    const one = { id: String(request.headers['webhook-id']), headers: request.headers, text };
    got.push(one);
    answer(response, one, got.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    got,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Null of a sender that died in the middle: it has said nothing. */
async function textOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString();
}
