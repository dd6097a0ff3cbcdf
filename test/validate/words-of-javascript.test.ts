import { expect, test } from 'vitest';
import { validateManifests } from '../../src/index.ts';

/** Every object of JavaScript has one of these: whoever looks a text up in an object finds something. */
const WORDS = ['constructor', 'toString', '__proto__'];

test.each(WORDS)('%s is a type of a profile that there is not', (type) => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'a',
      annotations: { 'container.apparmor.security.beta.kubernetes.io/c': 'unconfined' },
    },
    spec: { containers: [{ name: 'c', image: 'x', securityContext: { appArmorProfile: { type } } }] },
  };
  const files = [{ path: 'pod.json', text: JSON.stringify(pod) }];
  const { diagnostics } = validateManifests(files, { kubernetesVersion: '1.31' });
  expect(diagnostics.map(({ field }) => field).join()).toContain('appArmorProfile');
});
