/** A chain with its rules, or a set or map with its elements: as lines, which are equal when they do the same. */
export interface RulePart {
  readonly name: string;
  readonly lines: readonly string[];
}

/** What a mode programs, in parts that can be compared. */
export interface RuleParts {
  readonly chains: Iterable<RulePart>;
  /** Sets and maps, and the virtual servers of IPVS. */
  readonly maps: Iterable<RulePart>;
}
