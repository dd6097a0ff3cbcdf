import type { CodeDescriptions } from '../diagnostic/code-record.ts';

/** What resolving reports: about the node that rules are for, addresses to allocate, and pods made from templates. */
export const resolveCodes = {
  'proxied-protocol': {
    category: 'input',
    severity: 'error',
    summary: 'a port of a Service has a protocol that no proxy of userspace mode takes',
    explanation: `In userspace mode nginx proxies connections, over TCP and UDP. It knows no SCTP, so such a port can only
be served in another mode.`,
  },
  'proxy-port-free': {
    category: 'input',
    severity: 'error',
    summary: 'more ports of Services than ports of the node for the proxy of userspace mode',
    explanation: `In userspace mode each port of a Service takes a port of the node (two, with a Local policy), of the range
that --proxy-port-range gives. When none is left, the range has to grow.`,
  },
  'node-name-given': {
    category: 'input',
    severity: 'error',
    summary:
      'the traffic of a Service depends on the node (Local policy or topology hints), and none is named',
    explanation: `With a Local policy, or with topology hints, every node serves other endpoints. There is no node
to assume: rules of the wrong node would send traffic nowhere. The hint lists the names that the input speaks of.`,
  },
  'node-name-known': {
    category: 'input',
    severity: 'warning',
    summary:
      'the node that is named appears nowhere in the input, which has Nodes, or Services that depend on the node',
    explanation: `The input names nodes, but not the one of --node, so that all endpoints are taken to be elsewhere:
a Local policy drops all traffic then. Addresses, zone and podCIDRs of the node are not known either. It may be a slip in
the name. A node that is yet to join the cluster has no Node object: --disable node-name-known is for that.`,
  },
  'node-zone-known': {
    category: 'input',
    severity: 'warning',
    summary: 'zone hints of endpoints count only with the Node object, which says in which zone the node is',
    explanation: `Hints of endpoints name zones, and which zone a node is in is said by its label
topology.kubernetes.io/zone. Without the Node object hints are ignored, as kube-proxy ignores them on a node without
the label.`,
  },
  'node-pod-cidr-known': {
    category: 'input',
    severity: 'error',
    summary: 'detect-local mode NodeCIDR needs the podCIDRs of the Node object',
    explanation: `With --detect-local-mode NodeCIDR the pods of a node are told by spec.podCIDRs of its Node object.
Without them all traffic of pods would be masqueraded.`,
  },
  'node-address-known': {
    category: 'input',
    severity: 'error',
    summary:
      'NodePorts need the addresses of the node (in ipvs mode, or limited to some of them), and none is known',
    explanation: `NodePorts answer on addresses of the node. In ipvs mode each of them has virtual servers of its
own, and --nodeport-addresses picks among them, so they have to be known: of the Node object, or of --node-ip.`,
  },
  'external-address-not-a-node': {
    category: 'node',
    severity: 'warning',
    summary: 'in ipvs mode, an external address of a Service is the address of another node',
    explanation: `In ipvs mode every node has the external IPs and load-balancer addresses of Services on its interface
kube-ipvs0. Where such an address is that of another node, packets to that node never leave: its kubelet, its pods on the
host network and its other Services cannot be reached any more. In the other modes only the Service's ports are taken.`,
  },
  'node-primary-address-known': {
    category: 'input',
    severity: 'warning',
    summary: "NodePorts answer on the node's primary address, and that is not known",
    explanation: `With --nodeport-addresses primary, the default of nftables mode, NodePorts answer on the first address
of the node in each family. A kube-proxy that finds none takes a loopback address for it, which takes no NodePorts: from
1.31 on they answer on every address of that family then, in 1.30 nowhere. svcgen does the same, but the real node may
well know its address: name it with --node-ip, or add its Node object.`,
  },
  'element-comments-fit': {
    category: 'input',
    severity: 'warning',
    summary:
      'in nftables mode, comments of elements are longer than nft takes, and kube-proxy does not cut them',
    explanation: `In nftables mode kube-proxy names the Service port in a comment of each element that refuses traffic, and
nft takes 128 bytes. From 1.37 on kube-proxy cuts longer ones; up to 1.36 nft refuses the whole transaction, so that no
Service of the node is updated any more. svcgen cuts them in every version.`,
  },
  'mode-in-version': {
    category: 'input',
    severity: 'warning',
    summary: 'the kube-proxy of the version that is wanted has the mode only behind a feature gate',
    explanation: `nftables mode came with Kubernetes 1.29, behind the feature gate NFTablesProxyMode, which is on by default since
1.31. A kube-proxy of 1.30 whose configuration does not switch it on does not start in this mode. svcgen makes the rules
that it makes with the gate.`,
  },
  'interface-prefix-loads': {
    category: 'input',
    severity: 'warning',
    summary: 'in nftables mode, kube-proxy can tell pods by a prefix of interfaces only in later versions',
    explanation: `Up to 1.33.5, and in 1.34.0 and 1.34.1, kube-proxy matches interfaces by their index ("iif"), and nft
refuses a prefix there, and with it the whole transaction. svcgen matches prefixes by name ("iifname") in every version.`,
  },
  'node-port-addresses-match': {
    category: 'input',
    severity: 'warning',
    summary: 'no address of the node, in one family, is one that NodePorts can answer on',
    explanation: `--nodeport-addresses limits NodePorts to addresses of the node that lie in its CIDRs. When none
does, no NodePort answers anywhere.`,
  },
  'cluster-ip-given': {
    category: 'input',
    severity: 'error',
    summary: 'a Service has no clusterIP, and allocation is turned off',
    explanation: `Without --no-allocate a Service gets an address that depends on its name alone. With it every
address has to be in the manifests, because somebody else, such as a real API server, is the one who gives them.`,
  },
  'address-not-allocated': {
    category: 'input',
    severity: 'error',
    summary: 'a Service has ports but no clusterIP, and nothing has allocated one',
    explanation: `Nodes serve a Service at its clusterIP, so one without any would be left out of the rules in silence.
The commands of svcgen always allocate addresses first; a program that calls resolve() itself calls allocate() before.`,
  },
  'node-port-given': {
    category: 'input',
    severity: 'error',
    summary: 'a port has no nodePort, and allocation is turned off',
    explanation: `Without --no-allocate a NodePort that is left open gets a port that depends on the name of its
Service alone. With it every port has to be in the manifests.`,
  },
  'health-check-node-port-given': {
    category: 'input',
    severity: 'error',
    summary: 'a Service has no healthCheckNodePort, and allocation is turned off',
    explanation: `A load balancer with externalTrafficPolicy Local asks nodes on healthCheckNodePort whether they
have endpoints. With --no-allocate that port has to be in the manifests.`,
  },
  'service-range-has-room': {
    category: 'api',
    severity: 'error',
    summary: 'the service range has no free address for a Service without clusterIP',
    explanation: `There are more Services than the service range has addresses. The API server would refuse to
create them.`,
  },
  'service-family-has-range': {
    category: 'api',
    severity: 'error',
    summary: 'a Service asks for an IP family that the cluster has no service range of',
    explanation: `A Service asks for addresses of an IP family that the cluster has no service range of, so none can
be given. When the range is known from --service-cluster-ip-range or from ServiceCIDR objects, validation has said so
before, as ip-family-configured; this code is for what that leaves over.`,
  },
  'node-port-range-has-room': {
    category: 'api',
    severity: 'error',
    summary: 'the nodePort range has no free port for a Service that needs one',
    explanation: `More ports ask for a NodePort than the range has. Load balancers that reach pods directly need
none: set allocateLoadBalancerNodePorts to false.`,
  },
  'locked-value-usable': {
    category: 'input',
    severity: 'warning',
    summary: 'a locked address or port is taken by an explicit one, or lies outside the range: it moves',
    explanation: `The file of --lock keeps what was allocated before. An address or port that a manifest has set
explicitly in the meantime, or that lies outside a range that has changed, cannot be kept: the Service that had it
gets another one, and clients that know the old one have to be told.`,
  },
  'lock-file-valid': {
    category: 'input',
    severity: 'error',
    summary: 'the lock file is not one that svcgen wrote',
    explanation: `The file of --lock is not one that svcgen wrote: edited by hand, left in the middle of a merge, or
cut. Nothing is guessed from it, as addresses would move. Restore it, or delete it to allocate anew.`,
  },
  'load-balancer-range-has-room': {
    category: 'input',
    severity: 'error',
    summary: 'the range of load balancers has no free address for one of them',
    explanation: `--load-balancer-range gives each load balancer that has no address one of each of its families, and the range is
too small for all.`,
  },
  'pod-range-has-room': {
    category: 'input',
    severity: 'error',
    summary: 'the pod range has no free address for a pod that is made from a template',
    explanation: `--synthesize-pods gives each pod of a template an address of --pod-cidr, and the range is too
small for all.`,
  },
  'synthesized-pods-limit': {
    category: 'input',
    severity: 'error',
    summary: 'templates ask for more pods than a cluster can have',
    explanation: `Templates ask for more than 150,000 pods together, which no cluster can have: a slip in the number
of replicas.`,
  },
  'host-network-address-known': {
    category: 'input',
    severity: 'warning',
    summary: 'a pod of the host network has the address of its node, which is not known',
    explanation: `A pod with hostNetwork has the address of its node. --synthesize-pods needs the Node objects, or
--node with --node-ip, to make such pods; otherwise they are left out.`,
  },
  'endpoints-not-given': {
    category: 'input',
    severity: 'warning',
    summary: 'a Service has EndpointSlices or Endpoints in the input, so none are made of its pods',
    explanation: `svcgen endpoints makes what the controllers would make of pods. A Service that has EndpointSlices
or Endpoints in the input already keeps those, as the cluster does, and none are made for it.`,
  },
} as const satisfies CodeDescriptions;

/** A code of resolving. */
export type ResolveCode = keyof typeof resolveCodes;
