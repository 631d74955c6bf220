import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Registered {
  readonly schema: string;
  readonly schemaType?: string;
  readonly references?: readonly unknown[];
}

/** A schema registry of exactly the routes that producers and the tap call, in memory. */
export async function startRegistryStandIn(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const byId: Registered[] = [];
  const bySubject = new Map<string, number[]>();
  const server = createServer(async (request, response) => {
    const answer = (body: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
      response.end(JSON.stringify(body));
    };
    const [, kind = '', name = '', , version = ''] = `${request.url}`.split('/').map(decodeURIComponent);
    const versions = bySubject.get(name) ?? [];
    if (request.method === 'POST') {
      const id = byId.push(JSON.parse(await bodyOf(request)) as Registered);
      bySubject.set(name, [...versions, id]);
      return answer({ id });
    }
    const id = kind === 'subjects' ? (versions[Number(version) - 1] ?? 0) : Number(`${request.url}`.split('/')[3]);
    const found = byId[id - 1];
    if (found === undefined) return answer({ error_code: kind === 'subjects' ? 40401 : 40403 }, 404);
    return answer(kind === 'subjects' ? { subject: name, version: Number(version), id, ...found } : found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
