import { basename, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../../diagnostic/has-errors.ts';
import { assertNever } from '../../../diagnostic/invariant.ts';
import { applyPolicy } from '../../../diagnostic/policy.ts';
import type { Cluster } from '../../../model/cluster.ts';
import { buildDns, type DnsRecords } from '../../../render/dns/build.ts';
import { DEFAULT_CLUSTER_DOMAIN, parseClusterDomain } from '../../../render/dns/domain-names.ts';
import { renderHosts } from '../../../render/dns/print-hosts.ts';
import { printDnsJSON } from '../../../render/dns/print-json.ts';
import { DEFAULT_TTL, printZone } from '../../../render/dns/print-zone.ts';
import { sliceLookup } from '../../../resolve/proxy/service-slices.ts';
import type { CommandContext } from '../../context.ts';
import { inputPaths } from '../../input/input-paths.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { addClusterOptions, type ClusterFlags } from '../../options/cluster-options.ts';
import { clashOfFiles, type NamedFile } from '../../options/file-clash.ts';
import { addInputOptions, type InputFlags, policyOf } from '../../options/input-options.ts';
import { parseInteger } from '../../options/values.ts';
import { emit, type Output } from '../../output/emit.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import type { Terminal } from '../../terminal.ts';

type DnsFormat = 'zone' | 'hosts' | 'json';

interface DnsFlags extends InputFlags, ClusterFlags {
  readonly clusterDomain: string;
  readonly ttl: number;
  readonly output: DnsFormat;
  readonly outputDir?: string;
}

/** RFC 2181, section 8. */
const MAX_TTL = 999_999_999;

const ZONE_SUFFIX = '.zone';

const EXAMPLES = `
Examples:
  svcgen dns manifests/ > cluster.local.zone
      the zone of the cluster domain, as a master file
  svcgen dns manifests/ --output-dir zones/
      the reverse zones, too: one file a zone, called like the zone
  svcgen dns manifests/ --output hosts | sudo tee -a /etc/hosts
      the names of the Services on this machine`;

/** `svcgen dns`. */
export function dnsCommand({ terminal, finish }: CommandContext): Command {
  const command = new Command('dns').description(
    "Prints the records that a cluster's DNS answers for the Services in the manifests.",
  );
  addInputOptions(command);
  addDnsOptions(command);
  addClusterOptions(command);
  return command.addHelpText('after', EXAMPLES).action(async (paths: readonly string[], flags: DnsFlags) => {
    if (flags.outputDir !== undefined && flags.output !== 'zone') {
      command.error(`error: --output-dir holds zones: it goes without --output ${flags.output}`);
    }
    const inputs = inputPaths(paths, command, terminal);
    const clash = clashOfFiles({ lock: flags.lock, inputs, outputs: possibleZones(flags) });
    if (clash !== undefined) command.error(`error: ${clash}`);
    finish(await dns(inputs, flags, terminal));
  });
}

/** Which zones there will be is not known yet: the lock may be named like one. */
function possibleZones({ lock, outputDir }: DnsFlags): readonly NamedFile[] {
  if (outputDir === undefined || lock?.endsWith(ZONE_SUFFIX) !== true) return [];
  return [{ name: '--output-dir', path: join(outputDir, basename(lock)) }];
}

function addDnsOptions(command: Command): void {
  command
    .optionsGroup('Output:')
    .option('--cluster-domain <name>', 'domain of the cluster', readClusterDomain, DEFAULT_CLUSTER_DOMAIN)
    .option('--ttl <seconds>', 'how long answers may be kept', parseInteger(0, MAX_TTL), DEFAULT_TTL)
    .addOption(
      new Option('--output <format>', 'form of the output')
        .choices(['zone', 'hosts', 'json'])
        .default('zone'),
    )
    .option('--output-dir <dir>', 'write all zones into a folder, the reverse zones too');
}

function readClusterDomain(value: string): string {
  const domain = parseClusterDomain(value);
  if (domain === undefined) throw new InvalidArgumentError('it takes a domain name (like cluster.local)');
  return domain;
}

async function dns(paths: readonly string[], flags: DnsFlags, terminal: Terminal): Promise<ExitCode> {
  const read = readCluster({ paths, flags }, terminal);
  const made = read.cluster === undefined ? undefined : makeOutput(read.cluster, flags);
  const diagnostics = applyPolicy([...read.diagnostics, ...(made?.diagnostics ?? [])], policyOf(flags));
  await report(diagnostics, flags, terminal);
  if (made === undefined || hasErrors(diagnostics)) return EXIT.inputErrors;
  return emit({ ...made, files: [...read.lockFiles, ...made.files] }, terminal);
}

function makeOutput(
  cluster: Cluster,
  flags: DnsFlags,
): Output & { readonly diagnostics: readonly Diagnostic[] } {
  const { clusterDomain, ttl, output, outputDir } = flags;
  const records = buildDns(cluster, { clusterDomain, slicesOf: sliceLookup(cluster) });
  const { diagnostics } = records;
  switch (output) {
    case 'zone':
      if (outputDir !== undefined) return { files: zoneFiles(records, outputDir, flags), diagnostics };
      return { files: [], stdout: printZone(records.forward, flags), diagnostics };
    case 'hosts': {
      const hosts = renderHosts(records.forward);
      return { files: [], stdout: hosts.text, diagnostics: [...diagnostics, ...hosts.diagnostics] };
    }
    case 'json':
      return { files: [], stdout: printDnsJSON(records, { ttl }), diagnostics };
    default:
      return assertNever(output);
  }
}

function zoneFiles({ forward, reverse }: DnsRecords, folder: string, flags: DnsFlags) {
  return [forward, ...reverse].map((zone) => ({
    path: join(folder, `${zone.origin}${ZONE_SUFFIX}`),
    isExecutable: false,
    makesFolders: true,
    text: printZone(zone, flags),
  }));
}
