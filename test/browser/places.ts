import * as fs from 'node:fs';
import * as path from 'node:path';
import ts from 'typescript';

/** A view as the page lists it: every one of them, so that no test forgets a new one. */
export interface ListedPlace {
  readonly place: string;
  /** Whether it is shown by itself, and whether one thing of it is. */
  readonly page: boolean;
  readonly one: boolean;
}

/** The list of views of web/src/places.tsx, read from its source: the page's code needs a browser to run. */
export function listedPlaces(): ListedPlace[] {
  const file = path.join(import.meta.dirname, '..', '..', 'web', 'src', 'places.tsx');
  const text = fs.readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: ListedPlace[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'places' && node.initializer) {
      if (!ts.isArrayLiteralExpression(node.initializer)) throw new Error('the list of views is no list');
      for (const element of node.initializer.elements) found.push(placeOf(element));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  if (found.length === 0) throw new Error('no list of views was found');
  return found;
}

function placeOf(element: ts.Expression): ListedPlace {
  if (!ts.isObjectLiteralExpression(element)) throw new Error(`no view: ${element.getText()}`);
  const names = new Map(
    element.properties
      .filter((property) => ts.isPropertyAssignment(property))
      .map((property) => [property.name.getText(), property.initializer] as const),
  );
  const place = names.get('place');
  if (!place || !ts.isStringLiteral(place)) throw new Error(`a view without a name: ${element.getText()}`);
  return { place: place.text, page: names.has('page'), one: names.has('one') };
}
