import { validateHeaderName, validateHeaderValue } from 'node:http';
import { format, types } from 'node:util';

/** As much as is asked of an Express app. */
export interface ExpressApp {
  get(setting: string): unknown;
  /** Express 4 alone has it. */
  readonly del?: unknown;
}

type Said = Readonly<Partial<Record<'status' | 'statusCode' | 'headers' | 'stack', unknown>>> & {
  readonly toString: (this: unknown) => string;
};

/**
 * Whether Express's own last handler (finalhandler) survives a throwable, once the app's other handlers have passed
 * it on. It works where nobody catches: what throws in it ends the process. So what it does with a throwable is
 * done here before.
 */
export function survivesFinalHandler(
  thrown: unknown,
  { app, isSent }: { readonly app: ExpressApp | undefined; readonly isSent: boolean },
): boolean {
  if (!thrown) return false; // to Express no error: the request would go on to the next handler
  const env = app?.get('env');
  try {
    const headers = headersOf(thrown);
    checkReadable(headers);
    const text = env === 'production' ? '' : textOf(thrown);
    if (env !== 'test') log(thrown, app);
    if (isSent) return true;
    checkSendable(headers);
    return typeof `${text as string}` === 'string';
  } catch {
    return false;
  }
}

/** Only of what has the status of an error the headers are read, and sent. */
function headersOf(thrown: Said): object {
  if (!isErrorStatus(thrown.status) && !isErrorStatus(thrown.statusCode)) return {};
  const { headers } = thrown;
  return typeof headers === 'object' && headers !== null ? headers : {};
}

function isErrorStatus(status: unknown): boolean {
  return typeof status === 'number' && status >= 400 && status < 600;
}

/** @throws for headers that may throw when they are read once more. */
function checkReadable(headers: object): void {
  const fields = Object.entries(Object.getOwnPropertyDescriptors(headers));
  if (types.isProxy(headers) || fields.some(([, field]) => field.enumerable && field.get !== undefined)) {
    throw new TypeError('They are made anew at each reading.');
  }
}

/** @throws for headers that Node would not send, or whose text is made anew when it is sent: too late to catch. */
function checkSendable(headers: object): void {
  const fields = Object.entries(headers) as [string, string][];
  for (const [name, value] of fields) {
    if ([value].flat().some(isObject)) throw new TypeError('Its text is made anew at each reading.');
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  const has = (name: string): boolean => fields.some(([given]) => given.toLowerCase() === name);
  if (has('trailer') && !has('transfer-encoding'))
    throw new TypeError('A body with a length has no trailer.');
}

function isObject(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** What its page shows outside production. */
function textOf(thrown: Said): unknown {
  const { stack } = thrown;
  return stack || (typeof thrown.toString === 'function' && thrown.toString());
}

/** Express 4 prints the stack or the text of a throwable, Express 5 all that there is. */
function log(thrown: Said, app: ExpressApp | undefined): string {
  const isExpress4 = app !== undefined && 'del' in app;
  return format(isExpress4 ? thrown.stack || thrown.toString() : thrown);
}
