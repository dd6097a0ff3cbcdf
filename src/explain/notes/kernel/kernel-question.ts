import type { Host } from '../../../lang/packet/host.ts';
import type { KernelFacts } from '../../../lang/packet/kernel-facts.ts';
import type { WantedClient } from '../../connection/plan-connection.ts';
import type { Target } from '../../connection/targets.ts';
import type { Connection, ExplainedStep, ExplainedWay } from '../../explanation.ts';

/** The kernel of a node, as far as its own text tells. */
export interface NodeKernel extends KernelFacts {
  /** The bridges that interfaces are ports of. */
  readonly bridges: ReadonlyMap<string, string>;
}

/** What is known when a connection has been followed through rules. */
export interface KernelQuestion {
  readonly client: WantedClient;
  readonly connection: Connection;
  readonly ways: readonly ExplainedWay[];
  /** The steps that all ways have in common. */
  readonly path: readonly ExplainedStep[];
  readonly host: Host;
  readonly target: Target | undefined;
  /** The rules are those of a node. */
  readonly isLive: boolean;
  /** undefined: nothing is known. */
  readonly kernel: NodeKernel | undefined;
}

/** The same of a connection that rules let through to endpoints. */
export interface ServedQuestion extends KernelQuestion {
  /** The ways to endpoints: at least one. */
  readonly served: readonly ExplainedWay[];
}

/** A setting of sysctl; undefined: not told. */
export function settingOf({ kernel }: KernelQuestion, name: string): string | undefined {
  return kernel?.settings.get(name);
}

/** The larger one of an interface and of all, as the kernel takes it (net/ipv4/devinet.c, IN_DEV_MAXCONF); `device` as it is. */
export function ofInterface(
  asked: ServedQuestion,
  name: string,
  device: string | undefined,
): number | undefined {
  const all = settingOf(asked, `net.ipv4.conf.all.${name}`);
  const own =
    device === undefined
      ? undefined
      : settingOf(asked, `net.ipv4.conf.${device.replaceAll('.', '/')}.${name}`);
  return all === undefined ? undefined : Math.max(Number(all), Number(own ?? 0));
}
