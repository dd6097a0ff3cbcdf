import type { cliCodes } from '../../../diagnostic/codes/cli.ts';
import type { CodeExplanation } from './code-explanation.ts';

/** Codes of what is found while files are looked for, and in the settings. */
export const cliExplanations: Readonly<Record<keyof typeof cliCodes, CodeExplanation>> = {
  'input-exists': {
    severity: 'error',
    explanation: `A path among the arguments leads nowhere: a slip in its name, a pattern that a shell did not expand, or
another working directory than was meant. What the other paths hold is not rendered either: rules that lack Services are
worse than none.`,
  },
  'input-readable': {
    severity: 'error',
    explanation: `The system refuses to read a file, a folder or stdin: rights that are missing, a link that leads to itself, a
device. The message says what the system says.`,
  },
  'folder-has-manifests': {
    severity: 'error',
    explanation: `A folder among the arguments holds no file that ends in .yaml, .yml or .json, at any depth. Hidden files,
node_modules and what --ignore matches do not count; a file that is named by itself is read whatever its name.`,
  },
  'input-has-manifests': {
    severity: 'error',
    explanation: `There is nothing to work on: a named file, stdin, or everything together holds no Kubernetes object. An empty
pipe means that the command before it has failed, and rules for an empty cluster would take all Services off a node. A List
without items does count: an empty cluster can be rendered on purpose.`,
  },
  'family-has-services': {
    severity: 'warning',
    explanation: `Rules are made for one IP family at a time, IPv4 if nothing is said. When all Services have addresses of the
other family, the rules serve nothing. --script and --output-dir make both families at once.`,
  },
  'nodes-given': {
    severity: 'error',
    explanation: `With --node '*' there is one folder of rules for every Node object in the input. Nodes that are only named, by
endpoints or pods, do not count: of them neither addresses nor zones are known.`,
  },
  'proxy-config-found': {
    severity: 'error',
    explanation: `The file of --config holds one KubeProxyConfiguration of kubeproxy.config.k8s.io/v1alpha1, by itself or in the
ConfigMap kube-proxy. Without one, or with two, it is not clear what the settings are. "kubectl -n kube-system get configmap
kube-proxy -o yaml" prints that of a cluster.`,
  },
  'proxy-config-values': {
    severity: 'error',
    explanation: `A field of the KubeProxyConfiguration has a value that kube-proxy itself would refuse at its start, such as a
mode that does not exist, a clusterCIDR that is no CIDR or a negative period. The message names what is allowed.`,
  },
};
