import { basename, join } from 'node:path';
import { Command, Option } from 'commander';
import { compileDnsOf, type DnsFormat, dnsFormats, ZONE_SUFFIX } from '../../../library/compile-dns.ts';
import { DEFAULT_CLUSTER_DOMAIN, parseClusterDomain } from '../../../render/dns/domain-names.ts';
import { DEFAULT_TTL, MAX_TTL } from '../../../render/dns/print-zone.ts';
import type { CommandContext } from '../../context.ts';
import { inputPaths } from '../../input/input-paths.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { addClusterOptions, type ClusterFlags } from '../../options/cluster-options.ts';
import { clashOfFiles, type NamedFile } from '../../options/file-clash.ts';
import { addInputOptions, type InputFlags, manifestOptions } from '../../options/input-options.ts';
import { invalidValue } from '../../options/invalid-value.ts';
import { parseInteger } from '../../options/values.ts';
import { emit } from '../../output/emit.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import { finishText } from '../../output/finish-text.ts';
import { report } from '../../output/report.ts';
import type { Terminal } from '../../terminal.ts';

interface DnsFlags extends InputFlags, ClusterFlags {
  readonly clusterDomain: string;
  readonly ttl: number;
  readonly output: DnsFormat;
  readonly outputDir?: string;
  readonly why?: string;
  readonly namespace?: string;
}

const EXAMPLES = `
Examples:
  svcgen dns manifests/ > cluster.local.zone
      the zone of the cluster domain, as a master file
  svcgen dns manifests/ --output-dir zones/
      the reverse zones, too: one file a zone, called like the zone
  svcgen dns manifests/ --why web-0.web.prod
      what this name has, and what that is made of, or why there is no record
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
    if (flags.why !== undefined && (flags.outputDir !== undefined || flags.output === 'hosts')) {
      command.error('error: --why answers about one name: it goes without --output-dir and --output hosts');
    }
    if (flags.namespace !== undefined && flags.why === undefined)
      command.error('error: --namespace says where the pod is that asks --why <name>, which is not given');
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
    .addOption(new Option('--output <format>', 'form of the output').choices(dnsFormats).default('zone'))
    .option(
      '--why <name>',
      'only what one name has, like web.prod, or why it has nothing (--output json: as JSON)',
      readName,
    )
    .option('-n, --namespace <name>', 'of the pod that asks --why: its names may be short (default: default)')
    .option('--output-dir <dir>', 'write all zones into a folder, the reverse zones too');
}

/** @param previous what the same command line has asked already */
function readName(value: string, previous: string | undefined): string {
  if (previous !== undefined)
    throw invalidValue('it answers about one name: ask about the others one by one');
  if (value.trim() === '') throw invalidValue('it takes a name (like web.prod) or an address');
  return value;
}

function readClusterDomain(value: string): string {
  const domain = parseClusterDomain(value);
  if (domain === undefined) throw invalidValue('it takes a domain name (like cluster.local)');
  return domain;
}

async function dns(paths: readonly string[], flags: DnsFlags, terminal: Terminal): Promise<ExitCode> {
  const read = readCluster({ paths, flags }, terminal);
  const { clusterDomain, ttl, output: format, outputDir, why, namespace } = flags;
  const compiled = compileDnsOf(read, {
    ...manifestOptions(flags),
    clusterDomain,
    ttl,
    format,
    why,
    namespace,
  });
  if (outputDir === undefined) return finishText(compiled, { ...read, flags, terminal });
  await report(compiled.diagnostics, flags, terminal);
  if (compiled.artifacts === undefined) return EXIT.inputErrors;
  const zones = [...compiled.artifacts.values()].map(({ fileName, isExecutable, pieces }) => ({
    path: join(outputDir, fileName),
    isExecutable,
    makesFolders: true,
    text: pieces(),
  }));
  return emit({ files: [...read.lockFiles, ...zones] }, terminal);
}
