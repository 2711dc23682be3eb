import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

/** Rules for the page's own source, held by reading it as TypeScript does. */
const web = path.join(import.meta.dirname, '..', '..', 'web');
const renderer = 'ui/evidence-text.tsx';
/** May turn evidence into plain text: the renderer, what it is made of, and what makes addresses of pointers. */
const mayUnwrap = [
  renderer,
  'ui/evidence.ts',
  'router.tsx',
  'ui/source-link.tsx',
  'parts.ts',
  'ui/copy.ts',
  'ui/search-query.ts',
];
/** Where text stands that is no element: drawings and drafts. They take it as it is seen, with its marks. */
const mayDraw = ['ui/draft.ts', 'ui/evidence.ts', 'views/network-drawing.tsx', 'views/network-surface.ts'];

interface Source {
  readonly name: string;
  readonly file: ts.SourceFile;
}

function loadProgram(extra: Readonly<Record<string, string>> = {}): {
  program: ts.Program;
  sources: Source[];
} {
  const { config } = ts.readConfigFile(path.join(web, 'tsconfig.json'), ts.sys.readFile);
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, web);
  const host = ts.createCompilerHost(parsed.options);
  const added = new Map(Object.entries(extra).map(([name, text]) => [path.join(web, 'src', name), text]));
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => added.has(path.normalize(file)) || fileExists(file);
  host.readFile = (file) => added.get(path.normalize(file)) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = added.get(path.normalize(file));
    if (text === undefined) return getSourceFile.call(host, file, version, ...rest);
    return ts.createSourceFile(file, text, version, true, ts.ScriptKind.TSX);
  };
  const program = ts.createProgram([...parsed.fileNames, ...added.keys()], parsed.options, host);
  const folder = `${path.join(web, 'src').split(path.sep).join('/')}/`;
  const sources = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(folder))
    .map((file) => ({ name: file.fileName.slice(folder.length), file }));
  return { program, sources };
}

function each(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => each(child, visit));
}

/** Files in which a name is used as code; comments do not count. */
function filesThatUse(sources: readonly Source[], ...names: string[]): string[] {
  const found = new Set<string>();
  for (const { name, file } of sources) {
    each(file, (node) => {
      if (ts.isIdentifier(node) && names.includes(node.text)) found.add(name);
      if (ts.isStringLiteralLike(node) && names.includes(node.text)) found.add(name);
    });
  }
  return [...found].sort();
}

const { program, sources } = loadProgram();
const checker = program.getTypeChecker();

function isEvidence(node: ts.Node): boolean {
  const types = checker.getTypeAtLocation(node);
  const parts = types.isUnion() ? types.types : [types];
  return parts.some((type) => type.symbol?.name === 'Evidence');
}

test('the page is read whole, and it compiles', () => {
  assert.ok(sources.length > 25, `${sources.length} files`);
  const problems = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText);
  assert.deepEqual(problems, []);
});

test('only api.ts speaks to the server', () => {
  const ways = ['fetch', 'EventSource', 'XMLHttpRequest', 'WebSocket', 'sendBeacon', 'WebTransport'];
  assert.deepEqual(filesThatUse(sources, ...ways), ['api.ts']);
});

test('text never becomes markup or code', () => {
  const ways = [
    'dangerouslySetInnerHTML',
    'innerHTML',
    'outerHTML',
    'insertAdjacentHTML',
    'createContextualFragment',
    'DOMParser',
    'srcdoc',
    'eval',
    'Function',
    'importScripts',
  ];
  assert.deepEqual(filesThatUse(sources, ...ways), []);
});

test('no element that shows or loads anything', () => {
  const banned = /^(img|picture|video|audio|source|iframe|object|embed|svg|canvas|image|script|style|link)$/;
  const found: string[] = [];
  for (const { name, file } of sources) {
    each(file, (node) => {
      if (!ts.isJsxOpeningElement(node) && !ts.isJsxSelfClosingElement(node)) return;
      const tag = node.tagName.getText(file);
      if (tag === 'svg' && name === 'ui/drawing.tsx') return;
      if (banned.test(tag)) found.push(`${name}: ${tag}`);
    });
  }
  assert.deepEqual(found, []);
});

test('evidence is turned into plain text by the renderer and for addresses alone', () => {
  const users = sources
    .filter(({ file }) => {
      let used = false;
      each(file, (node) => {
        if (ts.isIdentifier(node) && node.text === 'plain') used = true;
      });
      return used;
    })
    .map(({ name }) => name);
  assert.deepEqual(users.sort(), [...mayUnwrap].sort());
});

