/** The parts of the page, by what `tab` in the address says. */
const VIOLATIONS_PARTS = ['log', 'undecodable', 'coverage', 'drift'] as const;
export type ViolationsPart = (typeof VIOLATIONS_PARTS)[number];

/** The names of the parts, in their order. */
export const PART_NAMES: Readonly<Record<ViolationsPart, string>> = {
  log: 'Violations',
  undecodable: 'Undecodable',
  coverage: 'Schema coverage',
  drift: 'Drift',
};

export function readViolationsPart(params: { get(name: string): string | null }): ViolationsPart {
  return VIOLATIONS_PARTS.find((part) => part === params.get('tab')) ?? 'log';
}

/** The address of a part: the range stays, what was chosen or filtered on another part does not. */
export function partHref(params: { get(name: string): string | null }, part: ViolationsPart): string {
  const next = new URLSearchParams(part === 'log' ? {} : { tab: part });
  for (const name of ['from', 'to']) {
    const value = params.get(name);
    if (value !== null) next.set(name, value);
  }
  return next.size === 0 ? '/violations' : `/violations?${next}`;
}
