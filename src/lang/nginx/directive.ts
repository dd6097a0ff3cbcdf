import { nginxComment, nginxDirective, nginxParameter } from '../text/quote.ts';

/** What nginx fills in for each connection: the only way for a `$` into a configuration. */
interface Variable {
  readonly variable: string;
}

/** Those that are used. */
export const VARIABLES = { client: { variable: '$remote_addr' } } as const satisfies Readonly<
  Record<string, Variable>
>;

/** A statement of an nginx configuration: `listen 80;`, or one with a block behind it. */
export interface Directive {
  readonly name: string;
  readonly parameters: readonly (string | Variable)[];
  /** What stands between its braces, read once; undefined: it has none. */
  readonly block?: Iterable<Directive>;
  /** For the line above it. */
  readonly comment?: string;
}

const INDENT = '    ';

/** Directives as nginx reads them, a piece each, and each with a line break at its end. */
export function* printDirectives(directives: Iterable<Directive>, indent = ''): Generator<string> {
  for (const { name, parameters, block, comment } of directives) {
    if (comment !== undefined) yield `${indent}${nginxComment(comment)}\n`;
    const start = [
      nginxDirective(name),
      ...parameters.map((each) => (typeof each === 'string' ? nginxParameter(each) : each.variable)),
    ].join(' ');
    if (block === undefined) {
      yield `${indent}${start};\n`;
      continue;
    }
    yield `${indent}${start} {\n`;
    yield* printDirectives(block, indent + INDENT);
    yield `${indent}}\n`;
  }
}
