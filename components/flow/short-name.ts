/**
 * A dotted name in at most `room` characters: segments are dropped from its front, because names of one place differ at
 * their end. `onex.cmd.intelligence.enrich-document` → `…enrich-document`. A last segment that alone is longer stays whole.
 */
export function shortName(name: string, room: number): string {
  if (name.length <= room) return name;
  const segments = name.split('.');
  let kept = segments.at(-1) ?? name;
  for (const segment of segments.slice(0, -1).reverse()) {
    const longer = `${segment}.${kept}`;
    if (longer.length + 1 > room) break;
    kept = longer;
  }
  return kept.length < name.length ? `…${kept}` : name;
}
