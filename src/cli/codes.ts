import type { CodeDescriptions } from '../diagnostic/code-record.ts';

/** What the command line reports while it looks for files and reads settings. */
export const cliCodes = {
  'input-exists': {
    category: 'input',
    severity: 'error',
    summary: 'a path that was given leads to no file or folder',
    explanation: `A path among the arguments leads nowhere: a slip in its name, a pattern that a shell did not
expand, or another working directory than was meant. What the other paths hold is not rendered either: rules that
lack Services are worse than none.`,
  },
  'input-readable': {
    category: 'input',
    severity: 'error',
    summary: 'a file, a folder or stdin could not be read',
    explanation: `The system refuses to read a file, a folder or stdin: rights that are missing, a link that leads
to itself, a device. The message says what the system says.`,
  },
  'folder-has-manifests': {
    category: 'input',
    severity: 'error',
    summary: 'a folder that was given holds no .yaml, .yml or .json file, at any depth',
    explanation: `A folder among the arguments holds no file that ends in .yaml, .yml or .json, at any depth. Hidden
files, node_modules and what --ignore matches do not count; a file that is named by itself is read whatever its name.`,
  },
  'input-has-manifests': {
    category: 'input',
    severity: 'error',
    summary: 'there is no Kubernetes object in the input',
    explanation: `There is nothing to work on: a named file, stdin, or everything together holds no Kubernetes
object. An empty pipe means that the command before it has failed, and rules for an empty cluster would take all
Services off a node. A List without items does count: an empty cluster can be rendered on purpose.`,
  },
  'family-has-services': {
    category: 'input',
    severity: 'warning',
    summary: 'the Services in the input have addresses, but none of the IP family that is rendered',
    explanation: `Rules are made for one IP family at a time, IPv4 if nothing is said. When all Services have
addresses of the other family, the rules serve nothing. --script and --output-dir make both families at once.`,
  },
  'nodes-given': {
    category: 'input',
    severity: 'error',
    summary: "there is a Node in the input when rules are wanted for all of them (--node '*')",
    explanation: `With --node '*' there is one folder of rules for every Node object in the input. Nodes that are
only named, by endpoints or pods, do not count: of them neither addresses nor zones are known.`,
  },
  'proxy-config-found': {
    category: 'input',
    severity: 'error',
    summary: 'the --config file holds one KubeProxyConfiguration, or the kube-proxy ConfigMap',
    explanation: `The file of --config holds one KubeProxyConfiguration of kubeproxy.config.k8s.io/v1alpha1, by
itself or in the ConfigMap kube-proxy. Without one, or with two, it is not clear what the settings are. "kubectl -n
kube-system get configmap kube-proxy -o yaml" prints that of a cluster.`,
  },
} as const satisfies CodeDescriptions;

/** A code of the command line. */
export type CliCode = keyof typeof cliCodes;
