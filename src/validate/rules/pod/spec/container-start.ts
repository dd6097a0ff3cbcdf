import type { FieldPath } from '../../../../model/field-path.ts';
import { checkHandler } from '../../../checks/handler.ts';
import { isSidecar } from '../../../checks/pod-containers.ts';
import { dnsSubdomainProblem, maskTrailingDash } from '../../../formats/dns.ts';
import { downwardFieldProblem, downwardResourceProblem } from '../../../formats/downward-api.ts';
import { configKeyProblem, envNameProblem } from '../../../formats/environment.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule, Report } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateEnvFrom (1.34); a name may end with '-' here, as for generated ones. */
export const containerEnvFromValid = {
  code: 'container-env-from-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['envFrom'],
  summary: 'an entry of envFrom with an odd prefix or source',
  explanation: `An entry of envFrom takes all keys of one ConfigMap or one Secret, and puts an optional prefix in front of
their names.`,
  check(pod, report, { options }) {
    const { relaxedEnvironment } = options.kubernetes.api;
    for (const { container, path } of pod.containers) {
      for (const [index, entry] of (container.envFrom ?? []).entries()) {
        const field = [...path, 'envFrom', index];
        const problem = entry?.prefix ? envNameProblem(entry.prefix, relaxedEnvironment) : undefined;
        if (problem !== undefined)
          report({
            field: [...field, 'prefix'],
            message: `prefix ${quoteValue(entry?.prefix ?? '')} ${problem}`,
          });
        for (const key of ['configMapRef', 'secretRef'] as const) {
          const reference = entry?.[key];
          const name = reference?.name ?? '';
          const nameProblem = reference ? dnsSubdomainProblem(maskTrailingDash(name)) : undefined;
          if (nameProblem !== undefined)
            report({ field: [...field, key, 'name'], message: `name ${quoteValue(name)} ${nameProblem}` });
        }
        const count = [entry?.configMapRef, entry?.secretRef].filter(Boolean).length;
        if (count === 1) continue;
        const message = `an entry of envFrom names ${count === 0 ? 'no source' : 'two sources'}`;
        report({ field: [...path, 'envFrom'], place: field, message });
      }
    }
  },
} as const satisfies PodRule;

/** validateContainerCommon and validateContainerOnlyForPod (1.34): templates may have spaces around the image. */
export const containerImageValid = {
  code: 'container-image-valid',
  category: 'api',
  severity: 'error',
  summary: 'a container without an image, or with spaces around it',
  explanation: `Every container has an image, and in a Pod no spaces stand around it. (The API server does not check more:
whether the image exists turns out on the node.)`,
  check(pod, report) {
    for (const { container, path } of pod.containers) {
      const image = container.image ?? '';
      const field = [...path, 'image'];
      if (image === '') report({ field, message: 'a container needs an image' });
      else if (!pod.isTemplate && image.trim() !== image) {
        report({ field, message: `image ${quoteValue(image)} starts or ends with white space` });
      }
    }
  },
} as const satisfies PodRule;

const DEFAULT_GRACE_SECONDS = 30;

/** validateLifecycle (1.34); sleeping no time at all is allowed since 1.33. */
export const containerLifecycleValid = {
  code: 'container-lifecycle-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['lifecycle'],
  summary: 'a lifecycle hook that does nothing, or several things',
  explanation: `A lifecycle hook, postStart or preStop, does one thing: exec, httpGet, tcpSocket or sleep. It cannot sleep
longer than the pod has time to end.`,
  check(pod, report, { options }) {
    const least = options.kubernetes.api.allowsZeroSleep ? 0 : 1;
    const grace = pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
    for (const placed of pod.containers) {
      if (placed.list === 'initContainers' && !isSidecar(placed)) continue;
      for (const hook of ['postStart', 'preStop'] as const) {
        const handler = placed.container.lifecycle?.[hook];
        if (!handler) continue;
        const { exec, httpGet, tcpSocket, sleep } = handler;
        const path = [...placed.path, 'lifecycle', hook];
        checkHandler({ exec, httpGet, tcpSocket, sleep }, path, report);
        const seconds = sleep?.seconds ?? 0;
        if (!sleep || exec || httpGet || tcpSocket || (seconds >= least && seconds <= grace)) continue;
        report({
          field: [...path, 'sleep'],
          message: `sleeps ${seconds} seconds, but the pod has ${grace} to end`,
        });
      }
    }
  },
} as const satisfies PodRule;

/** ValidateEnv (1.34); names are relaxed since 1.32. */
export const containerEnvValid = {
  code: 'container-env-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['env'],
  summary: 'an environment variable with an odd name or source',
  explanation: `An environment variable has a name of printable ASCII characters without "=", and either a value or one
source of it: fieldRef, resourceFieldRef, configMapKeyRef or secretKeyRef.`,
  check(pod, report, { options }) {
    const { relaxedEnvironment } = options.kubernetes.api;
    for (const { container, path } of pod.containers) {
      for (const [index, variable] of (container.env ?? []).entries()) {
        const field = [...path, 'env', index];
        const name = variable?.name ?? '';
        const problem = envNameProblem(name, relaxedEnvironment);
        if (problem !== undefined)
          report({ field: [...field, 'name'], message: `variable ${quoteValue(name)} ${problem}` });
        if (variable?.valueFrom)
          checkSource(variable.valueFrom, { field: [...field, 'valueFrom'], variable }, report);
      }
    }
  },
} as const satisfies PodRule;

