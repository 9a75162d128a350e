import type { Issues } from '../messages/locale.js';
import type { Detail } from './error.js';
import { issueText } from './issues.js';
import { peek } from './plain.js';
import type { Problem } from './problem.js';
import { isRequestField, isStruct, withoutStruct } from './request-fields.js';
import type { Audience } from './rules.js';

const MAX_DETAILS = 20;

/** Of all fields in a reply. */
const MAX_BYTES = 14 * 1024;

/** Go's complaint about a JSON type, which names an internal struct: only the field may be told. */
const GO_FIELD = /^json: cannot unmarshal .{1,200} into Go struct field ([\w.]{1,200}) of type /;
const GO_VALUE = /^json: cannot unmarshal .{1,200} into Go value of type (?:\[\]|\*)?([\w.]{1,200})$/;

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
  return listedIn(listed)
    .slice(0, MAX_DETAILS)
    .map(({ field, issue }) => ({ field: withoutStruct(field), issue }));
}

function listedIn(listed: unknown): readonly Detail[] {
  if (typeof listed === 'string') return joinedFields(listed);
  if (Array.isArray(listed)) return listed.flatMap(entryOf);
  if (typeof listed !== 'object' || listed === null) return [];
  return Object.entries(listed).flatMap(([field, issues]) =>
    (Array.isArray(issues) ? issues : [issues]).flatMap((issue) =>
      typeof issue === 'string' ? [{ field, issue }] : [],
    ),
  );
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
  return split(message, '', 0)
    .slice(0, MAX_DETAILS)
    .map(({ field, issue }) => ({ field: withoutStruct(field), issue }));
}

function wrongType(message: string): readonly Detail[] {
  const issue = 'has the wrong type';
  const member = GO_FIELD.exec(message)?.[1];
  if (member !== undefined) {
    const field = withoutStruct(member);
    return [{ field: field === member ? member.replace(/^\w*\./, '') : field, issue }];
  }
  const struct = GO_VALUE.exec(message)?.[1] ?? '';
  const field = withoutStruct(struct);
  return field === struct ? [] : [{ field, issue }];
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
  readonly told: readonly Detail[];
  readonly unmapped: readonly string[];
  /** Fields were refused, and none of them is one that a user fills in. */
  readonly ownDoing: boolean;
}

const NONE: MappedFields = { told: [], unmapped: [], ownDoing: false };

/**
 * Renames fields; one that is not named is left out. Without names of the platform's, those pass that the provider
 * documents. The name of an internal struct never passes.
 */
export function mapFields(
  details: readonly Detail[],
  name: ((field: string) => string | undefined) | 'none' | undefined,
): MappedFields {
  if (details.length === 0 || name === 'none') return NONE;
  const nameOf = name ?? ((field) => (isRequestField(field) ? field : undefined));
  const named = details.map(({ field: from, issue }) => {
    const field = nameOf(from);
    return { from, field: field === from && isStruct(field) ? undefined : field, issue };
  });
  const told = named.flatMap(({ field, issue }) => (typeof field === 'string' ? [{ field, issue }] : []));
  return {
    told,
    unmapped: named.filter(({ field }) => typeof field !== 'string').map(({ from }) => from),
    ownDoing: name !== undefined && told.length === 0,
  };
}

/** A field as a reply tells it. */
type Told = NonNullable<Problem['errors']>[number];

/** Fields as a reader reads them, and those whose words are in English whatever the language of the reply. */
export interface WordedFields {
  readonly errors: readonly Told[];
  readonly english: ReadonlySet<Told>;
}

export function wordedFields(told: readonly Detail[], audience: Audience, issues: Issues): WordedFields {
  const english = new Set<Told>();
  const errors = told.map(({ field, issue }) => {
    const { text, isEnglish } = issueText(issue, audience, issues);
    const error = { field, detail: text };
    if (isEnglish) english.add(error);
    return error;
  });
  return { errors: withinBudget(errors, (error) => JSON.stringify(error)), english };
}

/** As many as fit in 16 KiB with all the rest, `written` in the form that they are sent in. */
export function withinBudget(errors: readonly Told[], written: (error: Told) => string): readonly Told[] {
  let left = MAX_BYTES;
  return errors.filter((error) => {
    left -= Buffer.byteLength(written(error));
    return left >= 0;
  });
}
