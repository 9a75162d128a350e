/**
 * Every `ts` block of README.md and docs/ compiles, under the repository's own strict settings and against its sources.
 *
 * A block is a module of its own. One that begins with `// continues` goes on where the block before it on the same
 * page has ended, and shares its imports and names.
 *
 * A block below a line that names a file under docs/examples is that file, and compiles in its place.
 *
 * Blocks with decorators compile with and without `experimentalDecorators`; those for NestJS and routing-controllers
 * only with it.
 */
import { dirname, join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import ts from 'typescript';
import { blocksOf, PAGES, ROOT, type Block, type Page } from './pages.js';

const CONTINUES = '// continues';

/** Folders of `test` with compiler settings of their own: with standard decorators, and with legacy ones. */
const STANDARD = '.';
const LEGACY = 'legacy';

/** The provider's SDK and Sentry's, which no test installs: the parts of them that our pages show. */
const SURROUNDINGS = `
  declare module 'lakipay-js-sdk' {
    export class LakipaySDK {
      constructor(config: {
        apiKey: string;
        environment?: 'sandbox' | 'production' | 'custom';
        timeoutMs?: number;
        retries?: number;
        logRequests?: boolean;
      });
      readonly payments: {
        createDirectPayment(payment: object): Promise<{ transaction_id?: string }>;
      };
    }
  }
  declare module '@sentry/node' {
    interface ErrorEvent {
      request?: { data?: unknown; cookies?: unknown; headers?: unknown; query_string?: unknown };
    }
    export function init(options: {
      dsn?: string | undefined;
      beforeSend?: (event: ErrorEvent, hint: { originalException?: unknown }) => ErrorEvent | null;
    }): unknown;
    export function captureEvent(event: {
      level?: 'info' | 'warning' | 'error';
      message?: string;
      fingerprint?: string[];
      tags?: Record<string, string>;
      extra?: Record<string, unknown>;
    }): string;
  }
`;

interface Snippet {
  /** Where a reader finds it: `docs/koa.md:5`. */
  readonly name: string;
  readonly folder: string;
  readonly file: string;
  /** The whole page, with every line emptied that is not part of it: lines count as on the page. */
  readonly text: string;
}

const SNIPPETS = PAGES.flatMap(snippetsOf);

function snippetsOf(page: Page): Snippet[] {
  let before: Block[] = [];
  return blocksOf(page)
    .filter(({ language }) => language === 'ts')
    .flatMap((block) => {
      before = isContinued(block) ? [...before, block] : [block];
      const text = page.lines.map(() => '');
      for (const { line, code } of before) text.splice(line - 1, code.length, ...code);
      const place = `${page.path}:${String(block.line)}`;
      const named = fileOf(page, block);
      return foldersOf(text.join('\n')).map((folder) => ({
        name: folder === LEGACY ? `${place} with legacy decorators` : place,
        folder,
        file: join(ROOT, named ?? join('test', folder, `${place.replace(/\W/g, '-')}.ts`)),
        text: text.join('\n'),
      }));
    });
}

function fileOf({ lines }: Page, { line }: Block): string | undefined {
  return /^`(docs\/examples\/[\w.-]+)`:$/.exec(lines[line - 4] ?? '')?.[1];
}

function foldersOf(text: string): string[] {
  if (/'(@nestjs\/|routing-controllers')/.test(text)) return [LEGACY];
  return /^ *@\w+\(/m.test(text) ? [STANDARD, LEGACY] : [STANDARD];
}

function isContinued({ code }: Block): boolean {
  return code[0]?.trim() === CONTINUES;
}

/** Compiles the snippets of a folder as one program, none on disk, and tells what is wrong with each. */
function compile(folder: string): [name: string, messages: string[]][] {
  const snippets = [...SNIPPETS, ...WRONG].filter((snippet) => snippet.folder === folder);
  const surroundings = { file: join(ROOT, 'test', folder, 'surroundings.d.ts'), text: SURROUNDINGS };
  const virtual = new Map([...snippets, surroundings].map(({ file, text }) => [file, text]));
  const options = settings(folder);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => virtual.has(path) || fileExists(path);
  host.readFile = (path) => virtual.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = virtual.get(path);
    return text === undefined
      ? getSourceFile(path, version, ...rest)
      : ts.createSourceFile(path, text, version, true);
  };

  const program = ts.createProgram([...virtual.keys()], options, host);
  return snippets.map(({ name, file }) => {
    const source = program.getSourceFile(file);
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return [name, diagnostics.map(told)];
  });
}

function settings(folder: string): ts.CompilerOptions {
  const path = join(ROOT, 'test', folder, 'tsconfig.json');
  const parsed = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path, (file) => ts.sys.readFile(file)).config,
    ts.sys,
    dirname(path),
    undefined,
    path,
  );
  expect(parsed.errors).toEqual([]);
  return parsed.options;
}

function told({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
  return `line ${String(line)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}

/** Blocks with a mistake, and what must be said of each. */
const WRONG = [
  {
    text: "import { lakiconnect } from 'lakiconnect-middleware/express';\nlakiconnect({ audiance: 'merchant' });",
    says: "line 2: Object literal may only specify known properties, and 'audiance' does not exist",
  },
  {
    text: "import { createLakiConnect } from 'lakiconnect-middleware';\ncreateLakiConnect().translate(1).status;",
    says: 'line 2: Object is possibly',
  },
  {
    text: "import { nothing } from 'lakiconnect-middleware/koa';",
    says: "line 1: Module '\"lakiconnect-middleware/koa\"' has no exported member 'nothing'",
  },
  {
    text: 'const level: number = process.env.LEVEL;',
    says: "line 1: Type 'string | undefined' is not assignable",
  },
  {
    text: "import axios from 'axios';\nawait axios.post({ url: '/' });",
    says: 'line 2: Argument of type',
  },
  { text: "import x from 'not-installed';", says: "line 1: Cannot find module 'not-installed'" },
  { text: 'const open = {;', says: 'line 1: ' },
  {
    text: "import { Catch } from '@nestjs/common';\nclass A {\n  @Catch()\n  a() {}\n}",
    says: 'line 3: Unable to resolve signature of method decorator',
  },
].map((wrong, at) => {
  const [folder = STANDARD] = foldersOf(wrong.text);
  const name = `wrong-${String(at)}`;
  return { ...wrong, name, folder, file: join(ROOT, 'test', folder, `${name}.ts`) };
});

let found: Map<string, string[]>;

beforeAll(() => {
  found = new Map([STANDARD, LEGACY].flatMap(compile));
}, 60_000);

it.each(SNIPPETS.map(({ name }) => name))('%s compiles', (name) => {
  expect(found.get(name)).toEqual([]);
});

it.each(WRONG)('a block with a mistake would not: $text', ({ name, says }) => {
  expect(found.get(name)?.map((message) => message.slice(0, says.length))).toContain(says);
});

it('a block that continues has a block to continue', () => {
  for (const page of PAGES) {
    const [first] = blocksOf(page).filter(({ language }) => language === 'ts');
    expect(`${page.path}: ${String(first !== undefined && isContinued(first))}`).toBe(`${page.path}: false`);
  }
});

it('no block escapes by its label', () => {
  const labels = PAGES.flatMap((page) =>
    blocksOf(page).map(({ language, line }) => `${page.path}:${String(line)} ${language}`),
  );
  // The package check runs the page of five minutes.
  const allowed = / (ts|json|http|sh|text|html)$|^docs\/five-minutes\.md:\d+ js$/;
  expect(labels.filter((label) => !allowed.test(label))).toEqual([]);
});
