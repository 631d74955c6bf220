import { ForbiddenAddressError } from './guarded-connect.ts';

/** What is said of the errors of sockets, names and TLS, by their codes. */
const SENTENCES: Readonly<Record<string, (host: string) => string>> = {
  ECONNREFUSED: (host) => `Nothing listens at ${host}.`,
  ECONNRESET: (host) => `${host} closed the connection before an answer came.`,
  EPIPE: (host) => `${host} closed the connection before an answer came.`,
  UND_ERR_SOCKET: (host) => `${host} closed the connection before an answer came.`,
  UND_ERR_CONNECT_TIMEOUT: (host) => `${host} was not reached in time.`,
  ETIMEDOUT: (host) => `${host} was not reached in time.`,
  EHOSTUNREACH: (host) => `No way leads to ${host}.`,
  ENETUNREACH: (host) => `No way leads to ${host}.`,
  ENOTFOUND: (host) => `The name of ${host} has no address.`,
  EAI_AGAIN: (host) => `The name of ${host} could not be looked up just now.`,
  UND_ERR_HEADERS_OVERFLOW: (host) => `${host} answered with more than 16 KB of headers.`,
  UND_ERR_ABORTED: () => 'The try was given up because the process stops.',
};

/** Why nothing came back, as a sentence that names the host and never the rest of the address. */
export function sayFailure(
  error: unknown,
  host: string,
): { readonly outcome: 'failed' | 'forbidden'; readonly sentence: string } {
  if (error instanceof ForbiddenAddressError) return { outcome: 'forbidden', sentence: `${error.message}.` };
  const code = codeOf(error);
  const sentence = Object.hasOwn(SENTENCES, code) ? SENTENCES[code]?.(host) : undefined;
  return { outcome: 'failed', sentence: sentence ?? otherwise(code, host) };
}

function otherwise(code: string, host: string): string {
  if (code.startsWith('HPE_') || code === 'HTTPParserError') return `What ${host} answered is no HTTP (${code}).`;
  if (/CERT|SELF_SIGNED|^ERR_(SSL|TLS)/.test(code))
    return `The certificate or TLS of ${host} is not accepted (${code}).`;
  return `${host} could not be sent to (${code}).`;
}

/** The code of an error, or of the first of several that it stands for. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && !('code' in error && error.code)) return codeOf(error.errors[0]);
  if (error instanceof Error && error.name === 'AbortError') return 'UND_ERR_ABORTED';
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}