function checkSource(
  source: api.EnvVarSource,
  { field, variable }: { readonly field: FieldPath; readonly variable: api.EnvVar },
  report: Report,
): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  if (fieldRef) {
    const problem = downwardFieldProblem(fieldRef, 'env');
    if (problem !== undefined)
      report({ field: [...field, 'fieldRef', ...problem.at], message: problem.message });
  }
  if (resourceFieldRef) {
    const problem = downwardResourceProblem(resourceFieldRef, 'env');
    if (problem !== undefined)
      report({ field: [...field, 'resourceFieldRef', ...problem.at], message: problem.message });
  }
  if (configMapKeyRef) checkKey(configMapKeyRef, [...field, 'configMapKeyRef'], report);
  if (secretKeyRef) checkKey(secretKeyRef, [...field, 'secretKeyRef'], report);
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, source.fileKeyRef].filter(
    Boolean,
  ).length;
  if (count === 0) report({ field, message: 'valueFrom names no source' });
  else if (variable.value) report({ field, message: 'valueFrom beside a value' });
  else if (count > 1) report({ field, message: 'valueFrom names more than one source' });
}

function checkKey(selector: api.ConfigMapKeySelector, field: FieldPath, report: Report): void {
  const { name, key } = selector;
  const nameProblem = dnsSubdomainProblem(name ?? '');
  if (nameProblem !== undefined)
    report({ field: [...field, 'name'], message: `name ${quoteValue(name ?? '')} ${nameProblem}` });
  const keyProblem = configKeyProblem(key ?? '');
  if (keyProblem !== undefined)
    report({ field: [...field, 'key'], message: `key ${quoteValue(key ?? '')} ${keyProblem}` });
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const NUMBERS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

/** validateProbe and its three callers (1.34). */
export const containerProbeValid = {
  code: 'container-probe-valid',
  category: 'api',
  severity: 'error',
  onlyWith: PROBES,
  summary: 'a probe that asks in no way, in several, or at odd times',
  explanation: `A probe has one way to ask (exec, httpGet, tcpSocket or grpc), and times that are not negative. Liveness and
startup probes succeed with the first success; only readiness probes may ask for more. Whether a pod is ready decides
whether Services send traffic to it.`,
  check(pod, report) {
    for (const placed of pod.containers) {
      if (placed.list === 'initContainers' && !isSidecar(placed)) continue;
      for (const kind of PROBES) {
        const probe = placed.container[kind];
        if (probe) checkProbe(probe, { kind, path: [...placed.path, kind] }, report);
      }
    }
  },
} as const satisfies PodRule;

/** The kubelet looks for the name among the ports of the container itself (pkg/probe, FindPortByName, 1.34), and fails the probe. */
export const probePortDefined = {
  code: 'probe-port-defined',
  category: 'node',
  severity: 'warning',
  onlyWith: PROBES,
  summary: 'a probe of a named port that its container does not have',
  explanation: `A probe may name a port of its own container. The API server takes any name; the kubelet does not find it, the
probe fails, and Services send the pod no traffic, or it is restarted for ever.`,
  check(pod, report) {
    for (const { container, path } of pod.containers) {
      const names = (container.ports ?? []).flatMap((port) => port?.name || []);
      for (const kind of PROBES) {
        for (const way of ['httpGet', 'tcpSocket'] as const) {
          const port = container[kind]?.[way]?.port;
          if (typeof port !== 'string' || names.includes(port) || !/[a-z]/.test(port)) continue;
          report({
            field: [...path, kind, way, 'port'],
            message: `the container has no port of the name ${quoteValue(port)}, so the probe fails`,
            hint: names.length === 0 ? 'give one of its ports that name' : `it has ${names.join(', ')}`,
          });
        }
      }
    }
  },
} as const satisfies PodRule;

function checkProbe(
  probe: api.Probe,
  { kind, path }: { readonly kind: (typeof PROBES)[number]; readonly path: FieldPath },
  report: Report,
): void {
  const { exec, httpGet, tcpSocket, grpc, successThreshold, terminationGracePeriodSeconds: grace } = probe;
  checkHandler({ exec, httpGet, tcpSocket, grpc }, path, report);
  for (const key of NUMBERS) {
    if ((probe[key] ?? 0) < 0) report({ field: [...path, key], message: `${key} ${probe[key]} is negative` });
  }
  const field = [...path, 'terminationGracePeriodSeconds'];
  if (kind === 'readinessProbe') {
    if (typeof grace === 'number')
      report({ field, message: 'a readinessProbe ends no container, so it has no grace period' });
    return;
  }
  if (typeof grace === 'number' && grace <= 0)
    report({ field, message: `terminationGracePeriodSeconds ${grace} is not positive` });
  if ((successThreshold || 1) === 1) return;
  report({
    field: [...path, 'successThreshold'],
    message: `successThreshold ${successThreshold} of a ${kind} must be 1`,
  });
}
