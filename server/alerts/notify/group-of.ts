type Labels = Readonly<Record<string, string>>;

/**
 * The group an alert belongs to at a receiver: the labels it groups by, with their values, as Alertmanager writes a
 * group key. A label that the alert has not is left out. Total and unambiguous: names and values are quoted.
 */
export function groupOf(
  receiver: string,
  groupBy: readonly string[],
  labels: Labels,
): { readonly key: string; readonly labels: Labels } {
  const names = [...new Set(groupBy)].filter((name) => Object.hasOwn(labels, name)).sort();
  const pairs = names.map((name) => [name, labels[name] ?? ''] as const);
  const text = pairs.map(([name, value]) => `${JSON.stringify(name)}=${JSON.stringify(value)}`).join(',');
  return { key: `{receiver=${JSON.stringify(receiver)}}:{${text}}`, labels: Object.fromEntries(pairs) };
}
