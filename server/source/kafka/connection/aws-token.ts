import type { IssuedToken } from './kept-token.ts';
import { TokenError } from './sign-in.ts';

/**
 * A token for Amazon MSK: a request that is signed, not sent, with credentials found the usual way of AWS. The signer
 * and AWS's own packages are loaded when the first one is asked for. Rejects with `TokenError`.
 */
export async function signAwsToken(region: string): Promise<IssuedToken> {
  const { generateAuthToken } = await import('aws-msk-iam-sasl-signer-js');
  try {
    const { token, expiryTime } = await generateAuthToken({ region });
    return { token, endsAtMs: expiryTime };
  } catch (error) {
    const why = error instanceof Error ? error.name : 'unknown failure';
    throw new TokenError(`AWS credentials were not found or could not be used (${why})`, { cause: error });
  }
}
