import type { CodeDescriptions } from '../../diagnostic/code-record.ts';

/** What readers of a node's rules report. */
export const savedRulesCodes = {
  'saved-rules-given': {
    category: 'input',
    severity: 'error',
    summary: 'the file that should hold rules of a node is empty',
    explanation: `The file that should hold the rules of a node is empty. iptables-save and "nft list ruleset" print
at least the tables that are in use, so an empty file means that they failed, mostly for lack of rights, and nothing
can be concluded from it.`,
  },
  'saved-rules-text': {
    category: 'input',
    severity: 'error',
    summary: 'the rules of a node are not in the form that iptables-save, ipset, ipvsadm or nft prints',
    explanation: `A line is not in the form in which iptables-save prints tables, chains and rules, or "nft list
ruleset" tables, sets and chains. Output of "iptables -L", "nft -j" or a script for "nft -f" is something else, and
so is text that has been edited. The rules of nftables mode come from nft, those of other modes from iptables-save,
beside which "ipset save" and "ipvsadm-save -n" may have printed what ipvs mode has; no part may come twice. The
place is that of the first such line.`,
  },
  'saved-rules-complete': {
    category: 'input',
    severity: 'error',
    summary: 'the rules of a node are not whole: a table lacks its end or elements, or is not there at all',
    explanation: `Every table that iptables-save prints ends with COMMIT, and what nft opens with { it closes with
}. A table without its end has been cut off on its way, by a full disk or a pipe that broke, and what is missing
would look like rules that the node does not have. The same is true of a last line of ipset or ipvsadm without its
line break, and of a set of nft that has an element twice: right after many were loaded, the kernel rearranges the set
while nft lists it, and as many others are left out. And where nft put a rule into a table of iptables that iptables has no
words for, iptables-save prints "# Table \`nat' is incompatible, use 'nft' tool." in place of all that is in the table.`,
  },
  'saved-rules-family': {
    category: 'input',
    severity: 'error',
    summary: 'the rules of a node are those of the other IP family',
    explanation: `The rules have addresses of the other IP family: those of IPv6 come from ip6tables-save, those of
IPv4 from iptables-save. Compared with each other, everything would differ.`,
  },
  'saved-rules-version': {
    category: 'input',
    severity: 'warning',
    summary: 'rules of a node that an older, another or more than one kube-proxy made',
    explanation: `Names, rules and comments tell the version of kube-proxy, or a range of versions, and svcgen compares a
node with that. --kubernetes-version overrules it; when something in the rules is of another version, that is said. Those
before 1.30 have other rules that mostly do the same, so nearly all of them differ from what svcgen makes; what they do
can be seen with "svcgen explain --rules". Signs of versions that exclude each other mean that something was left behind
by an update, that two kube-proxies take turns, or that the text comes from several nodes.`,
  },
  'saved-rules-layout': {
    category: 'input',
    severity: 'warning',
    summary: 'the rules of a node have another layout than those that they are compared with',
    explanation: `The rules of the node have sets or chains that only another layout has, so nearly all of them differ, and
what else does is lost among them. svcgen lays rules out as --layout says: compact, or as kube-proxy does. Without --layout
they are compared with the layout that they have.`,
  },
  'saved-rules-pods': {
    category: 'input',
    severity: 'warning',
    summary: 'the rules of a node tell pods by a range of addresses that was not given',
    explanation: `kube-proxy masquerades what comes to a clusterIP from elsewhere than a pod, and knows pods by its --cluster-cidr
or by what else its configuration names. Manifests do not say that, so without it every rule that asks for the range differs.`,
  },
} as const satisfies CodeDescriptions;

/** A code of reading a node's rules. */
export type SavedRulesCode = keyof typeof savedRulesCodes;
