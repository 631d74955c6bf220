/**
 * An environment in the type that `child_process` wants. Guarantee: at run time any texts will do; the type asks for
 * `NODE_ENV` only because a web framework declares it so.
 */
export function processEnv(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...env } as NodeJS.ProcessEnv;
}
