import { printTables } from '../../lang/iptables/print/print-tables.ts';
import {
  addressLines,
  addressList,
  setLines,
  timeoutLine,
  virtualServerLines,
} from '../../lang/ipvs/print.ts';
import { inPieces } from '../../lang/text/in-pieces.ts';
import type { NodeState } from '../../model/node-state.ts';
import type { RestoreForm } from '../netfilter/restore-form.ts';
import { buildIPVS } from './build.ts';
import { ipvsSysctls } from './sysctls.ts';
import { buildIPVSTables } from './tables.ts';

/**
 * The artifacts of ipvs mode, each in pieces to be written one after the other, each ending with a line break. Those
 * that hold for a host as a whole are made of the states of all its families.
 */

/** Lines for `sysctl -p -`. */
export function* renderSysctls(states: readonly NodeState[]): Generator<string> {
  for (const { name, value, reason, before } of ipvsSysctls(states)) {
    const line = before === undefined ? '' : `# Before Linux ${before}: `;
    yield `# ${reason}\n${line}${name} = ${value}\n`;
  }
}

/** Lines for `ip -batch -`. */
export function renderAddresses(states: readonly NodeState[]): Iterable<string> {
  return inPieces(addressLines(states.map(buildIPVS)));
}

/** Lines for `ipset restore -exist`. */
export function renderIPSets(states: readonly NodeState[]): Iterable<string> {
  return inPieces(setLines(states.map(buildIPVS)));
}

/** Lines for `ipvsadm --restore`, on a host that has no such virtual servers yet; before them the timeouts. */
export function* renderIPVSAdm(states: readonly NodeState[]): Generator<string> {
  const settings = states[0]?.ipvs?.settings;
  if (settings !== undefined) yield* timeoutLine(settings);
  yield* renderVirtualServers(states);
}

/** The virtual servers alone, spelled as `ipvsadm --save --numeric` spells them. */
export function renderVirtualServers(states: readonly NodeState[]): Iterable<string> {
  return inPieces(virtualServerLines(states.map(buildIPVS)));
}

/** iptables-restore text (ip6tables-restore for IPv6) of the rules around the virtual servers of one family. */
export function renderIPVSTables(
  state: NodeState,
  { form }: { readonly form: RestoreForm },
): Iterable<string> {
  return printTables(buildIPVSTables(state, form));
}

/** Addresses of the dummy device with their lengths, one a line. */
export function renderAddressList(states: readonly NodeState[]): Iterable<string> {
  return inPieces(addressList(states.map(buildIPVS)));
}
