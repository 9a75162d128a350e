import { OptionFailure, type OptionFunction } from './option-functions.js';
import type { Settings } from './settings.js';
import { formsFor } from './translation/render.js';

/** What stands in for a function that a reply is made by. */
const WITHOUT: Partial<Record<OptionFunction, (settings: Settings<never>) => Partial<Settings<never>>>> = {
  fields: () => ({ field: 'none' }),
  format: ({ html }) => formsFor('problem', html),
  html: ({ format }) => formsFor(format, undefined),
};

/**
 * Makes a reply, without those functions of the platform's that fail in it: each of them is noted, and the reply has the
 * standard body, the standard page or no fields in its place.
 */
export function withoutFailing<T>(
  settings: Settings<never>,
  make: (settings: Settings<never>) => T,
  note: (failure: OptionFailure) => void,
): T {
  try {
    return make(settings);
  } catch (failure) {
    const without = failure instanceof OptionFailure ? WITHOUT[failure.option] : undefined;
    if (without === undefined) throw failure;
    note(failure as OptionFailure);
    return withoutFailing({ ...settings, ...without(settings) }, make, note);
  }
}
