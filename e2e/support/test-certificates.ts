import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One certificate with its key, as files and as text. The key is PKCS #8, not encrypted. */
export interface TestCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** An authority of one's own, made with openssl in a folder of the test. */
export interface TestAuthority extends TestCertificate {
  /** Signs a certificate. `names` are its DNS names; without any it is a client's. */
  issue(commonName: string, names?: readonly string[]): TestCertificate;
}

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes an authority; `name` is its common name and the name of its files. */
export function createTestAuthority(folder: string, name = 'authority'): TestAuthority {
  const authority = makeCertificate(folder, name, [
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign',
  ]);
  return {
    ...authority,
    issue(commonName, names = []) {
      const signer = ['-CA', authority.certFile, '-CAkey', authority.keyFile];
      const alternatives = names.map((dns) => `DNS:${dns}`).join(',');
      const extensions = names.length === 0 ? [] : ['-addext', `subjectAltName=${alternatives}`];
      return makeCertificate(folder, commonName, [...signer, '-addext', 'basicConstraints=CA:FALSE', ...extensions]);
    },
  };
}

/** Encrypts a key with a password, beside the file of the plain one. */
export function encryptKey({ keyFile }: TestCertificate, password: string): string {
  const encrypted = `${keyFile}.encrypted`;
  openssl(['pkcs8', '-topk8', '-in', keyFile, '-passout', `pass:${password}`, '-out', encrypted]);
  return encrypted;
}

function makeCertificate(folder: string, name: string, more: readonly string[]): TestCertificate {
  const certFile = path.join(folder, `${name}.pem`);
  const keyFile = path.join(folder, `${name}.key`);
  // The machine's own openssl.cnf would add an authority's extensions to every certificate.
  const config = path.join(folder, 'openssl.cnf');
  writeFileSync(config, '[req]\ndistinguished_name=dn\nprompt=no\n[dn]\n');
  const subject = ['-subj', `/CN=${name}`, '-days', '2', '-config', config];
  openssl(['req', '-x509', ...EC_KEY, ...subject, ...more, '-keyout', keyFile, '-out', certFile]);
  return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
