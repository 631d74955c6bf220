import { describe, expect, it } from 'vitest';
import { createFinder, isApiPath } from './find-resource.ts';

const find = createFinder({
  '/jobs': 'jobs',
  '/jobs/newest': 'newest',
  '/jobs/{id}': 'job',
  '/jobs/{id}/cancel': 'cancel',
  '/events/{topic}~{n}/{offset}': 'event',
});

describe('a path of the API', () => {
  it.each([
    ['/api/v1/jobs', 'jobs'],
    ['/api/v1/jobs/newest', 'newest'],
    ['/api/v1/jobs/7', 'job'],
    ['/api/v1/jobs/7/cancel', 'cancel'],
    ['/api/v1/jobs/a/b/c', 'job'],
    ['/api/v1/jobs/', 'job'],
    ['/api/v1/events/orders~1/2', 'event'],
    ['/api/v1/events', null],
    ['/api/v1', null],
    ['/api/v1/jobsx', null],
    ['/jobs', null],
    ['/api/v1/__proto__', null],
    ['/api/v1/constructor', null],
  ])('%s finds %s', (path, found) => expect(find(path)).toBe(found));

  it.each(['/api/v1', '/api/v1/', '/api/v1/x', '/api/v1?a=b', '/api/v1#x'])('%s is the API’s', (url) =>
    expect(isApiPath(url)).toBe(true),
  );

  it.each(['/', '/api', '/api/v2/x', '/api/v12', '/api/v1x/y', '/x/api/v1'])('%s is not the API’s', (url) =>
    expect(isApiPath(url)).toBe(false),
  );
});
