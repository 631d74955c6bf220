/**
 * 99.87 % on each side. Of two shares, neither inside the other's interval, such a distance comes by chance in far less
 * than one of ten thousand comparisons: hundreds of fields are compared, every hour.
 */
const Z = 3;

/** The interval in which the true share lies when `hits` of `all` had it (Wilson score). Nothing is known of none. */
export function shareBounds(hits: number, all: number): { readonly least: number; readonly most: number } {
  if (all <= 0) return { least: 0, most: 1 };
  const share = Math.min(1, hits / all);
  const middle = share + (Z * Z) / (2 * all);
  const spread = Z * Math.sqrt((share * (1 - share)) / all + (Z * Z) / (4 * all * all));
  const scale = 1 + (Z * Z) / all;
  return { least: Math.max(0, (middle - spread) / scale), most: Math.min(1, (middle + spread) / scale) };
}
