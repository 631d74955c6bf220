import { expect, test } from 'vitest';
import { defaultFolders } from './default-folders.ts';

test('Linux follows the XDG folders', () => {
  const linux = { platform: 'linux', home: '/home/ada', isRoot: false };
  expect(defaultFolders(linux)).toEqual({
    data: '/home/ada/.local/share/throughline',
    cache: '/home/ada/.cache/throughline',
  });
  expect(defaultFolders({ ...linux, xdgDataHome: '/d', xdgCacheHome: '/c' })).toEqual({
    data: '/d/throughline',
    cache: '/c/throughline',
  });
});

test('for root they lie where the database’s user can reach them', () => {
  expect(defaultFolders({ platform: 'linux', home: '/root', isRoot: true })).toEqual({
    data: '/var/lib/throughline',
    cache: '/var/cache/throughline',
  });
});

test('macOS has its library', () => {
  const folders = defaultFolders({ platform: 'darwin', home: '/Users/ada', isRoot: false });
  expect(folders.data).toBe('/Users/ada/Library/Application Support/Throughline');
});
