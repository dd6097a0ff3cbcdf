/**
 * Who objects. `api`: the API server or its allocators refuse it. `cross`: two objects contradict each other.
 * `node`: a node could not program it, or would program something unsafe. `input`: not readable, or wrong usage.
 */
export type CodeCategory = 'api' | 'cross' | 'node' | 'input';

export interface CodeDescription {
  readonly category: CodeCategory;
  /** One line: what is wrong when this code appears. */
  readonly summary: string;
}
