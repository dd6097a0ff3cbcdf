import type { CodeDescriptions } from '../diagnostic/code-record.ts';

/** What is reported of the input and of options as a whole, whoever gives them. */
export const codesOfLibrary = {
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
  'services-given': {
    category: 'input',
    severity: 'warning',
    summary: 'there is no Service in the input that rules are made of',
    explanation: `Rules of an input without a Service serve nothing, and loading them takes every Service off a node. That is
seldom meant: the Services may be in a chart of Helm, in custom resources, or in a cluster that was not asked for them. An
empty cluster can be rendered on purpose; --disable services-given is for that.`,
  },
  'endpoints-given': {
    category: 'input',
    severity: 'warning',
    summary: 'no Service in the input has endpoints, so that rules refuse all connections',
    explanation: `Nodes refuse connections to Services without endpoints. Endpoints come from EndpointSlices, Endpoints, or Pods
with addresses. Repositories hold none of these but workloads, such as Deployments, of which a cluster makes Pods:
--synthesize-pods does the same. The Services of a cluster are got with its endpoints, e.g. by "kubectl get
services,endpointslices,nodes -A -o yaml".`,
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
  'picture-bounded': {
    category: 'input',
    severity: 'error',
    summary: 'the Services that are to be drawn are too many for one picture',
    explanation: `A picture has a box for each client, address, decision and endpoint of a Service, and stands in one file. Of
more than ten thousand boxes it would take minutes to make, hundreds of megabytes to keep, and nobody could read it.
--namespace and --service choose what is drawn.`,
  },
  'mermaid-bounded': {
    category: 'input',
    severity: 'warning',
    summary: 'a diagram is larger than what Mermaid draws by default',
    explanation: `Mermaid refuses diagrams of more than 500 arrows or 50,000 characters, unless the page that shows them is
configured otherwise (maxEdges, maxTextSize): a diagram itself cannot raise its limits. GitHub and GitLab show an error in its
place. Several diagrams of fewer Services each can be shown, and SVG needs no Mermaid.`,
  },
  'option-value': {
    category: 'input',
    severity: 'error',
    summary: 'an option that a program gives the library has a value that it cannot have',
    explanation: `A program called the library with an option that means nothing: an address that is none, a layout
that the mode does not have, a family that an artifact cannot be made of. The message names the option. On the command
line the same is wrong usage, which ends with exit status 2.`,
  },
} as const satisfies CodeDescriptions;

/** A code of the library. */
export type LibraryCode = keyof typeof codesOfLibrary;
