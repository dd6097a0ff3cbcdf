/** Kinds that run pods: a Pod itself, and what has a template of some. */
export const POD_KINDS: ReadonlySet<string> = new Set([
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
]);

/** The kinds that svcgen reads. What else there is may be of any program: even a kind and a spec make no object. */
export const READ_KINDS: ReadonlySet<string> = new Set([
  ...POD_KINDS,
  'Service',
  'Endpoints',
  'EndpointSlice',
  'Node',
  'ServiceCIDR',
]);
