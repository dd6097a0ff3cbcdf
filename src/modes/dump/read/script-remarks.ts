import type { NftScript } from '../../../lang/nftables/read/script.ts';

/** What a script leaves open beside what nft lists of it. */
export function scriptRemarks(script: NftScript | undefined): readonly string[] {
  if (script === undefined) return [];
  const [first, ...others] = script.includes;
  return [
    'this is a script for "nft -f": what is loaded may be something else, which "nft list ruleset" prints',
    ...(first === undefined
      ? []
      : [
          `line ${first.line} includes ${JSON.stringify(first.file)}, whose rules are not in this answer${others.length === 0 ? '' : `, nor those of ${others.length} more files`}`,
        ]),
  ];
}
