/**
 * Every `ts` block of README.md and docs/ compiles, under the repository's own strict settings and against its sources.
 *
 * A block is a module of its own. One that begins with `// continues` goes on where the block before it on the same
 * page has ended, and shares its imports and names.
 */
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import ts from 'typescript';
import { blocksOf, PAGES, ROOT, type Block, type Page } from './pages.js';

const CONTINUES = '// continues';

/** The provider's SDK, which no test installs: the part of it that our pages show. */
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
`;

interface Snippet {
  /** Where a reader finds it: `docs/koa.md:5`. */
  readonly name: string;
  readonly file: string;
  /** The whole page, with every line emptied that is not part of it: lines count as on the page. */
  readonly text: string;
}

const SNIPPETS = PAGES.flatMap(snippetsOf);

function snippetsOf(page: Page): Snippet[] {
  let before: Block[] = [];
  return blocksOf(page)
    .filter(({ language }) => language === 'ts')
    .map((block) => {
      before = isContinued(block) ? [...before, block] : [block];
      const text = page.lines.map(() => '');
      for (const { line, code } of before) text.splice(line - 1, code.length, ...code);
      const name = `${page.path}:${String(block.line)}`;
      return {
        name,
        file: join(ROOT, 'test', 'docs', `${name.replace(/\W/g, '-')}.ts`),
        text: text.join('\n'),
      };
    });
}

function isContinued({ code }: Block): boolean {
  return code[0]?.trim() === CONTINUES;
}

/** Compiles all snippets as one program, none of them on disk, and tells what is wrong with each. */
function compile(snippets: readonly Snippet[]): Map<string, string[]> {
  const surroundings = {
    name: '',
    file: join(ROOT, 'test', 'docs', 'surroundings.d.ts'),
    text: SURROUNDINGS,
  };
  const virtual = new Map([...snippets, surroundings].map(({ file, text }) => [file, text]));
  const options = settings();
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
  return new Map(
    snippets.map(({ name, file }) => {
      const source = program.getSourceFile(file);
      const diagnostics = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ];
      return [name, diagnostics.map(told)];
    }),
  );
}

function settings(): ts.CompilerOptions {
  const path = join(ROOT, 'test', 'tsconfig.json');
  const parsed = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path, (file) => ts.sys.readFile(file)).config,
    ts.sys,
    join(ROOT, 'test'),
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
].map((wrong, at) => {
  const name = `wrong-${String(at)}`;
  return { ...wrong, name, file: join(ROOT, 'test', 'docs', `${name}.ts`) };
});

let found: Map<string, string[]>;

beforeAll(() => {
  found = compile([...SNIPPETS, ...WRONG]);
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
  expect(labels.filter((label) => !/ (ts|json|http|sh|text|html)$/.test(label))).toEqual([]);
});
