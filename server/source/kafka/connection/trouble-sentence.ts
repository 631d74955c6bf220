import { TokenRefusedError } from './bearer-sign-in.ts';
import { joinAddress } from './broker-address.ts';
import { codeOf, connectionTrouble } from './connection-trouble.ts';
import { NotKafkaError } from './dial-broker.ts';
import { ConnectFailedError, type KafkaAccess } from './kafka-connection.ts';
import { kafkaErrorCode } from './kafka-error-code.ts';
import { describeIdentity, type SignIn, TokenError } from './sign-in.ts';
import { tlsTrouble } from './tls-trouble.ts';

/** What was known when a session failed. */
export interface TroubleContext {
  readonly access: KafkaAccess;
  readonly groupId: string;
  /** The broker that was asked first, or the brokers that were to be. */
  readonly address: string;
  /** How many brokers the cluster has, once it has told. */
  readonly brokers: number | null;
}

/**
 * What is wrong and what to do about it, in whole sentences for an operator. Decided by code and class, never by
 * message; no password, secret or token is in it.
 */
export function troubleSentence(error: unknown, context: TroubleContext): string {
  const { access, address } = context;
  if (error instanceof ConnectFailedError) {
    return context.brokers === null || error.address === address
      ? connectSentence(error, access)
      : unreachedBrokerSentence(error, context);
  }
  if (kafkaErrorCode(error) === GROUP_AUTHORIZATION_FAILED) return groupSentence(context);
  if (access.sasl === undefined && context.brokers === null && isClosed(error)) {
    return (
      `${address} ended the connection at the first question without a sign-in. If it asks for one, set ` +
      'KAFKA_SASL_MECHANISM and what belongs to it.'
    );
  }
  return signInTrouble(error, address, access.sasl) ?? `No answer from ${address} (${connectionTrouble(error)}).`;
}

/** A broker is not reached where the cluster says it is: mostly the wrong listener is advertised. */
export function unreachedBrokerSentence(
  error: ConnectFailedError,
  { access, address, brokers }: Pick<TroubleContext, 'access' | 'address' | 'brokers'>,
): string {
  const reachable = brokers === 1 ? address : 'host:port';
  return (
    `The cluster answers at ${address}, but not at ${error.address}, which it advertises for a broker. ` +
    `${connectSentence(error, access)} If the broker runs, correct its advertised.listeners to an address that is ` +
    `reached from here, or set KAFKA_BROKER_ADDRESS_MAP=${joinAddress(error.broker)}=${reachable}.`
  );
}

const GROUP_AUTHORIZATION_FAILED = 30;
const UNSUPPORTED_SASL_MECHANISM = 33;
const ILLEGAL_SASL_STATE = 34;

function connectSentence(error: ConnectFailedError, access: KafkaAccess): string {
  const { address, cause } = error;
  if (cause instanceof NotKafkaError) {
    return `${address} does not speak Kafka's protocol. Name the port of a broker in KAFKA_BROKERS.`;
  }
  return (
    tlsTrouble(error, access) ??
    signInTrouble(cause, address, access.sasl) ??
    `No answer from ${address} (${connectionTrouble(cause)}).`
  );
}

function signInTrouble(cause: unknown, address: string, signIn: SignIn | undefined): string | null {
  if (!(cause instanceof Error) || signIn === undefined) return null;
  const { mechanism } = signIn;
  if (cause instanceof TokenError)
    return `No token for ${describeIdentity(signIn)}: ${cause.message}. ${remedy(signIn)}`;
  const code = kafkaErrorCode(cause);
  if (code === UNSUPPORTED_SASL_MECHANISM) {
    return `${address} does not offer the sign-in ${mechanism}. Set KAFKA_SASL_MECHANISM to one that it offers.`;
  }
  if (code === ILLEGAL_SASL_STATE) {
    return `${address} takes no sign-in. Unset KAFKA_SASL_MECHANISM, or name the port of a listener with SASL in KAFKA_BROKERS.`;
  }
  if (cause.name !== 'KafkaJSSASLAuthenticationError' && !(cause instanceof TokenRefusedError)) return null;
  const why = 'username' in signIn ? 'the user is unknown, or the password is wrong' : 'it does not accept the token';
  return `${address} refused the sign-in of ${describeIdentity(signIn)} by ${mechanism}: ${why}. ${remedy(signIn)}`;
}

function remedy({ mechanism }: SignIn): string {
  switch (mechanism) {
    case 'OAUTHBEARER':
      return (
        'Check KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL, KAFKA_SASL_OAUTHBEARER_CLIENT_ID, ' +
        'KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET and KAFKA_SASL_OAUTHBEARER_SCOPE.'
      );
    case 'AWS_MSK_IAM':
      return 'Check KAFKA_SASL_AWS_MSK_IAM_REGION, the credentials that AWS_* names, and their policy.';
    default:
      return 'Check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.';
  }
}

function groupSentence({ access, groupId }: TroubleContext): string {
  const who = access.sasl === undefined ? 'the tap' : describeIdentity(access.sasl);
  return (
    `The cluster does not let ${who} use the consumer group "${groupId}", so nothing is read. Grant it the ACL ` +
    `operation Read on that group, or name another group in TAP_GROUP_ID.`
  );
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && (error.name === 'KafkaJSConnectionClosedError' || codeOf(error) === 'ECONNRESET');
}
