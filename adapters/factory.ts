/**
 * A function that makes middleware, and says so where it was mounted itself, without having been called: it is then
 * given a request. `length` is how many parameters the framework sees: Express calls one with four for errors alone.
 */
export function factory<Given extends readonly unknown[], M>(
  usage: string,
  make: (...given: Given) => M,
  length = 0,
): (...given: Given) => M {
  function makeMiddleware(...given: Given): M {
    if (!given.some(isRequest)) return make(...given);
    const name = usage.slice(0, usage.indexOf('('));
    throw new TypeError(
      `lakiconnect: ${name} was mounted without being called. Mount what it returns, as in app.use(laki.${usage}).`,
    );
  }
  return Object.defineProperty(makeMiddleware, 'length', { value: length });
}

/** Express's request or Koa's context; no options are like it. */
function isRequest(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'method' in value && 'headers' in value;
}
