import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Registered {
  readonly schema: string;
  readonly schemaType?: string;
  readonly references?: readonly unknown[];
}

export interface RegistryStandIn {
  readonly url: string;
  /** While it is away every connection is cut. It keeps what was registered. */
  setAway(away: boolean): void;
  stop(): Promise<void>;
}

/** A schema registry of exactly the routes that producers and the tap call, in memory. */
export async function startRegistryStandIn(): Promise<RegistryStandIn> {
  const byId: Registered[] = [];
  const bySubject = new Map<string, number[]>();
  let away = false;
  const server = createServer(async (request, response) => {
    if (away) return void request.socket.destroy();
    const answer = (body: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
      response.end(JSON.stringify(body));
    };
    const [, kind = '', name = '', third = '', fourth = ''] = `${request.url}`.split('/').map(decodeURIComponent);
    const versions = bySubject.get(name) ?? [];
    if (request.method === 'POST') {
      const id = byId.push(JSON.parse(await bodyOf(request)) as Registered);
      bySubject.set(name, [...versions, id]);
      return answer({ id });
    }
    const id = kind === 'subjects' ? (versions[Number(fourth) - 1] ?? 0) : Number(third);
    const found = byId[id - 1];
    if (found === undefined) return answer({ error_code: kind === 'subjects' ? 40401 : 40403 }, 404);
    if (kind === 'subjects') return answer({ subject: name, version: Number(fourth), id, ...found });
    if (fourth === 'versions') return answer(subjectsWith(bySubject, id));
    answer(found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setAway(isAway) {
      away = isAway;
      if (away) server.closeAllConnections();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function subjectsWith(bySubject: ReadonlyMap<string, readonly number[]>, id: number) {
  return [...bySubject].flatMap(([subject, ids]) =>
    ids.flatMap((each, place) => (each === id ? [{ subject, version: place + 1 }] : [])),
  );
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
