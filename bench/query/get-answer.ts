import http from 'node:http';
import { gunzipSync } from 'node:zlib';

/** One connection that is kept, as a browser keeps it. */
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/** An answer, and how long it took until its last byte was here. */
export interface HttpAnswer {
  readonly ms: number;
  readonly body: string;
}

/**
 * Gets an answer as a browser does, packed. By Node's own client: `fetch` takes twice its processor time, of two cores that
 * the asked ones share. Rejects where the status is not 200.
 */
export function getAnswer(target: string): Promise<HttpAnswer> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.get(target, { agent, headers: { 'accept-encoding': 'gzip' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const ms = performance.now() - began;
        const bytes = Buffer.concat(chunks);
        const body = (response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
        if (response.statusCode === 200) resolve({ ms, body });
        else reject(new Error(`${target}: ${response.statusCode} ${body.slice(0, 300)}`));
      });
    });
    request.once('error', reject);
  });
}
