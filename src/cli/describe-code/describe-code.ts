import type { CodeCategory } from '../../diagnostic/code-record.ts';
import { invariant } from '../../diagnostic/invariant.ts';
import { wrapLine } from '../../diagnostic/wrap-line.ts';
import { codeRecords, type DescribedCode, type DiagnosticCode } from './code-records.ts';

const WIDTH = 96;

/** What a category means to a reader. */
export const categoryTitles: Readonly<Record<CodeCategory, string>> = {
  api: 'the API server or its allocators refuse it, or warn of it',
  cross: 'objects contradict each other, or nothing comes of one',
  node: 'the API server takes it, but a node could not program it, or would program something unsafe',
  input: 'the input cannot be read, or does not say enough',
};

/** What a code means, for people at a terminal: `svcgen validate --explain CODE`. Loads the examples, of all codes. */
export async function describeCode(code: DiagnosticCode): Promise<string> {
  const { examples } = await import('./generated/examples.js');
  const record = codeRecords().get(code);
  invariant(record !== undefined, `nothing describes ${code}`);
  const { category, severity, summary, explanation } = record;
  const example = examples[code];
  const parts = [
    `${code} (${severity}, ${category}): ${summary}`,
    wrap(explanation),
    // Codes that are about files, and not about what they hold, have none.
    ...(example === undefined
      ? []
      : [`This fails:\n${indent(example.failing)}`, `This passes:\n${indent(example.passing)}`]),
    wrap(silencing(record)),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Whether, and how, a code can be silenced. */
function silencing({ code, category, severity, isRule }: DescribedCode): string {
  const about = `Category ${category}: ${categoryTitles[category]}.`;
  if (!isRule) {
    return severity === 'error'
      ? `${about} It cannot be silenced.`
      : `${about} Silence it with --disable ${code}.`;
  }
  const how = `${about} Silence it with --disable ${code}, or for one object with its annotation "svcgen/ignore: ${code}".`;
  if (category === 'cross' || severity !== 'error') return how;
  return `${how} An object with such an error makes no rules, silenced or not.`;
}

function wrap(text: string): string {
  return wrapLine(text, WIDTH, 0).join('\n');
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
