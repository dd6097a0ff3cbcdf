import { readFileSync } from 'node:fs';
import ts from '@typescript/typescript6';

/** A regular expression of a module. */
export interface Pattern {
  /** `src/model/ip.ts:24`. */
  readonly place: string;
  readonly expression: RegExp;
}

/** What of a module makes regular expressions. */
interface Patterns {
  readonly patterns: readonly Pattern[];
  /** Places of those that are put together at run time. */
  readonly dynamic: readonly string[];
}

/** Every regular expression that a module writes down: `/…/`, and `new RegExp(…)` of texts and constants of the module. */
export function patternsOf(path: string): Patterns {
  const patterns: Pattern[] = [];
  const dynamic: string[] = [];
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const constants = constantsOf(source);
  const visit = (node: ts.Node): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    const place = `${path}:${line}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      patterns.push({ place, expression: new RegExp(node.text.slice(1, end), node.text.slice(end + 1)) });
    } else if (ts.isNewExpression(node) && node.expression.getText(source) === 'RegExp') {
      const [text, flags = ''] = (node.arguments ?? []).map((argument) => textOf(argument, constants));
      if (text === undefined) dynamic.push(path);
      else patterns.push({ place, expression: new RegExp(text, flags) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { patterns, dynamic };
}

type Constants = ReadonlyMap<string, ts.Expression>;

function constantsOf(source: ts.SourceFile): Constants {
  const constants = new Map<string, ts.Expression>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined)
      constants.set(node.name.text, node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return constants;
}

/** What an expression is, if it is made of texts alone. */
function textOf(node: ts.Expression, constants: Constants): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isIdentifier(node)) {
    const value = constants.get(node.text);
    return value === undefined ? undefined : textOf(value, constants);
  }
  if (!ts.isTaggedTemplateExpression(node))
    return ts.isTemplateExpression(node) ? join(node, constants) : undefined;
  if (node.tag.getText() !== 'String.raw') return undefined;
  return ts.isTemplateExpression(node.template)
    ? join(node.template, constants, (part) => part.rawText ?? part.text)
    : node.template.rawText;
}

function join(
  { head, templateSpans }: ts.TemplateExpression,
  constants: Constants,
  spelled = (part: ts.TemplateLiteralLikeNode) => part.text,
): string | undefined {
  const values = templateSpans.map(({ expression }) => textOf(expression, constants));
  if (values.includes(undefined)) return undefined;
  return templateSpans.reduce(
    (text, { literal }, index) => `${text}${values[index] ?? ''}${spelled(literal)}`,
    spelled(head),
  );
}
