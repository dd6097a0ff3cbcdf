import { printTables } from '../../lang/iptables/print/print-tables.ts';
import {
  addressLines,
  addressList,
  setLines,
  timeoutLine,
  virtualServerLines,
} from '../../lang/ipvs/print.ts';
import type { IPVSRuleset } from '../../lang/ipvs/ruleset.ts';
import { inPieces } from '../../lang/text/in-pieces.ts';
import type { IPVSSettings } from '../../model/ipvs-settings.ts';
import type { NodeState } from '../../model/node-state.ts';
import type { RestoreForm } from '../netfilter/restore-form.ts';
import { buildIPVS } from './build.ts';
import { ipvsSysctls } from './sysctls.ts';
import { buildIPVSTables } from './tables.ts';

/**
 * The artifacts of ipvs mode, each in pieces to be written one after the other, each ending with a line break. Those
 * that hold for a host as a whole are made of all its families.
 */

/** Lines for `sysctl -p -`. */
export function* renderSysctls(states: readonly NodeState[]): Generator<string> {
  for (const { name, value, reason, before } of ipvsSysctls(states)) {
    const line = before === undefined ? '' : `# Before Linux ${before}: `;
    yield `# ${reason}\n${line}${name} = ${value}\n`;
  }
}

/** Lines for `ip -batch -`. */
export function renderAddresses(rulesets: readonly IPVSRuleset[]): Iterable<string> {
  return inPieces(addressLines(rulesets));
}

/** Lines for `ipset restore -exist`. */
export function renderIPSets(rulesets: readonly IPVSRuleset[]): Iterable<string> {
  return inPieces(setLines(rulesets));
}

/** Lines for `ipvsadm --restore`, on a host that has no such virtual servers yet; before them the timeouts. */
export function* renderIPVSAdm(
  settings: IPVSSettings | undefined,
  rulesets: readonly IPVSRuleset[],
): Generator<string> {
  if (settings !== undefined) yield* timeoutLine(settings);
  yield* renderVirtualServers(rulesets);
}

/** The virtual servers alone, spelled as `ipvsadm --save --numeric` spells them. */
export function renderVirtualServers(rulesets: readonly IPVSRuleset[]): Iterable<string> {
  return inPieces(virtualServerLines(rulesets));
}

/** iptables-restore text (ip6tables-restore for IPv6) of the rules around the virtual servers of one family. */
export function renderIPVSTables(
  state: NodeState,
  form: RestoreForm,
  ruleset = buildIPVS(state),
): Iterable<string> {
  return printTables(buildIPVSTables(state, form, ruleset));
}

/** Addresses of the dummy device with their lengths, one a line. */
export function renderAddressList(rulesets: readonly IPVSRuleset[]): Iterable<string> {
  return inPieces(addressList(rulesets));
}
