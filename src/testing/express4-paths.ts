/** What Express 4 keeps of the path of something mounted. */
export interface Express4Path {
  readonly regexp: RegExp & { readonly fast_slash?: boolean; readonly fast_star?: boolean };
  readonly keys: readonly { readonly name: string | number }[];
}

/** A parameter that is a whole segment, as path-to-regexp 0.1.7 to 0.1.13 compile it. */
const PARAMETER = /\\\/\(\?:\(\[\^\\?\/\]\+\?\)\)|\(\?:\\\/\(\[\^\\?\/\]\+\?\)\)/g;

/** What they put behind the path of a mount. */
const END = String.raw`\/?(?=\/|$)`;

/** One path of names, and of parameters that are written as a colon; of several, each follows a bar. */
const PATH = /^\|?\^(?:\\\/(?::|(?:[\w~@-]|\\\.)+))*$/;

/**
 * The paths that an expression was made of, which Express 4 forgets; the expression itself where it was not made of
 * plain names and parameters.
 */
export function express4Paths({ regexp, keys }: Express4Path): readonly (string | RegExp)[] {
  if (regexp.fast_slash === true) return ['/'];
  if (regexp.fast_star === true) return ['*'];
  const parts = regexp.source.replace(PARAMETER, String.raw`\/:`).split(END);
  const rest = parts.pop();
  if (rest !== '' || !parts.every((part) => PATH.test(part))) return [regexp];
  const names = keys.map(({ name }) => String(name));
  return parts.map(
    (part) =>
      part
        .replace(/^\|?\^/, '')
        .replace(/\\/g, '')
        .replace(/:/g, () => `:${String(names.shift())}`) || '/',
  );
}
