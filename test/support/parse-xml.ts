/** An element of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

const CHARACTERS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const NAME = '[A-Za-z][\\w-]*';
const START = new RegExp(`<(${NAME})((?: ${NAME}="[^"<]*")*)(/?)>`, 'y');
const ATTRIBUTE = new RegExp(` (${NAME})="([^"<]*)"`, 'g');
const END = new RegExp(`</(${NAME})>`, 'y');
const TEXT = /[^<]+/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/**
 * Reads the XML that svcgen prints: a declaration, then one element (XML 1.0, 2.1). Stricter than XML, which knows
 * comments, CDATA and other quotes.
 * @throws Error when it is not well-formed
 */
export function parseXml(text: string): XmlElement {
  if (!CHARACTERS.test(text)) throw new Error('a character that XML does not have');
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!text.startsWith(declaration)) throw new Error('no declaration');
  const [root, end] = readElement(text, declaration.length);
  if (text.slice(end) !== '\n') throw new Error('text behind the root');
  return root;
}

function readElement(text: string, position: number): readonly [XmlElement, number] {
  const start = matchAt(START, text, position);
  if (start === undefined) throw new Error(`no element at ${text.slice(position, position + 40)}`);
  const [tag, name = '', list = '', slash = ''] = start;
  const attributes: Record<string, string> = {};
  for (const [, key = '', value = ''] of list.matchAll(ATTRIBUTE)) {
    if (Object.hasOwn(attributes, key)) throw new Error(`${key} stands twice`);
    attributes[key] = withoutEntities(value);
  }
  const children: (XmlElement | string)[] = [];
  let next = position + tag.length;
  while (slash === '') {
    const end = matchAt(END, text, next);
    if (end !== undefined) {
      if (end[1] !== name) throw new Error(`${name} ends as ${end[1]}`);
      next += end[0].length;
      break;
    }
    const words = matchAt(TEXT, text, next);
    if (words === undefined) {
      const [child, after] = readElement(text, next);
      children.push(child);
      next = after;
    } else {
      children.push(withoutEntities(words[0]));
      next += words[0].length;
    }
  }
  return [{ name, attributes, children }, next];
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text) ?? undefined;
}

function withoutEntities(text: string): string {
  return text.replace(/&([^;]*;?)/g, (_, entity: string) => {
    const character = ENTITIES[entity.replace(/;$/, '')];
    if (character === undefined || !entity.endsWith(';')) throw new Error(`no entity &${entity}`);
    return character;
  });
}

/** The elements of a name, at any depth, in their order. */
export function elementsOf(root: XmlElement, name: string): readonly XmlElement[] {
  const children = root.children.filter((child): child is XmlElement => typeof child !== 'string');
  return [...(root.name === name ? [root] : []), ...children.flatMap((child) => elementsOf(child, name))];
}
