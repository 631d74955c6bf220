import { expect, test } from 'vitest';
import { childEnvironment, KAFKA_VARIABLES, TAP_VARIABLES } from './child-environment.ts';

const env = {
  PATH: '/bin',
  KAFKA_BROKERS: 'k:9092',
  KAFKA_SASL_PASSWORD_FILE: '/run/pw',
  DATABASE_URL: 'postgres://x',
  OTEL_SERVICE_NAME: 'x',
  AWS_SECRET_ACCESS_KEY: 'theirs',
};

test('a child gets what it needs and nothing else of ours or of others', () => {
  expect(childEnvironment(env, { names: ['DATABASE_URL'], telemetry: false }, { PORT: '1' })).toEqual({
    PATH: '/bin',
    DATABASE_URL: 'postgres://x',
    PORT: '1',
  });
});

test('the tap gets the cluster, secrets from files included', () => {
  const tap = childEnvironment(env, { names: KAFKA_VARIABLES, telemetry: true });
  expect(Object.keys(tap).sort()).toEqual(['KAFKA_BROKERS', 'KAFKA_SASL_PASSWORD_FILE', 'OTEL_SERVICE_NAME', 'PATH']);
});

test('the tap gets everything that says how it reads', () => {
  const reading = {
    TAP_START: 'end',
    TAP_BACKFILL_BYTES_PER_S: '1000',
    TAP_SESSION_TIMEOUT_MS: '9000',
    TAP_GROUP_ID: 'g',
  };
  expect(childEnvironment({ ...env, ...reading }, { names: TAP_VARIABLES, telemetry: false })).toEqual({
    ...{ PATH: '/bin', ...reading },
  });
});

test('the credentials of AWS go to the tap alone, and only when it signs in by them', () => {
  const byAws = { ...env, KAFKA_SASL_MECHANISM: 'aws_msk_iam' };
  const tap = childEnvironment(byAws, { names: KAFKA_VARIABLES, telemetry: false });
  expect(tap.AWS_SECRET_ACCESS_KEY).toBe('theirs');
  const web = childEnvironment(byAws, { names: ['DATABASE_URL'], telemetry: true });
  expect(web.AWS_SECRET_ACCESS_KEY).toBeUndefined();
});
