import { type Command, Option } from 'commander';
import { invariant } from '../../diagnostic/invariant.ts';
import { CLIENT_WORDS, type ClientName, readClientName } from '../../explain/connection/parse-client.ts';
import { parseTarget, TARGET_WORDS, type WantedTarget } from '../../explain/connection/parse-target.ts';
import { parseIP } from '../../model/ip.ts';
import { invalidValue } from './invalid-value.ts';
import { accept, parseInterfaceName } from './values.ts';

/** Options that say which connection is meant. */
export interface ConnectionFlags {
  /** What `targetOf` reads. */
  readonly to: string;
  readonly from?: ClientName;
  readonly namespace?: string;
  readonly fromNode?: boolean;
  readonly fromOutside?: boolean;
  readonly inInterface?: string;
  readonly outInterface?: string;
}

/** Adds the options of ConnectionFlags. */
export function addConnectionOptions(command: Command): Command {
  return command
    .optionsGroup('Connection:')
    .addOption(
      new Option(
        '--to <target>',
        'ADDRESS:PORT[/udp|/sctp], or a Service: [NAMESPACE/]NAME[:PORT] or NAME.NAMESPACE[.svc][:PORT], which stands for its clusterIP',
      )
        .argParser(parseTo)
        .makeOptionMandatory(),
    )
    .option('-n, --namespace <name>', 'of a Service or a pod in --to and --from that is named without one')
    .option('--from <client>', `the client: ${CLIENT_WORDS} (default: somebody outside)`, parseFrom)
    .addOption(
      new Option(
        '--from-node',
        'a process of the node connects, from its own address: like --from node',
      ).conflicts('fromOutside'),
    )
    .option('--from-outside', 'the packet comes in from another machine, whatever its address')
    .option('--in-interface <name>', 'the interface that it comes in on', parseInterfaceName)
    .option('--out-interface <name>', 'the interface that it leaves by', parseInterfaceName);
}

/** Where the connection goes. */
export function targetOf({ to, namespace }: ConnectionFlags): WantedTarget {
  const target = parseTarget(to, namespace);
  invariant(target !== undefined, 'its option has refused what is no target');
  return target;
}

function parseTo(value: string): string {
  if (parseTarget(value) !== undefined) return value;
  const lack = parseIP(value) === undefined ? '' : ', and this is an address without a port';
  throw invalidValue(`it takes ${TARGET_WORDS}${lack}`);
}

function parseFrom(value: string): ClientName {
  return accept(readClientName(value));
}
