import type { Detail } from './error.js';
import { peek } from './plain.js';

const MAX_DETAILS = 20;

/** Of all fields in a reply. */
const MAX_BYTES = 14 * 1024;

/** Go's complaint about a JSON type, which names an internal struct: only the field may be told. */
const GO_TYPE = /^json: cannot unmarshal .{1,200} into Go struct field [\w]{1,80}\.([\w.]{1,120}) of type /;

/** A name that a request field can have; anything else before a colon is prose. */
const FIELD = /^[A-Za-z_][\w.[\]-]{0,119}$/;

/** Within a list, the index takes the name's place. */
const NESTED_FIELD = /^\w[\w.[\]-]{0,119}$/;

/** Names that stand before a colon in what a database, a driver or a Go package says. */
const SPEAKERS =
  /^(?:[A-Z][A-Z_]*|context|crypto|dial|err|error|gorm|grpc|http|io|json|mongo|net|os|panic|pgx|pq|redis|rpc|sql|strconv\..*|tls|url|x509)$/;

const MAX_DEPTH = 4;

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
  if (message.startsWith('json: ')) return wrongType(message);
  return split(message, '', 0).slice(0, MAX_DETAILS);
}

function wrongType(message: string): readonly Detail[] {
  const field = GO_TYPE.exec(message)?.[1];
  return field === undefined ? [] : [{ field, issue: 'has the wrong type' }];
}

function split(message: string, prefix: string, depth: number): Detail[] {
  return clauses(message.trim().replace(/\.$/, '')).flatMap((clause) => {
    const colon = clause.indexOf(': ');
    const name = clause.slice(0, Math.max(colon, 0));
    if (!(depth === 0 ? FIELD : NESTED_FIELD).test(name) || SPEAKERS.test(name)) return [];
    const field = prefix + name;
    const issue = clause.slice(colon + 2).trim();
    const isNested = issue.startsWith('(') && issue.endsWith(')') && depth < MAX_DEPTH;
    const nested = isNested ? split(issue.slice(1, -1), `${field}.`, depth + 1) : [];
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

const NONE: MappedFields = { errors: [], unmapped: [], ownDoing: false };

/** Renames fields; without a map they pass as they are, with one, a field it does not name is left out. */
export function mapFields(
  details: readonly Detail[],
  name: (field: string) => string | undefined = (field) => field,
): MappedFields {
  if (details.length === 0) return NONE;
  const named = details.map(({ field, issue }) => ({ from: field, field: name(field), detail: issue }));
  const errors = named.flatMap(({ field, detail }) => (typeof field === 'string' ? [{ field, detail }] : []));
  return {
    errors: withinBudget(errors, (error) => JSON.stringify(error)),
    unmapped: named.filter(({ field }) => typeof field !== 'string').map(({ from }) => from),
    ownDoing: errors.length === 0,
  };
}

type Told = MappedFields['errors'][number];

/** As many as fit in 16 KiB with all the rest, `written` in the form that they are sent in. */
export function withinBudget(errors: readonly Told[], written: (error: Told) => string): readonly Told[] {
  let left = MAX_BYTES;
  return errors.filter((error) => {
    left -= Buffer.byteLength(written(error));
    return left >= 0;
  });
}
