/**
 * The headers every answer carries. Scripts run only when they bear the nonce of this answer (the framework puts it on
 * its own): a text of a stranger that became markup by mistake would still not run. Styles may stand on elements, because
 * components place bars and lines by `style`. Nothing is loaded from elsewhere.
 * @param nonce fresh random text per answer
 * @param development the development server evaluates code and reloads over a web socket
 */
export function securityHeaders(nonce: string, development: boolean): Readonly<Record<string, string>> {
  return {
    'content-security-policy': [
      "default-src 'self'",
      `script-src 'self' 'nonce-${nonce}'${development ? " 'unsafe-eval'" : ''}`,
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}
