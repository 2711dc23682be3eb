/** Patterns are ours alone: none is made of what a user or an exhibit says. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

const root = path.join(import.meta.dirname, '..', '..');

/** Each `new RegExp(...)` of a source that uses a name which is not a constant of the module. */
function patternsFromValues(text: string): string[] {
  const file = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true);
  const constants = new Set(['String']);
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Const) !== 0)
      for (const { name } of statement.declarationList.declarations) constants.add(name.getText());
    if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings;
      if (bindings && ts.isNamedImports(bindings))
        for (const { name } of bindings.elements) constants.add(name.text);
    }
  }
  const found: string[] = [];
  const uses = (node: ts.Node, own: ReadonlySet<string>): boolean => {
    if (ts.isPropertyAccessExpression(node)) return uses(node.expression, own);
    if (ts.isIdentifier(node)) return !constants.has(node.text) && !own.has(node.text);
    if (ts.isArrowFunction(node))
      return uses(
        node.body,
        new Set([...own, ...node.parameters.flatMap(({ name }) => name.getText().match(/\w+/g) ?? [])]),
      );
    return node.getChildren().some((child) => uses(child, own));
  };
  const walk = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'RegExp') {
      const [pattern] = node.arguments ?? [];
      if (pattern && uses(pattern, new Set())) found.push(pattern.getText());
    }
    ts.forEachChild(node, walk);
  };
  walk(file);
  return found;
}

/** Read and judged: what they are made of is a list of the program's own. */
const judged = new Set(['workbench/witnesses.ts']);

test('no text becomes a regular expression', () => {
  const found = fs
    .readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !judged.has(file.replaceAll('\\', '/')))
    .flatMap((file) =>
      patternsFromValues(fs.readFileSync(path.join(root, 'src', file), 'utf8')).map(
        (each) => `${file}: ${each}`,
      ),
    );
  assert.deepEqual(found, []);
});

test('a pattern made of a parameter would be found', () => {
  const of = (body: string) =>
    patternsFromValues(`const names = ['a'];\nfunction f(given: string) { return ${body}; }`);
  assert.equal(of('new RegExp(given)').length, 1);
  assert.equal(of("new RegExp('^' + given.trim())").length, 1);
  assert.equal(of("new RegExp(names.map((name) => name + '?').join('|'))").length, 0);
});
