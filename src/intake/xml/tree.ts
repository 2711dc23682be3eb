import { localName, type XmlVisitor } from '../xml.ts';

/** An element with all that is in it. Names are local: without their prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All character data directly in the element, white space at its ends taken off. */
  readonly text: string;
  /** Place in the file, in bytes, from its start tag to behind its end tag. */
  readonly offset: number;
  readonly length: number;
}

export interface TreeVisitor {
  /** Whether an element is wanted as a whole. Asked for every element that is not within a wanted one. */
  wants(name: string, attributes: ReadonlyMap<string, string>): boolean;
  /** A wanted element, whole. */
  tree(element: XmlElement): void;
  /** The end of an element that is not within a wanted one, with the text directly in it up to 4 KiB. */
  close(name: string, text: string): void;
  warn(code: string, text: string, offset: number, length: number): void;
}

/** Elements in one tree beyond which further ones are left out. */
const maxElements = 200_000;
/** Characters in one tree beyond which further text is left out. */
const maxCharacters = 16 * 1024 * 1024;
/** Characters that are kept of an element that is not wanted. */
const maxOuterCharacters = 4096;

interface Growing {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  readonly texts: string[];
  readonly offset: number;
}

/** Gathers the wanted elements of a file one at a time, each in memory as a tree. */
export class XmlTrees implements XmlVisitor {
  private readonly visitor: TreeVisitor;
  private readonly stack: Growing[] = [];
  /** Texts of the elements around the wanted ones. */
  private readonly outer: { name: string; text: string }[] = [];
  private elements = 0;
  private characters = 0;
  private leftOut = 0;

  constructor(visitor: TreeVisitor) {
    this.visitor = visitor;
  }

  open(name: string, attributes: ReadonlyMap<string, string>, offset: number): void {
    const local = localName(name);
    if (this.stack.length === 0 && !this.visitor.wants(local, attributes)) {
      this.outer.push({ name: local, text: '' });
      return;
    }
    if (this.elements++ === maxElements) {
      this.visitor.warn('xml-elements', 'an element holds more than is kept of it', offset, 0);
    }
    if (this.elements > maxElements) this.leftOut++;
    else this.stack.push({ name: local, attributes, children: [], texts: [], offset });
  }

  text(text: string): void {
    const growing = this.stack.at(-1);
    if (growing === undefined) {
      const around = this.outer.at(-1);
      if (around && around.text.length < maxOuterCharacters) around.text += text.slice(0, maxOuterCharacters);
    } else if (this.leftOut === 0 && this.characters <= maxCharacters) {
      this.characters += text.length;
      if (this.characters > maxCharacters) {
        this.visitor.warn('xml-text', 'an element holds more text than is kept of it', growing.offset, 0);
      } else growing.texts.push(text);
    }
  }

  close(_name: string, end: number): void {
    if (this.leftOut > 0) {
      this.leftOut--;
      return;
    }
    const growing = this.stack.pop();
    if (growing === undefined) {
      const around = this.outer.pop();
      if (around) this.visitor.close(around.name, around.text.slice(0, maxOuterCharacters).trim());
      return;
    }
    const { name, attributes, children, texts, offset } = growing;
    const element = { name, attributes, children, text: texts.join('').trim(), offset, length: end - offset };
    const parent = this.stack.at(-1);
    if (parent) {
      parent.children.push(element);
      return;
    }
    this.elements = 0;
    this.characters = 0;
    this.visitor.tree(element);
  }

  warn(code: string, text: string, offset: number, length: number): void {
    this.visitor.warn(code, text, offset, length);
  }
}

/** The first child of a name, or undefined. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The text of the first child of a name, or null when there is none or it is empty. */
export function textOf(element: XmlElement | undefined, name: string): string | null {
  return childOf(element, name)?.text || null;
}
