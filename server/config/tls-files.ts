import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { TlsConfig } from './kafka-config.ts';

/**
 * Why the PEM files of a TLS configuration cannot be used, one sentence each; `prefix` begins the names of its variables.
 * `readFile` may throw.
 */
export function tlsFileProblems(
  prefix: 'KAFKA' | 'SCHEMAREGISTRY',
  { caFilePath, client }: TlsConfig,
  readFile: (path: string) => string,
): string[] {
  const problems: string[] = [];
  const read = (name: string, file: string): string | null => {
    try {
      return readFile(file);
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      problems.push(`${name} names ${file}, which cannot be read (${why}). Correct the path or its permissions.`);
      return null;
    }
  };
  const ca = caFilePath === null ? null : read(`${prefix}_TLS_CAFILEPATH`, caFilePath);
  if (ca !== null && !holdsCertificate(ca)) problems.push(noCertificate(`${prefix}_TLS_CAFILEPATH`, caFilePath));
  if (client === null) return problems;
  const cert = read(`${prefix}_TLS_CERTFILEPATH`, client.certFilePath);
  const key = read(`${prefix}_TLS_KEYFILEPATH`, client.keyFilePath);
  if (cert === null || key === null) return problems;
  if (!holdsCertificate(cert)) problems.push(noCertificate(`${prefix}_TLS_CERTFILEPATH`, client.certFilePath));
  else if (!fits(cert, key, client.keyPassword)) {
    problems.push(
      `${prefix}_TLS_KEYFILEPATH names ${client.keyFilePath}, which is no PEM key of the certificate in ` +
        `${client.certFilePath}${client.keyPassword === null ? `, or an encrypted one: then set ${prefix}_TLS_KEYPASSWORD` : `, or ${prefix}_TLS_KEYPASSWORD is wrong`}.`,
    );
  }
  return problems;
}

function noCertificate(name: string, file: string | null): string {
  return `${name} names ${file}, which holds no PEM certificate. Name a file that begins with BEGIN CERTIFICATE.`;
}

function holdsCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== null;
  } catch {
    return false;
  }
}

function fits(cert: string, key: string, passphrase: string | null): boolean {
  try {
    createSecureContext({ cert, key, ...(passphrase !== null && { passphrase }) });
    return true;
  } catch {
    return false;
  }
}
