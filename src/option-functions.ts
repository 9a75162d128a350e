import { shown } from './judge.js';
import { isThenable } from './thenable.js';
import type { Audience } from './translation/rules.js';
import { describeThrown } from './translation/throwables.js';

const WRONG = Symbol('wrong');

/** What a function among the options may return, and what is read of it. */
interface Returns<T> {
  readonly expected: string;
  readonly read: (given: unknown) => T | typeof WRONG;
}

/** The functions among the options whose value is needed at once: nothing waits for a promise of it. */
const RETURNS = {
  audience: returns(
    "'merchant' or 'customer'",
    (given): given is Audience => given === 'merchant' || given === 'customer',
  ),
  locale: returns('a language tag, or undefined', isTextOrNone),
  fields: returns('a name, or undefined', isTextOrNone),
  html: returns('a text', (given) => typeof given === 'string'),
  format: {
    expected: 'a value that JSON can hold',
    read: (given) => JSON.stringify(given) ?? WRONG,
  } satisfies Returns<string>,
  duplicateReference: returns('true or false', (given) => typeof given === 'boolean'),
  merchantIds: returns('an array of ids', isListOrNone),
  // What is a key, the guard says.
  key: { expected: 'a key, or undefined', read: (given) => given } satisfies Returns<unknown>,
  now: returns('a number of milliseconds', (given): given is number => Number.isFinite(given)),
  random: returns(
    'a number from 0 up to 1',
    (given): given is number => typeof given === 'number' && given >= 0 && given < 1,
  ),
} satisfies Record<string, Returns<unknown>>;

export type OptionFunction = keyof typeof RETURNS;

type Read<Option extends OptionFunction> = Exclude<
  ReturnType<(typeof RETURNS)[Option]['read']>,
  typeof WRONG
>;

function returns<T>(expected: string, is: (given: unknown) => given is T): Returns<T> {
  return { expected, read: (given) => (is(given) ? given : WRONG) };
}

/** JavaScript has two words for none. */
function isTextOrNone(given: unknown): given is string | undefined {
  return typeof (given ?? '') === 'string';
}

function isListOrNone(given: unknown): given is readonly unknown[] | undefined | null {
  return Array.isArray(given ?? []);
}

/** A function of an option threw, or gave what it may not. */
export class OptionFailure extends TypeError {
  constructor(
    readonly option: OptionFunction,
    /** What it did, for operators. */
    readonly reason: string,
    /** What it threw, if it did. */
    readonly threw?: { readonly thrown: unknown },
  ) {
    super(`lakiconnect: option \`${option}\` ${reason}.`);
  }
}

/** What whoever called the function by itself would have had thrown at them. */
export function thrownIn(failure: unknown): unknown {
  return failure instanceof OptionFailure && failure.threw !== undefined ? failure.threw.thrown : failure;
}

/** Runs a step in which nothing stands in for a function that fails: what it threw is thrown. */
export function unwrapping<T>(step: () => T): T {
  try {
    return step();
  } catch (failure) {
    throw thrownIn(failure);
  }
}

/**
 * A function of an option, whose value is judged as it returns. What it throws, and a promise or whatever else it may
 * not give, is thrown as an {@link OptionFailure}.
 */
export function judging<Option extends OptionFunction, Given extends readonly unknown[]>(
  option: Option,
  call: (...given: Given) => unknown,
): (...given: Given) => Read<Option> {
  const { expected, read } = RETURNS[option] as Returns<Read<Option>>;
  return (...given) => {
    const value = attempt(option, () => call(...given));
    if (isThenable(value)) {
      Promise.resolve(value).catch(() => undefined);
      throw new OptionFailure(option, 'gave a promise, expected its value at once');
    }
    const found = attempt(option, () => read(value));
    if (found === WRONG) throw new OptionFailure(option, `gave ${shown(value)}, expected ${expected}`);
    return found;
  };
}

function attempt<T>(option: OptionFunction, step: () => T): T {
  try {
    return step();
  } catch (thrown) {
    throw new OptionFailure(option, `threw ${describeThrown(thrown)}`, { thrown });
  }
}
