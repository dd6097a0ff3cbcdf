import type { renderCodes } from '../../../diagnostic/codes/render.ts';
import type { CodeExplanation } from './code-explanation.ts';

/** Codes of the commands that answer for clients: env, endpoints, dns. */
export const renderExplanations: Readonly<Record<keyof typeof renderCodes, CodeExplanation>> = {
  'namespace-known': {
    severity: 'error',
    explanation: `Variables are those of a pod in one namespace. When nothing in the input is in it, the name is a slip, or
files are missing; the variables of no Service at all would hide that.`,
    examples: {
      failing: `# svcgen env --namespace shop -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
`,
      passing: `# svcgen env --namespace shop -
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
`,
    },
  },
  'pod-known': {
    severity: 'error',
    explanation: `With --pod the settings of that pod count (enableServiceLinks), so it has to be in the input.`,
    examples: {
      failing: `# svcgen env --pod web-2 -
apiVersion: v1
kind: Pod
metadata: {name: web-1}
spec: {containers: [{name: web, image: nginx}]}
`,
      passing: `# svcgen env --pod web-1 -
apiVersion: v1
kind: Pod
metadata: {name: web-1}
spec: {containers: [{name: web, image: nginx}]}
`,
    },
  },
  'endpoints-not-given': {
    severity: 'warning',
    explanation: `svcgen endpoints makes what the controllers would make of pods. A Service that has EndpointSlices or Endpoints
in the input already keeps those, as the cluster does, and none are made for it.`,
    examples: {
      failing: `# svcgen endpoints -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.0.10, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{port: 8080}]
endpoints: [{addresses: [10.244.1.5]}]
`,
      passing: `# svcgen endpoints -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.0.10, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, labels: {app: web}}
spec: {containers: [{name: web, image: nginx}]}
status: {phase: Running, podIP: 10.244.1.5}
`,
    },
  },
  'env-names-distinct': {
    severity: 'warning',
    explanation: `Names of Services become names of variables: upper case, with _ for -. Two Services can so make the same
variable, and which of them a kubelet lets win is not defined. svcgen prints the value of the one that the message names.`,
    examples: {
      failing: `# svcgen env -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web-service}
spec: {clusterIP: 10.96.0.11, ports: [{port: 81}]}
`,
      passing: `# svcgen env -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.0.10, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {clusterIP: 10.96.0.11, ports: [{port: 81}]}
`,
    },
  },
  'env-name-for-shells': {
    severity: 'warning',
    explanation: `With --relaxed-service-names a Service may be called 9lives, and so would its variables begin with a digit,
which no shell allows. They are left out of output for shells; the other forms have them.`,
    examples: {
      failing: `# svcgen env --relaxed-service-names -
apiVersion: v1
kind: Service
metadata: {name: 9lives}
spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
`,
      passing: `# svcgen env --relaxed-service-names --output json -
apiVersion: v1
kind: Service
metadata: {name: 9lives}
spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
`,
    },
  },
  'dns-name-length': {
    severity: 'warning',
    explanation: `A label of DNS has at most 63 characters and a whole name 253. Records of longer names are left out, as no
client could ask for them. A long --cluster-domain, or a port name of 63 characters, which gets _ in front, brings it about.`,
    examples: {
      failing: `# svcgen dns -
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: 10.96.0.10
  ports: [{name: ${'p'.repeat(63)}, port: 80}]
`,
      passing: `# svcgen dns -
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: 10.96.0.10
  ports: [{name: ${'p'.repeat(62)}, port: 80}]
`,
    },
  },
  'dns-names-distinct': {
    severity: 'warning',
    explanation: `An endpoint of a headless Service without a hostname is called after its address, 10-244-1-5. When another
endpoint has just that as its hostname, the name has the addresses of both.`,
    examples: {
      failing: `# svcgen dns -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: None, ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{port: 8080}]
endpoints: [{addresses: [10.244.1.5]}, {addresses: [10.244.1.6], hostname: 10-244-1-5}]
`,
      passing: `# svcgen dns -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: None, ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{port: 8080}]
endpoints: [{addresses: [10.244.1.5]}, {addresses: [10.244.1.6], hostname: web-6}]
`,
    },
  },
  'external-name-ends': {
    severity: 'warning',
    explanation: `An ExternalName is an alias. When following aliases leads back to where it began, the name never resolves,
and clients wait in vain.`,
    examples: {
      failing: `# svcgen dns -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: ExternalName, externalName: web.default.svc.cluster.local}
`,
      passing: `# svcgen dns -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: ExternalName, externalName: web.example.com}
`,
    },
  },
  'external-name-is-name': {
    severity: 'warning',
    explanation: `The API server takes 192.0.2.7 as an externalName, but DNS answers with an alias to a host of that name, which
nobody has. For an address, a Service without selector and an EndpointSlice with the address do what was meant.`,
    examples: {
      failing: `# svcgen dns -
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {type: ExternalName, externalName: 192.0.2.7}
`,
      passing: `# svcgen dns -
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {type: ExternalName, externalName: db.example.com}
`,
    },
  },
  'host-aliases-distinct': {
    severity: 'warning',
    explanation: `A hosts file has short names beside full ones. Where two Services or endpoints would share a short name, it
is left out, and the full names are there.`,
    examples: {
      failing: `# svcgen dns --output hosts -
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: svc}
spec: {clusterIP: None, ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: shop-1, namespace: svc, labels: {kubernetes.io/service-name: shop}}
addressType: IPv4
ports: [{port: 8080}]
endpoints: [{addresses: [10.244.1.5], hostname: web}]
`,
      passing: `# svcgen dns --output hosts -
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
`,
    },
  },
};
