/** One metric with its samples; names follow the Prometheus conventions (`_total`, `_seconds`, `_records`). */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly samples: readonly {
    readonly labels?: Readonly<Record<string, string | number>>;
    /** Texts are 64-bit integers and pass unchanged. */
    readonly value: number | string;
  }[];
}

/** The text exposition format, version 0.0.4. Label values are strangers' texts and are escaped. */
export function prometheusText(metrics: readonly Metric[]): string {
  const present = metrics.filter((metric) => metric.samples.length > 0);
  return present.map(block).join('');
}

function block({ name, help, type, samples }: Metric): string {
  const lines = samples.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
