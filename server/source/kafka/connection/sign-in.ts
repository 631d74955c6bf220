import type { Mechanism, SASLOptions } from 'kafkajs';
import { bearerSignIn } from './bearer-sign-in.ts';

/** How to sign in to a cluster. */
export type SignIn =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      /** AWS's own way is a token too, for the mechanism OAUTHBEARER. */
      readonly mechanism: 'OAUTHBEARER' | 'AWS_MSK_IAM';
      /** Who asks for the token, as half a sentence, e.g. `client "tap"`. */
      readonly identity: string;
      /** A token that is good for a while yet; asked at each sign-in. Rejects with `TokenError`. */
      readonly token: () => Promise<string>;
    };

/** No token could be had. `message` is half a sentence that follows "no token", and holds no secret. */
export class TokenError extends Error {
  readonly code = 'no_token';
}

/** What kafkajs is told. A new object each time: kafkajs writes into it. */
export function saslOptions(signIn: SignIn): SASLOptions | Mechanism {
  switch (signIn.mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain', username: signIn.username, password: signIn.password };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', username: signIn.username, password: signIn.password };
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', username: signIn.username, password: signIn.password };
    case 'OAUTHBEARER':
    case 'AWS_MSK_IAM':
      return bearerSignIn(signIn.token);
  }
}

/** Who signs in, as half a sentence. */
export function describeIdentity(signIn: SignIn): string {
  return 'username' in signIn ? `user "${signIn.username}"` : signIn.identity;
}
