import { parseArgs, styleText } from 'node:util';
import { shown } from '../judge.js';
import { CODES } from '../translation/codes.js';
import { KINDS, RULES, type Kind, type Rule } from '../translation/rules.js';
import { GUIDE } from './guide.js';
import { nearest } from '../nearest.js';
import { AUDIENCES, LOCALES, pageOf } from './page.js';
import { plainPage, type Emphasis } from './plain-page.js';

/** As much of a process as a command needs. */
export interface Terminal {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
}

const OR = new Intl.ListFormat('en-GB', { type: 'disjunction' });

const HELP = `Usage: lakiconnect-middleware explain [kind] [options]

Explains a kind of error: what it means, how it is answered, and what to do about it.
A code of LakiConnect's is explained as the kind that it means. Without a kind, all are listed.

Options:
  --audience <reader>  ${OR.format(AUDIENCES)}; both by default
  --lang <tag>         ${OR.format(LOCALES.map(({ tag }) => tag))}; all by default
  --json               as JSON
  -h, --help           this text
`;

/** What a user of the command did wrong, in a sentence for them. */
class Misuse extends Error {}

/** Does what a command line says. @returns the code to exit with: 1 if it says nothing that can be done. */
export function command(args: readonly string[], { stdout, stderr, env }: Terminal): number {
  const isBold = stdout.isTTY === true && !env['NO_COLOR']; // https://no-color.org
  try {
    stdout.write(
      `${said(args, (line) => (isBold ? styleText('bold', line, { validateStream: false }) : line))}\n`,
    );
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof Misuse)) throw thrown;
    stderr.write(`${thrown.message}\nlakiconnect-middleware --help tells more.\n`);
    return 1;
  }
}

function said(args: readonly string[], heading: Emphasis): string {
  const { values, positionals } = parsed(args);
  if (values.help === true) return HELP.trimEnd();
  const [name, kindName, ...more] = positionals;
  if (name !== 'explain')
    throw new Misuse(name === undefined ? 'There is no command.' : `There is no command ${shown(name)}.`);
  if (more.length > 0) throw new Misuse('Explain one kind at a time.');
  const audiences = one('audience', values.audience, AUDIENCES, (audience) => audience);
  const locales = one('lang', values.lang, LOCALES, ({ tag }) => tag);
  if (kindName === undefined)
    return values.json === true ? JSON.stringify(LIST, undefined, 2) : list(heading);
  const page = pageOf(kindNamed(kindName), audiences, locales);
  return values.json === true ? JSON.stringify(page, undefined, 2) : plainPage(page, heading);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        audience: { type: 'string' },
        lang: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (thrown) {
    throw new Misuse((thrown as Error).message);
  }
}

/** What an option picks of what there is; all, where it picks nothing. */
function one<T>(
  option: string,
  chosen: string | undefined,
  all: readonly T[],
  nameOf: (each: T) => string,
): readonly T[] {
  const found = all.filter((each) => chosen === undefined || nameOf(each) === chosen);
  if (found.length > 0) return found;
  throw new Misuse(`--${option} is ${shown(chosen)}, expected ${OR.format(all.map(nameOf))}.`);
}

function kindNamed(name: string): Kind {
  const typed = name.toUpperCase().replaceAll('-', '_');
  const kind = KINDS.find((each) => each === typed) ?? CODES.get(typed);
  if (kind !== undefined) return kind;
  const masked = KINDS.filter((each) => isAnsweredWith(typed, RULES[each]));
  if (masked.length > 0) {
    throw new Misuse(
      `${typed} is what readers are told in place of ${masked.join(', ')}: the event \`translated\` has the kind.`,
    );
  }
  const near = nearest(typed, [...KINDS, ...CODES.keys()]);
  throw new Misuse(`There is no kind ${shown(name)}.${near === undefined ? '' : ` Did you mean ${near}?`}`);
}

function isAnsweredWith(code: string, { code: own, customer }: Rule): boolean {
  return own === code || customer?.code === code;
}

const LIST = KINDS.map((kind) => ({ kind, meaning: GUIDE[kind].meaning }));

function list(heading: Emphasis): string {
  const width = Math.max(...KINDS.map(({ length }) => length));
  const short = (meaning: string): string => meaning.replace(/\..*/, '');
  return LIST.map(({ kind, meaning }) => `${heading(kind.padEnd(width))}  ${short(meaning)}`).join('\n');
}
