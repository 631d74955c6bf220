/** Most headers of its own that a receiver is sent, and their longest value. */
export const MOST_HEADERS = 20;
const LONGEST_VALUE = 2_000;

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/i;
/** Visible ASCII, blanks and tabs: nothing that ends a line. */
const VALUE = /^[\t\x20-\x7e]*$/;
/** Those that say how a request is carried, and those that are ours to say. */
const OURS =
  /^(connection|content-(length|type|encoding)|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|user-agent|webhook-.*)$/i;

/** What is wrong with a header that a receiver is to be sent, as the end of a sentence; null for a good one. Never says its value. */
export function headerTrouble(name: string, value: string): string | null {
  if (!NAME.test(name)) return 'is no name of a header';
  if (OURS.test(name)) return 'is a header that is not given by hand';
  if (value.length > LONGEST_VALUE) return `has a value of more than ${LONGEST_VALUE} characters`;
  return VALUE.test(value) ? null : 'has a value with other characters than visible ASCII and blanks';
}
