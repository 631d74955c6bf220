/** Keeps Next.js from sending usage data of this process to its makers, and from saying so in the log. */
export function quietFramework(): void {
  Reflect.set(process.env, 'NEXT_TELEMETRY_DISABLED', '1');
}
