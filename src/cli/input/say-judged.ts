import type { LoadedCluster } from '../../compile.ts';
import { count } from '../../diagnostic/report.ts';
import { formatObjects } from '../../diagnostic/summarize.ts';
import { servedServices } from '../../resolve/proxy/served-services.ts';
import { say } from '../output/say.ts';
import type { Terminal } from '../terminal.ts';

/** Which of two sides was judged; undefined: there is only one. */
export type Side = 'old' | 'new' | undefined;

/**
 * Says in one line what a command has judged (until `--quiet`), so that nobody takes rules of nothing for rules of
 * everything: `12 Services, 9 with endpoints; 400 objects of 31 kinds passed over`.
 */
export function sayJudged(
  loaded: Pick<LoadedCluster, 'cluster' | 'objects' | 'ignored'>,
  { side, ignored }: { readonly side: Side; readonly ignored: number },
  terminal: Pick<Terminal, 'writeStderr'>,
): void {
  const leftOut = ignored === 0 ? '' : `; ${count(ignored, 'path')} left out by .gitignore or .svcgenignore`;
  say(terminal, `${side === undefined ? '' : `${side}: `}${describeJudged(loaded)}${leftOut}`);
}

function describeJudged({
  cluster,
  objects,
  ignored,
}: Pick<LoadedCluster, 'cluster' | 'objects' | 'ignored'>): string {
  if (cluster === undefined) return formatObjects(objects);
  const { services } = cluster;
  const external = services.filter(({ type }) => type === 'ExternalName').length;
  const unmade = services.filter(
    ({ type, loadBalancerIngress }) => type === 'LoadBalancer' && loadBalancerIngress.length === 0,
  ).length;
  const judged = [
    count(services.length, 'Service'),
    `${servedServices(cluster).length} with endpoints`,
    ...(unmade === 0 ? [] : [`${count(unmade, 'load balancer')} without an address`]),
    ...(external === 0 ? [] : [`${external} of type ExternalName`]),
  ].join(', ');
  if (ignored.size === 0) return judged;
  return `${judged}; ${count(objects.passedOver, 'object')} of ${count(ignored.size, 'kind')} passed over`;
}
