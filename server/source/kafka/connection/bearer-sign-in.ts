import type { Mechanism } from 'kafkajs';
import { ByteReader, ByteWriter } from '../wire/kafka-bytes.ts';

/** The broker does not accept the token. */
export class TokenRefusedError extends Error {
  readonly code = 'token_refused';
}

/**
 * The mechanism OAUTHBEARER (RFC 7628). A broker answers a refused token with a text instead of an error, which kafkajs
 * does not read: it takes the sign-in for done, and the next answers are empty. `token` is asked at each sign-in.
 */
export function bearerSignIn(token: () => Promise<string>): Mechanism {
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      async authenticate() {
        const message = Buffer.from(`n,,\u0001auth=Bearer ${await token()}\u0001\u0001`);
        const refusal = await saslAuthenticate({
          request: { encode: () => new ByteWriter().lengthBytes(message).toBuffer() },
          response: {
            decode: (answer) => new ByteReader(answer).lengthBytes() ?? Buffer.alloc(0),
            parse: (answer) => answer.length > 0,
          },
        });
        if (refusal === true) throw new TokenRefusedError('the broker does not accept the token');
      },
    }),
  };
}
