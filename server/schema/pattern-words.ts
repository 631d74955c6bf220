const KINDS: Readonly<Record<string, string>> = {
  '[a-f0-9]': 'hex digits in lower case',
  '[0-9a-f]': 'hex digits in lower case',
  '[a-fA-F0-9]': 'hex digits',
  '[0-9a-fA-F]': 'hex digits',
  '[A-Fa-f0-9]': 'hex digits',
  '\\d': 'digits',
  '[0-9]': 'digits',
};
const ONE_KIND = /^\^(\[[^\]\\]+\]|\\d)(?:\{(\d+)(?:(,)(\d*))?\}|(\+))\$$/;

/** What a pattern asks for, where that is plain: `^[a-f0-9]{64,128}$` is `64–128 hex digits in lower case`. Else null. */
export function patternInWords(pattern: string): string | null {
  const found = ONE_KIND.exec(pattern);
  const [, set = '', least, comma, most] = found ?? [];
  const kind = Object.hasOwn(KINDS, set) ? KINDS[set] : undefined;
  if (found === null || kind === undefined) return null;
  if (least === undefined) return kind;
  if (comma === undefined) return `${least} ${kind}`;
  return most === '' || most === undefined ? `${least} or more ${kind}` : `${least}–${most} ${kind}`;
}
