/** Pages of the rail, in groups; `key` is the letter after `g`. A new page is one line here. */
export const PAGE_GROUPS = [
  [
    { key: 'o', href: '/', name: 'Overview' },
    { key: 'f', href: '/flow', name: 'Flow map' },
    { key: 't', href: '/traces', name: 'Traces' },
    { key: 'l', href: '/latency', name: 'Latency' },
  ],
  [
    { key: 'd', href: '/dead-letters', name: 'Dead letters' },
    { key: 'v', href: '/violations', name: 'Violations' },
    { key: 'a', href: '/alerts', name: 'Alerts' },
  ],
  [
    { key: 'p', href: '/topics', name: 'Topics' },
    { key: 's', href: '/settings', name: 'Settings' },
  ],
] as const;

export const PAGES = PAGE_GROUPS.flat();

/** The page an address belongs to. */
export function pageOf(pathname: string): (typeof PAGES)[number] {
  return PAGES.find((page) => page.href !== '/' && pathname.startsWith(page.href)) ?? PAGE_GROUPS[0][0];
}
