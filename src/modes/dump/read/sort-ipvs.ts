import { serverTranslator, setTranslator } from '../../../lang/ipvs/read/listed-ipvs.ts';
import type { NumberedLine, SectionOf, Sorting } from './sorting.ts';

/** What `ipset list` or `ipvsadm -Ln` prints begins, or goes on. */
export function useTranslator(sorting: Sorting, tool: 'set' | 'server', line: NumberedLine): void {
  const { section } = sorting;
  const kept = section.kind === 'ipvs' && section.tool === tool ? section : undefined;
  const next = kept ?? {
    kind: 'ipvs',
    tool,
    translate: tool === 'set' ? setTranslator() : serverTranslator(),
  };
  sorting.section = next;
  translate(sorting, next, line);
}

/** A line of it, as the tools would save it. */
export function translate(
  sorting: Sorting,
  section: SectionOf<'ipvs'>,
  { text, number }: NumberedLine,
): void {
  const translated = section.translate(text);
  if (translated !== undefined) sorting.ipvs.set(number, translated);
}
