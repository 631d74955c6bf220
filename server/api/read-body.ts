import type { z } from 'zod';
import { MAX_BODY } from './door.ts';
import { problem } from './problem.ts';

type ParsedBody<T> = { readonly ok: true; readonly body: T } | { readonly ok: false; readonly refusal: Response };

/** Faults named in one answer. */
const FAULTS = 20;

/**
 * Reads the JSON body of a write by its schema: 400 for what is no JSON or has another form, with each fault named, 413
 * for one larger than the door lets in.
 */
export async function readBody<S extends z.ZodType>(request: Request, schema: S): Promise<ParsedBody<z.output<S>>> {
  const text = await request.text();
  if (Buffer.byteLength(text) > MAX_BODY) return refuse(413, 'too-large', 'The body is too large');
  const json = parseJson(text);
  if (json === undefined) return refuse(400, 'bad-body', 'The body is no JSON');
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return { ok: true, body: parsed.data };
  const errors = parsed.error.issues.slice(0, FAULTS).map((issue) => ({
    name: issue.path.map(String).join('.').slice(0, 100) || 'body',
    // It may name all that should not be there.
    reason: `${issue.message.slice(0, 200)}.`,
  }));
  return refuse(400, 'bad-body', 'The body is not understood', errors);
}

function refuse(
  status: number,
  kind: string,
  title: string,
  errors?: readonly { readonly name: string; readonly reason: string }[],
): { readonly ok: false; readonly refusal: Response } {
  const detail = errors === undefined ? title : `At fault: ${errors.map((error) => error.name).join(', ')}.`;
  return { ok: false, refusal: problem({ kind, title, status, detail, ...(errors !== undefined && { errors }) }) };
}

/** The value wrapped, so that `null` is told from no JSON. */
function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
