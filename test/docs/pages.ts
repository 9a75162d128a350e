import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** One Markdown page. Lines count from 1, as editors do. */
export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly lines: readonly string[];
}

export interface Block {
  readonly language: string;
  /** The line of its first line of code. */
  readonly line: number;
  readonly code: readonly string[];
}

export interface Table {
  /** The heading that it stands under. */
  readonly heading: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** README.md, if there is one, and everything under docs. */
export const PAGES: readonly Page[] = [
  ...(existsSync(join(ROOT, 'README.md')) ? ['README.md'] : []),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
    .map((path) => join('docs', path))
    .sort(),
].map(readPage);

export function readPage(path: string): Page {
  return { path, lines: readFileSync(join(ROOT, path), 'utf8').split('\n') };
}

const FENCE = /^\s*(`{3,}|~{3,})\s*(\S*)/;

export function blocksOf({ lines }: Page): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; block: { language: string; line: number; code: string[] } } | undefined;
  lines.forEach((line, at) => {
    const [, fence = '', language = ''] = FENCE.exec(line) ?? [];
    if (open === undefined) {
      if (fence !== '') open = { fence, block: { language, line: at + 2, code: [] } };
    } else if (fence.startsWith(open.fence) && language === '') {
      blocks.push(open.block);
      open = undefined;
    } else {
      open.block.code.push(line);
    }
  });
  return blocks;
}

/** The lines of a page with those of its code blocks emptied. */
export function proseOf(page: Page): string[] {
  const prose = [...page.lines];
  for (const { line, code } of blocksOf(page)) prose.fill('', line - 2, line + code.length);
  return prose;
}

export function headingsOf(page: Page): string[] {
  return proseOf(page).flatMap((line) => /^#{1,6} (.+)$/.exec(line)?.[1] ?? []);
}

export function tablesOf(page: Page): Table[] {
  const tables: { heading: string; header: string[]; rows: string[][] }[] = [];
  let heading = '';
  let isInside = false;
  for (const line of proseOf(page)) {
    heading = /^#{1,6} (.+)$/.exec(line)?.[1] ?? heading;
    if (!line.trimStart().startsWith('|')) isInside = false;
    else if (!isInside) {
      tables.push({ heading, header: cellsOf(line), rows: [] });
      isInside = true;
    } else if (!/^[\s|:-]+$/.test(line)) {
      tables.at(-1)?.rows.push(cellsOf(line));
    }
  }
  return tables;
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** The first table under a heading, or the one that begins with `column`: its rows as records. */
export function rowsUnder(page: Page, heading: string, column?: string): Record<string, string>[] {
  const table = tablesOf(page).find(
    (found) => found.heading === heading && (column === undefined || found.header[0] === column),
  );
  if (table === undefined) throw new Error(`${page.path} has no such table under "${heading}"`);
  return table.rows.map((cells) =>
    Object.fromEntries(table.header.map((name, at) => [name, cells[at] ?? ''])),
  );
}

/** What a table lists in its first column. */
export function listedUnder(page: Page, heading: string, column?: string): string[] {
  return rowsUnder(page, heading, column).map((row) => plainText(Object.values(row)[0] ?? ''));
}

/** The properties of a type: one that is forgotten, or is too many, does not compile. */
export const keysOf = <T>(members: Record<keyof T, 0>): string[] => Object.keys(members);

/** The words of a union, as exactly. */
export const keysOfUnion = <Word extends string>(words: Record<Word, 0>): string[] => Object.keys(words);

export const inAnyOrder = (names: Iterable<string>): string[] => [...names].sort();

/** What at least one of some records has. */
export function keysOfAny(records: readonly object[]): string[] {
  return inAnyOrder(new Set(records.flatMap((record) => Object.keys(record))));
}

/** What each of them has. */
export function keysOfAll(records: readonly object[]): string[] {
  return keysOfAny(records).filter((key) => records.every((record) => key in record));
}

/** What a cell or heading says, without its Markdown. */
export function plainText(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
}
