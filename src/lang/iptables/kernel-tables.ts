import type { TableName } from './ruleset.ts';

/** The chains that the kernel itself sends packets through, and when it asks their tables: `NF_IP_PRI_*`. */
export const KERNEL_TABLES = {
  raw: { chains: ['PREROUTING', 'OUTPUT'], priority: -300 },
  mangle: { chains: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'], priority: -150 },
  /** Of destinations; sources are translated later. */
  nat: { chains: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], priority: -100 },
  filter: { chains: ['INPUT', 'FORWARD', 'OUTPUT'], priority: 0 },
  security: { chains: ['INPUT', 'FORWARD', 'OUTPUT'], priority: 50 },
} as const satisfies Readonly<
  Record<TableName, { readonly chains: readonly string[]; readonly priority: number }>
>;

/** undefined: iptables has no such table. */
export function tableName(text: string): TableName | undefined {
  return (['raw', 'mangle', 'nat', 'filter', 'security'] as const).find((name) => name === text);
}

export function isBuiltInChain(table: TableName, name: string): boolean {
  const chains: readonly string[] = KERNEL_TABLES[table].chains;
  return chains.includes(name);
}
