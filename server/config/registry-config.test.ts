import { describe, expect, it } from 'vitest';
import { describeConfig } from './describe-config.ts';
import { loadConfig } from './load-config.ts';

const load = (env: Record<string, string>, files: Record<string, string> = {}) =>
  loadConfig({
    env,
    workingDir: '/work',
    platform: { platform: 'linux', home: '/h', isRoot: false, xdgDataHome: undefined, xdgCacheHome: undefined },
    readFile: (path) => {
      const found = files[path];
      if (found === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' });
      return found;
    },
  });

describe('the configuration of the schema registry', () => {
  it('is none without an address', () => {
    const read = load({});
    expect(read.ok && read.config.registry).toBeNull();
  });

  it('takes several addresses, a user, and a password from a file, and shows no secret', () => {
    const read = load(
      {
        SCHEMAREGISTRY_URLS: 'https://me:urlsecret@a/x, http://b:8081',
        SCHEMAREGISTRY_USERNAME: 'tap',
        SCHEMAREGISTRY_PASSWORD_FILE: '/secret',
      },
      { '/secret': 'filesecret\n' },
    );
    if (!read.ok) throw new Error(read.problems.join());
    expect(read.config.registry).toMatchObject({
      urls: ['https://me:urlsecret@a/x', 'http://b:8081'],
      signIn: { username: 'tap', password: 'filesecret' },
    });
    const text = describeConfig(read.config).join('\n');
    expect(text).not.toMatch(/urlsecret|filesecret|me:/);
    expect(text).toContain('SCHEMAREGISTRY_USERNAME = tap');
  });

  it.each([
    [{ SCHEMAREGISTRY_PASSWORD: 'x' }, 'SCHEMAREGISTRY_URLS is not set'],
    [{ SCHEMAREGISTRY_URLS: 'http://a', SCHEMAREGISTRY_USERNAME: 'x' }, 'SCHEMAREGISTRY_PASSWORD is not'],
    [
      { SCHEMAREGISTRY_URLS: 'http://a', SCHEMAREGISTRY_TLS_CERTFILEPATH: 'c' },
      'SCHEMAREGISTRY_TLS_KEYFILEPATH is not',
    ],
    [
      { SCHEMAREGISTRY_URLS: 'http://a', SCHEMAREGISTRY_TLS_CAFILEPATH: 'c' },
      'SCHEMAREGISTRY_TLS_CAFILEPATH names /work/c',
    ],
    [{ SCHEMAREGISTRY_URLS: 'ftp://a' }, 'SCHEMAREGISTRY_URLS'],
  ])('refuses %j', (env, problem) => {
    const read = load(env);
    expect(read.ok ? '' : read.problems.join('\n')).toContain(problem);
  });
});
