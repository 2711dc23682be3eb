import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { german } from '../../web/src/words/de.ts';
import { english } from '../../web/src/words/en.ts';

const words = Object.keys(english) as (keyof typeof english)[];
const blanks = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
const source = path.join(import.meta.dirname, '..', '..', 'web', 'src');

/** The page's own source, without its words. */
const files = fs
  .readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((name) => name.split(path.sep).join('/'))
  .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('words/'))
  .map((name) => {
    const text = fs.readFileSync(path.join(source, name), 'utf8');
    const kind = name.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
    return { name, file: ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, kind) };
  });

function each(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => each(child, visit));
}

/** Words named whole anywhere, and beginnings of those that are made: `named('role', x)`, `t(`note.${kind}`)`. */
function uses(): { whole: Set<string>; begun: Set<string>; ended: Set<string> } {
  const [whole, begun, ended] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { file } of files) {
    each(file, (node) => {
      if (ts.isStringLiteralLike(node)) whole.add(node.text);
      if (ts.isTemplateExpression(node)) {
        begun.add(node.head.text);
        if (node.head.text === '') ended.add(node.templateSpans.at(-1)!.literal.text);
      }
      if (ts.isCallExpression(node) && node.expression.getText() === 'named') {
        const [list] = node.arguments;
        if (list && ts.isStringLiteralLike(list)) begun.add(`${list.text}.`);
      }
    });
  }
  return { whole, begun, ended };
}

test('every word stands in both languages, with the same blanks', () => {
  assert.ok(words.length > 200, `${words.length} words`);
  assert.deepEqual(Object.keys(german).sort(), [...words].sort());
  for (const word of words) {
    assert.deepEqual(blanks(german[word]), blanks(english[word]), word);
    assert.notEqual(german[word].trim(), '', word);
  }
});

test('what has two forms counts something', () => {
  for (const [language, texts] of Object.entries({ english, german })) {
    for (const word of words) {
      const forms = texts[word].split('|');
      assert.ok(forms.length <= 2, `${language} ${word}`);
      if (forms.length === 2) assert.ok(texts[word].includes('{n}') || word === 'person.provisional', word);
    }
  }
});

test('every word that the page names is there, and every word that is there is used', () => {
  const { whole, begun, ended } = uses();
  const known = new Set<string>(words);
  for (const { name, file } of files) {
    each(file, (node) => {
      if (!ts.isCallExpression(node) || node.expression.getText() !== 't') return;
      const [word] = node.arguments;
      if (word && ts.isStringLiteralLike(word)) assert.ok(known.has(word.text), `${name}: ${word.text}`);
    });
  }
  const beginnings = [...begun].filter((text) => text.includes('.'));
  const endings = [...ended].filter((text) => /^\.\w/.test(text));
  const unused = words.filter(
    (word) =>
      !whole.has(word) &&
      !beginnings.some((beginning) => word.startsWith(beginning)) &&
      !endings.some((ending) => word.endsWith(ending)),
  );
  assert.deepEqual(unused, []);
});

/** The same in every language, or a name. */
const sameEverywhere = /^\W*(Waymark|UTC|TLP|Ctrl K|kind|value|SHA-256)?\W*$/;
/** Files that are still in English alone; a file that is translated leaves the list, and none may come. */
const onlyEnglish = ['views/exhibit.tsx', 'views/exhibits.tsx', 'views/search-help.tsx'];

test('no view says anything in one language alone', () => {
  const found = new Map<string, string[]>();
  for (const { name, file } of files) {
    each(file, (node) => {
      if (!ts.isJsxText(node)) return;
      const text = node.text.trim().replace(/\s+/g, ' ');
      if (!/[A-Za-z]{2}/.test(text) || sameEverywhere.test(text)) return;
      found.set(name, [...(found.get(name) ?? []), text]);
    });
  }
  const told = [...found].filter(([name]) => !onlyEnglish.includes(name));
  assert.deepEqual(told, [], 'words belong into web/src/words, in both languages');
});

test('German is no copy of English', () => {
  const alike = words.filter(
    (word) => german[word] === english[word] && /[a-z]{3} [a-z]{3}/i.test(english[word]),
  );
  assert.deepEqual(alike, []);
});