test('drawings and drafts take text with its marks, and requests as it is', () => {
  assert.deepEqual(filesThatUse(sources, 'asSeen'), [...mayDraw].sort());
  assert.deepEqual(filesThatUse(sources, 'askedText'), ['api.ts', 'parts.ts']);
});

test('evidence is never made part of a text, an attribute or a class', () => {
  const found: string[] = [];
  const report = (name: string, node: ts.Node) => {
    const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
    found.push(`${name}:${line + 1} ${node.getText()}`);
  };
  for (const { name, file } of sources) {
    if (name === 'ui/evidence.ts') continue;
    each(file, (node) => {
      if (ts.isTemplateSpan(node) && isEvidence(node.expression)) report(name, node.expression);
      if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
        for (const side of [node.left, node.right]) if (isEvidence(side)) report(name, side);
      }
      if (ts.isCallExpression(node) && node.expression.getText() === 'String') {
        for (const argument of node.arguments) if (isEvidence(argument)) report(name, argument);
      }
      if (ts.isAsExpression(node) && isEvidence(node.expression)) report(name, node);
    });
  }
  assert.deepEqual(found, []);
});

test('keys made of evidence are keys and nothing else', () => {
  const found: string[] = [];
  let uses = 0;
  for (const { name, file } of sources) {
    each(file, (node) => {
      if (!ts.isCallExpression(node) || node.expression.getText() !== 'keyOf') return;
      uses++;
      let above: ts.Node = node.parent;
      while (!ts.isJsxAttribute(above) && !ts.isSourceFile(above)) above = above.parent;
      const attribute = ts.isJsxAttribute(above) ? above.name.getText() : '';
      const spread = /^\{ 'data-item': keyOf\(\w+\) \}$/.test(node.parent.parent.getText());
      if (!['key', 'data-item', 'keyOf'].includes(attribute) && !spread)
        found.push(`${name}: ${node.getText()}`);
    });
  }
  assert.ok(uses > 10);
  assert.deepEqual(found, []);
});

/** Each must be refused by the compiler: then the real page cannot hold it either. */
const refused: Readonly<Record<string, string>> = {
  'as a child': '<td>{value}</td>',
  'as an attribute': '<td title={value}>x</td>',
  'as a class': '<td className={value}>x</td>',
  'as a link': '<a href={value}>x</a>',
  'of an answer': '<td>{queue[0]!.accounts[0]!.handle}</td>',
  'as a heading of a list': '<Rows caption={value} heads={[]} rows={[]} row={() => null} />',
};

test('the compiler refuses evidence anywhere but in the renderer', () => {
  const head = [
    "import type { Answer } from './api.ts';",
    "import type { Evidence } from './ui/evidence.ts';",
    "import { EvidenceText } from './ui/evidence-text.tsx';",
    "import { Rows } from './ui/rows.tsx';",
    'type Parts = { readonly value: Evidence; readonly queue: Answer<"showQueue">["queue"] };',
    'export function Try({ value, queue }: Parts) {',
    '  void [value, queue, Rows, EvidenceText];',
  ].join('\n');
  const wrap = (jsx: string) => `${head}\n  return ${jsx};\n}\n`;
  const names = Object.keys(refused).map((_, i) => `try-${i}.tsx`);
  const tries = Object.values(refused).map((jsx, i) => [names[i]!, wrap(jsx)] as const);
  const good = ['try-good.tsx', wrap('<EvidenceText value={queue[0]!.accounts[0]!.handle} />')] as const;
  const { program: tried } = loadProgram(Object.fromEntries([...tries, good]));
  const problemsOf = (name: string) => {
    const file = tried.getSourceFiles().find(({ fileName }) => fileName.endsWith(`/${name}`))!;
    return tried.getSemanticDiagnostics(file).length;
  };
  assert.equal(problemsOf('try-good.tsx'), 0, 'what is right is taken');
  for (const [i, how] of Object.keys(refused).entries()) {
    assert.ok(problemsOf(names[i]!) > 0, `evidence ${how} is refused`);
  }
});

test('nothing in the page names another machine', () => {
  for (const { name, file } of sources) {
    const found = file.text.match(/\b(?:https?|wss?):\/\/[^\s'"`]+/g) ?? [];
    assert.deepEqual(
      found.filter((url) => url !== 'http://waymark.invalid'),
      [],
      name,
    );
  }
  const page = fs.readFileSync(path.join(web, 'index.html'), 'utf8');
  assert.doesNotMatch(page, /https?:|style=|<script(?![^>]*src="\/src\/main\.tsx")/);
});
