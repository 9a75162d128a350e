/**
 * Makes a factory of middleware that throws where it is mounted without having been called: it then gets a request or
 * a context in place of its options.
 *
 * @param usage How it is called, for the message: `preflight()`.
 * @param length How many parameters the framework sees: Express calls a function of four for errors alone.
 */
export function middlewareFactory<Given extends readonly unknown[], M>(
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

/** A request has a method and headers, and so has Koa's context; no options are like it. */
function isRequest(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'method' in value && 'headers' in value;
}
