import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A regular expression in the code. */
export interface Expression {
  /** Where it stands, such as `src/settle.ts: /\/+$/`. */
  readonly name: string;
  /** `undefined` if it is built from what is only known later. */
  readonly pattern: RegExp | undefined;
}

/** Every literal, `new RegExp(…)` and `RegExp(…)` in the TypeScript files of some folders. */
export function expressionsIn(folders: readonly string[]): readonly Expression[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .sort()
      .flatMap((path) => expressionsOf(join(folder, path))),
  );
}

function expressionsOf(path: string): readonly Expression[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Expression[] = [];
  const constants = new Map<string, string>();

  function visit(node: ts.Node): void {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) {
      const value = textOf(node.initializer, constants);
      if (value !== undefined) constants.set(node.name.text, value);
    }
    const name = `${path}: ${node.getText(file)}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ name, pattern: new RegExp(node.text.slice(1, end), node.text.slice(end + 1)) });
    } else if (isConstruction(node)) {
      const [source, flags] = node.arguments ?? [];
      const [text, given] = [source, flags].map((part) => part && textOf(part, constants));
      const isKnown = text !== undefined && (flags === undefined || given !== undefined);
      found.push({ name, pattern: isKnown ? new RegExp(text, given) : undefined });
    }
    ts.forEachChild(node, visit);
  }

  visit(file);
  return found;
}

function isConstruction(node: ts.Node): node is ts.NewExpression | ts.CallExpression {
  return (
    (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'RegExp'
  );
}

/** A text of the file's own: literal, or a template of its constants. */
function textOf(node: ts.Expression, constants: ReadonlyMap<string, string>): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  const parts = node.templateSpans.map(({ expression, literal }) => {
    const value = ts.isIdentifier(expression) ? constants.get(expression.text) : undefined;
    return value === undefined ? undefined : value + literal.text;
  });
  return parts.includes(undefined) ? undefined : node.head.text + parts.join('');
}
