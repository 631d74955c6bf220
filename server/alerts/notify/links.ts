type Texts = Readonly<Record<string, string>>;

const LINK_NAME = /_url$|^trace_\d+$/;

/** An address below the external one. @param externalUrl without a slash at its end */
export function absolute(externalUrl: string, path: string): string {
  return path.startsWith('/') ? `${externalUrl}${path}` : path;
}

/** Annotations with those that are links made whole: `queue_url`, `runbook_url`, `trace_1` and others like them. */
export function withLinks(annotations: Texts, externalUrl: string): Texts {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [
      name,
      LINK_NAME.test(name) ? absolute(externalUrl, value) : value,
    ]),
  );
}

/** True for an annotation that is an address a person can open. */
export function isLink(name: string, value: string): boolean {
  return LINK_NAME.test(name) && /^https?:\/\//.test(value);
}
