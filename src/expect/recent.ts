/**
 * A function that remembers its latest answers. It knows what it was given by identity: cases that have something in common
 * mostly stand together, and to keep the rules and connections of thousands would take much memory.
 */
export function recently<const Given extends readonly unknown[], Answer>(
  kept: number,
  find: (given: Given) => Answer,
): (given: Given) => Answer {
  const known: { readonly given: Given; readonly answer: Answer }[] = [];
  let oldest = 0;
  return (given) => {
    const before = known.find((each) => each.given.every((part, index) => part === given[index]));
    if (before !== undefined) return before.answer;
    const answer = find(given);
    known[oldest] = { given, answer };
    oldest = (oldest + 1) % kept;
    return answer;
  };
}
