import { AssertionError } from 'node:assert';
import { shown } from '../judge.js';
import { seen, type Answered } from './answered.js';

/**
 * Asserts that an answer is an error reply of this package, be its body a problem or an envelope.
 *
 * @throws AssertionError that tells what came instead.
 */
export function assertProblem(answered: Answered, code: string, status: number): void {
  const difference = differenceFrom(answered, code, status);
  if (difference !== undefined) throw new AssertionError({ message: difference });
}

/** What is not as it should be, if anything. */
export function differenceFrom(answered: Answered, code: string, status: number): string | undefined {
  const { status: got, headers, bodies } = seen(answered);
  const type = headers.get('content-type') ?? 'none';
  const body = bodies.map(parsed).find((each) => codeOf(each) !== undefined);
  const told = `${String(got)} ${codeOf(body) ?? `without a code, ${bodies.map(shortened).join(' ')}`}`;
  const expected = `expected the problem ${String(status)} ${code}`;

  if (got !== status || codeOf(body) !== code) return `${expected}, got ${told}`;
  if (!/^application\/(?:problem\+)?json\b/.test(type)) return `${expected} as JSON, its type is ${type}`;
  const within = (body as { readonly status?: unknown }).status ?? status;
  return within === status ? undefined : `${expected}, its body says status ${shown(within)}`;
}

function codeOf(body: unknown): string | undefined {
  const { code, error } = Object(body) as { code?: unknown; error?: { code?: unknown } };
  const found = code ?? error?.code;
  return typeof found === 'string' ? found : undefined;
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function shortened(body: unknown): string {
  return (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 200);
}
