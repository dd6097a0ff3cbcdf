import type { CodeDescription } from './code-description.ts';

export const cliCodes = {
  'input-exists': { category: 'input', summary: 'a path that was given leads to no file or folder' },
  'input-readable': { category: 'input', summary: 'a file, a folder or stdin could not be read' },
  'folder-has-manifests': {
    category: 'input',
    summary: 'a folder that was given holds no .yaml, .yml or .json file, at any depth',
  },
  'input-has-manifests': { category: 'input', summary: 'there is no Kubernetes object in the input' },
  'family-has-services': {
    category: 'input',
    summary: 'the Services in the input have addresses, but none of the IP family that is rendered',
  },
  'nodes-given': {
    category: 'input',
    summary: "there is a Node in the input when rules are wanted for all of them (--node '*')",
  },
  'proxy-config-found': {
    category: 'input',
    summary: 'the --config file holds one KubeProxyConfiguration, or the kube-proxy ConfigMap',
  },
  'proxy-config-values': {
    category: 'input',
    summary: 'fields of the KubeProxyConfiguration have values that kube-proxy takes',
  },
} as const satisfies Record<string, CodeDescription>;
