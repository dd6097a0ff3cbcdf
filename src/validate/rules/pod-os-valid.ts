import type { PodRule } from '../rule.ts';
import { quoteValue } from '../shape/describe-value.ts';

/** validateOS (1.34). */
export const podOSValid: PodRule = {
  code: 'pod-os-valid',
  severity: 'error',
  explanation: `spec.os.name says what a pod runs on: linux or windows.`,
  failingExample: `apiVersion: v1
kind: Pod
metadata:
  name: web-1
spec:
  os: {name: Linux}
  containers:
    - {name: web, image: nginx}
`,
  passingExample: `apiVersion: v1
kind: Pod
metadata:
  name: web-1
spec:
  os: {name: linux}
  containers:
    - {name: web, image: nginx}
`,
  check({ spec: { os }, path }, report) {
    if (!os || os.name === 'linux' || os.name === 'windows') return;
    const field = [...path, 'os'];
    if (!os.name) report({ field: [...field, 'name'], message: 'os needs a name' });
    else
      report({
        field,
        place: [...field, 'name'],
        message: `os ${quoteValue(os.name)} is neither linux nor windows`,
      });
  },
};
