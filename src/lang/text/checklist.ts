/** Lines that have no order, to be told by their texts. */
export interface Checklist<Line> {
  /** Ticks off a line that has this text. @returns whether there is one; also when that has been ticked off before */
  readonly check: (text: string) => boolean;
  /** In their order. A line that repeats another one stays. */
  readonly unchecked: () => Iterable<Line>;
}

/** Of lines that are in memory. */
export function checklistOfLines<Line extends { readonly text: string }>(
  lines: Iterable<Line>,
): Checklist<Line> {
  const all = [...lines];
  const byText = new Map<string, Line>();
  for (const line of all.toReversed()) byText.set(line.text, line);
  const checked = new Set<Line>();
  return {
    check: (text) => {
      const line = byText.get(text);
      if (line !== undefined) checked.add(line);
      return line !== undefined;
    },
    unchecked: () => all.filter((line) => !checked.has(line)),
  };
}
