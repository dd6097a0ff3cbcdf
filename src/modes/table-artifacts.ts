import type { IPFamily } from '../model/cluster.ts';
import type { Artifact } from './mode.ts';

/** The texts for iptables-restore, one a family. `needs`: the families that the text of each cannot do without. */
export function tableArtifacts(of: Pick<Artifact, 'isMain' | 'needs'>) {
  return [tableArtifact('iptables', 'IPv4', of), tableArtifact('ip6tables', 'IPv6', of)] as const;
}

function tableArtifact<Name extends string>(
  name: Name,
  family: IPFamily,
  { isMain, needs }: Pick<Artifact, 'isMain' | 'needs'>,
): Artifact<Name> {
  return {
    name,
    fileName: `${name}.rules`,
    isExecutable: false,
    families: [family],
    needs: needs.filter((each) => each === family),
    isMain,
  };
}
