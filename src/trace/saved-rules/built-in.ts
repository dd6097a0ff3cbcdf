import type { TableName } from '../../model/ruleset.ts';

/** The chains that the kernel itself sends packets through. */
const BUILT_IN_CHAINS: Readonly<Record<TableName, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

const TABLES = ['raw', 'mangle', 'nat', 'filter', 'security'] as const;

/** undefined: iptables has no such table. */
export function tableName(text: string): TableName | undefined {
  return TABLES.find((name) => name === text);
}

export function isBuiltInChain(table: TableName, name: string): boolean {
  return BUILT_IN_CHAINS[table].includes(name);
}
