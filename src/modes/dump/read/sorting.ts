import type { ListedColumns } from '../../../lang/iptables/read/listed-rule.ts';
import type { LineTranslator } from '../../../lang/ipvs/read/listed-ipvs.ts';
import type { LooseBlock, RulesPart, ToldOrigin } from './loose-rules.ts';

/** What a line is in the middle of. */
type Section =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'save';
      readonly lines: string[];
      readonly firstLine: number;
      readonly told: ToldOrigin;
    }
  | { readonly kind: 'loose'; readonly block: LooseBlock; chain: string; columns: ListedColumns | undefined }
  | { readonly kind: 'ipvs'; readonly translate: LineTranslator; readonly tool: 'set' | 'server' }
  | { readonly kind: 'nft'; depth: number }
  | { readonly kind: 'nft-json'; readonly lines: string[] };

/** One of a kind. */
export type SectionOf<Kind> = Extract<Section, { kind: Kind }>;

/** Where the sorter of a dump is, and what it has found so far. */
export interface Sorting {
  section: Section;
  /** What commands and comments above say of what follows. */
  told: ToldOrigin;
  readonly saves: RulesPart[];
  readonly blocks: LooseBlock[];
  /** By line, from 1. */
  readonly ipvs: Map<number, string>;
  readonly nft: Map<number, string>;
  readonly nftJson: string[];
  strangeLine: number | undefined;
  leftOut: number | undefined;
  /** Chains were listed without interfaces. */
  hasBareLists: boolean;
  readonly passedOver: number[];
}

/** A line, and which one. */
export interface NumberedLine {
  readonly text: string;
  readonly number: number;
}
