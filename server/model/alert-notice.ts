/** What is to be told of one alert. `withheld`: it goes on, but silenced or acknowledged, so that nothing is repeated. */
export interface AlertNotice {
  /** 16 hex digits, from the rule's name and the alert's labels; the same for the life of the alert and after it. */
  readonly fingerprint: string;
  /** Counts the firings of this fingerprint from 1: with `status` it names one transition. */
  readonly firing: number;
  readonly status: 'firing' | 'resolved' | 'withheld';
  /** Names of receivers; none: nobody is told. */
  readonly receivers: readonly string[];
  /** `alertname`, `severity`, `owner` and what the rule adds. */
  readonly labels: Readonly<Record<string, string>>;
  /** `summary`, `description`, `runbook_url`, `trace_1` … `trace_5`, `queue_url` … */
  readonly annotations: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly startsAt: number;
  readonly endsAt: number | null;
  /** Path of the alert's page, below the external address: `/alerts?alert={fingerprint}`. */
  readonly path: string;
}
