import { bug } from '../diagnostic/invariant.ts';
import { printRule } from '../lang/iptables/print/print-rule.ts';
import type { NodeState } from '../model/node-state.ts';
import { JUMPS } from '../render/ipvs/jumps.ts';
import {
  renderAddresses,
  renderAddressList,
  renderIPSets,
  renderIPVSAdm,
  renderIPVSTables,
  renderSysctls,
  renderVirtualServers,
} from '../render/ipvs/render.ts';
import { ALL_SET_NAMES } from '../render/ipvs/sets.ts';
import { ipvsSysctls } from '../render/ipvs/sysctls.ts';
import type { RestoreForm } from '../render/netfilter/restore-form.ts';
import { type IPVSScriptInput, renderIPVSScript } from '../render/script/ipvs/render.ts';
import type { ArtifactName } from './artifacts.ts';

const JUMP_TEXTS = JUMPS.map(({ table, from, rule }) => ({ table, from, rule: printRule(rule) }));

/**
 * The text of an artifact of ipvs mode, in pieces.
 * @param states of the families that are wanted; with one alone, `iptables` holds its rules, whichever it is
 */
export function renderIPVSArtifact(
  name: ArtifactName,
  states: readonly NodeState[],
  form: RestoreForm,
): Iterable<string> {
  switch (name) {
    case 'sysctl':
      return renderSysctls(states);
    case 'ip':
      return renderAddresses(states);
    case 'ipset':
      return renderIPSets(states);
    case 'ipvsadm':
      return renderIPVSAdm(states);
    case 'iptables':
      return renderIPVSTables(stateIn('IPv4', states) ?? onlyOne(states), { form });
    case 'ip6tables':
      return renderIPVSTables(stateIn('IPv6', states) ?? missing('IPv6'), { form });
    case 'script':
      return renderIPVSScript(scriptInput(states));
    default:
      throw bug(`mode ipvs has no artifact ${name}`);
  }
}

/** Families without Services have no part in it, so what is there of ours from earlier goes. */
function scriptInput(states: readonly NodeState[]): IPVSScriptInput {
  const served = states.filter(({ servicePorts }) => servicePorts.length > 0);
  const settings = states[0]?.ipvs?.settings;
  if (settings === undefined) throw bug('the states are not those of ipvs mode');
  return {
    ipv4Rules: rulesOf('IPv4', served),
    ipv6Rules: rulesOf('IPv6', served),
    jumps: JUMP_TEXTS,
    sets: renderIPSets(served),
    virtualServers: renderVirtualServers(served),
    addresses: renderAddressList(served),
    setNames: ALL_SET_NAMES,
    sysctls: ipvsSysctls(served),
    settings,
  };
}

function rulesOf(family: NodeState['family'], states: readonly NodeState[]): Iterable<string> | undefined {
  const state = stateIn(family, states);
  return state === undefined ? undefined : renderIPVSTables(state, { form: 'noflush' });
}

function stateIn(family: NodeState['family'], states: readonly NodeState[]): NodeState | undefined {
  return states.find((state) => state.family === family);
}

function onlyOne([state]: readonly NodeState[]): NodeState {
  return state ?? missing('IPv4');
}

function missing(family: NodeState['family']): never {
  throw bug(`the state of ${family} was not resolved`);
}
