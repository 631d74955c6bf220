/** Environment variables, as the process was given them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** True when the environment names an exporter for traces and does not switch OpenTelemetry off. */
export function isWanted(env: Environment): boolean {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return false;
  const exporter = text(env.OTEL_TRACES_EXPORTER)?.toLowerCase();
  if (exporter === 'none') return false;
  return (
    exporter !== undefined ||
    text(env.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined ||
    text(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) !== undefined
  );
}

function text(value: string | undefined): string | undefined {
  return value?.trim() || undefined;
}
