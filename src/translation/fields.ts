import type { Detail } from './error.js';
import { peek } from './plain.js';

const MAX_DETAILS = 20;

/** Go's complaint about a JSON type, which names an internal struct: only the field may be told. */
const GO_TYPE = /^json: cannot unmarshal .{1,80} into Go struct field [\w]{1,80}\.([\w.]{1,120}) of type /;

/** A name that a request field can have; anything else before a colon is prose. */
const FIELD = /^[A-Za-z_][\w.[\]-]{0,119}$/;

/**
 * The refused fields of an error body, in whichever form it lists them: an array of
 * `{ field, issue }`, a map from field to one or more texts, or one joined text.
 */
export function fieldsOf(listed: unknown): readonly Detail[] {
  if (typeof listed === 'string') return joinedFields(listed);
  if (Array.isArray(listed)) return listed.flatMap(entryOf).slice(0, MAX_DETAILS);
  if (typeof listed !== 'object' || listed === null) return [];
  return Object.entries(listed)
    .flatMap(([field, issues]) =>
      (Array.isArray(issues) ? issues : [issues]).flatMap((issue) =>
        typeof issue === 'string' ? [{ field, issue }] : [],
      ),
    )
    .slice(0, MAX_DETAILS);
}

function entryOf(entry: unknown): readonly Detail[] {
  if (typeof entry === 'string') return joinedFields(entry);
  const field = peek(entry, 'field');
  const issue = peek(entry, 'issue') ?? peek(entry, 'message');
  return typeof field === 'string' && typeof issue === 'string' ? [{ field, issue }] : [];
}

/**
 * Splits the flat envelope's joined message, `amount: cannot be blank; redirects: (success: must be a
 * valid URL.).`, into fields; a nested field is written with dots. Prose has no fields.
 */
export function joinedFields(message: string): readonly Detail[] {
  const wrongType = GO_TYPE.exec(message)?.[1];
  if (wrongType !== undefined) return [{ field: wrongType, issue: 'has the wrong type' }];
  return split(message).slice(0, MAX_DETAILS);
}

function split(message: string, prefix = ''): Detail[] {
  return clauses(message.trim().replace(/\.$/, '')).flatMap((clause) => {
    const colon = clause.indexOf(': ');
    const name = clause.slice(0, Math.max(colon, 0));
    if (!FIELD.test(name)) return [];
    const field = prefix + name;
    const issue = clause.slice(colon + 2).trim();
    const nested = issue.startsWith('(') && issue.endsWith(')') ? split(issue.slice(1, -1), `${field}.`) : [];
    return nested.length > 0 ? nested : [{ field, issue }];
  });
}

/** The parts between `; ` outside parentheses. */
function clauses(text: string): string[] {
  const found: string[] = [];
  let start = 0;
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') open++;
    else if (text[at] === ')') open = Math.max(open - 1, 0);
    else if (text[at] === ';' && open === 0) {
      found.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  found.push(text.slice(start).trim());
  return found;
}

/** What of the refused fields a reply tells, in the platform's names. */
export interface MappedFields {
  readonly errors: readonly { readonly field: string; readonly detail: string }[];
  readonly unmapped: readonly string[];
  /** Fields were refused, and none of them is one that a user fills in. */
  readonly ownDoing: boolean;
}

/** Renames fields; without a map they pass as they are, with one, a field it does not name is left out. */
export function mapFields(
  details: readonly Detail[],
  name: (field: string) => string | undefined = (field) => field,
): MappedFields {
  const named = details.map(({ field, issue }) => ({ from: field, field: name(field), detail: issue }));
  const errors = named.flatMap(({ field, detail }) => (field === undefined ? [] : [{ field, detail }]));
  return {
    errors,
    unmapped: named.filter(({ field }) => field === undefined).map(({ from }) => from),
    ownDoing: details.length > 0 && errors.length === 0,
  };
}
