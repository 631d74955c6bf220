/** The address of an embedded PostgreSQL, with its password. */
export function embeddedUrl({ password, port }: { readonly password: string; readonly port: number }): string {
  return `postgres://throughline:${password}@127.0.0.1:${port}/postgres`;
}
