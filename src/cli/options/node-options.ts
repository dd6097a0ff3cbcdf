import { type Command, Option } from 'commander';
import type { Shard } from '../../resolve/proxy/shard-nodes.ts';
import { invalidValue } from './invalid-value.ts';

/** What `--node` is for all of them. */
export const EVERY_NODE = '*';

/** Options of rendering for all nodes at once. */
export interface NodeFlags {
  readonly shard?: Shard;
}

/** Adds the options of NodeFlags. */
export function addNodeOptions(command: Command): Command {
  return command.addOption(
    new Option(
      '--shard <i/n>',
      `with --node '${EVERY_NODE}': only part I of N of the nodes, like 1/4, to split them over machines`,
    ).argParser(parseShard),
  );
}

interface AllFlags extends NodeFlags {
  readonly node?: string;
  readonly nodeIp?: readonly string[];
  readonly outputDir?: string;
}

/** What does not go together with all nodes, or only with them. @returns what is wrong, as text */
export function nodeProblem({ node, nodeIp, outputDir, shard }: AllFlags): string | undefined {
  if (node !== EVERY_NODE) {
    return shard === undefined ? undefined : `--shard splits the nodes of --node '${EVERY_NODE}': add that`;
  }
  if (outputDir === undefined)
    return `--node '${EVERY_NODE}' makes a folder for every node: add --output-dir DIR`;
  if (nodeIp === undefined) return undefined;
  return `--node-ip is for one node: with --node '${EVERY_NODE}', addresses come from the Node objects`;
}

function parseShard(value: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(value) ?? []).map(Number);
  if (index >= 1 && index <= count) return { index, count };
  throw invalidValue(
    'it takes I/N, from 1/N to N/N (like 1/4); of what counts from 0, write $((INDEX + 1))/N',
  );
}
