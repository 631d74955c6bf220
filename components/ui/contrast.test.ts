import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const themes = ['light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** The value of a token in one theme: `light-dark()` unpacked, `var()` followed. */
function token(name: string, theme: Theme): string {
  const value = new RegExp(`--${name}:\\s*(.+?);`).exec(css)?.[1];
  if (value === undefined) throw new Error(`no token --${name}`);
  const pair = /^light-dark\((.*)\)$/.exec(value)?.[1];
  if (pair === undefined) return value;
  const comma = [...pair].findIndex(
    (c, i) => c === ',' && pair.slice(0, i).split('(').length === pair.slice(0, i).split(')').length,
  );
  const one = (theme === 'light' ? pair.slice(0, comma) : pair.slice(comma + 1)).trim();
  const other = /^var\(--([\w-]+)\)$/.exec(one)?.[1];
  return other === undefined ? one : token(other, theme);
}

/** Linear RGB of `#rrggbb` or `oklch(L C H)`. */
function linearRgb(color: string): number[] {
  const hex = /^#([0-9a-f]{6})$/i.exec(color)?.[1];
  if (hex !== undefined)
    return [0, 2, 4].map((i) => {
      const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
  const [L = 0, C = 0, H = 0] = (/^oklch\((.*)\)$/.exec(color)?.[1] ?? '').trim().split(/\s+/).map(Number);
  const [a, b] = [C * Math.cos((H * Math.PI) / 180), C * Math.sin((H * Math.PI) / 180)];
  const [l, m, s] = [
    L + 0.3963377774 * a + 0.2158037573 * b,
    L - 0.1055613458 * a - 0.0638541728 * b,
    L - 0.0894841775 * a - 1.291485548 * b,
  ].map((x) => x ** 3) as [number, number, number];
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((c) => Math.min(1, Math.max(0, c)));
}

function contrast(one: string, other: string, theme: Theme): number {
  const [a = 0, b = 0] = [one, other]
    .map((name) => linearRgb(token(name, theme)))
    .map(([r = 0, g = 0, bl = 0]) => 0.2126 * r + 0.7152 * g + 0.0722 * bl)
    .sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

const states = ['flowing', 'slow', 'stalled', 'dead', 'violating', 'unknown'];
const surfaces = ['bg-0', 'bg-1', 'bg-2', 'bg-3'];

for (const theme of themes) {
  test(`${theme}: text inks reach 4.5 : 1 on every surface`, () => {
    for (const ink of ['fg-0', 'fg-1', 'fg-2'])
      for (const ground of surfaces)
        expect(contrast(ink, ground, theme), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });

  test(`${theme}: state words reach 4.5 : 1 on bg-0 to bg-2 and on their own wash`, () => {
    for (const state of states)
      for (const ground of [...surfaces.slice(0, 3), `wash-${state}`])
        expect(contrast(`st-${state}`, ground, theme), `${state} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });

  test(`${theme}: marks and control edges reach 3 : 1 on bg-0 to bg-2`, () => {
    for (const mark of [...states.map((state) => `mk-${state}`), 'fg-3', 'line-3'])
      for (const ground of surfaces.slice(0, 3))
        expect(contrast(mark, ground, theme), `${mark} on ${ground}`).toBeGreaterThanOrEqual(3);
  });
}
