/** The keys of a JSON pointer (RFC 6901), unescaped. */
export function pointerKeys(pointer: string): string[] {
  return pointer === '' ? [] : pointer.slice(1).split('/').map(unescaped);
}

/** One key as a step of a JSON pointer. */
export function pointerStep(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The last key of a JSON pointer, and the pointer of what holds it; null for the root. */
export function splitPointer(pointer: string): { readonly holder: string; readonly key: string } | null {
  const at = pointer.lastIndexOf('/');
  return at < 0 ? null : { holder: pointer.slice(0, at), key: unescaped(pointer.slice(at + 1)) };
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
