import type { Command } from 'commander';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { ReadNode } from '../../library/node.ts';
import { joinSettings, NO_CONFIGURATION } from '../../library/proxy-config.ts';
import { readConfiguration } from '../../library/read-configuration.ts';
import type { ProxyConfig, ProxyMode } from '../../model/proxy-config.ts';
import type { KubeProxySettings } from '../../validate/kube-proxy-configuration.ts';
import { describePathErrno } from '../dangling-link.ts';
import { nodeOptions, type SettingFlags } from '../options/proxy-options.ts';
import { type NamedPlace, nameFile } from '../project/name-file.ts';
import { atItsPlace, type Project } from '../project/project.ts';
import { fileProblem } from './file-problem.ts';
import { readBytes } from './read-bytes.ts';

/** The settings of the node that flags and their `--config` file describe. */
export interface NodeSettings extends ReadNode {
  /** Not to be used when there are errors in the file. */
  readonly config: ProxyConfig;
}

/** Which flag gives a setting. */
const FLAGS = {
  bridgeInterface: '--pod-bridge-interface',
  interfaceNamePrefix: '--pod-interface-name-prefix',
} as const;

/**
 * Reads what flags say of the node, and the `--config` file.
 * @param toldMode what a dump tells of the mode, where neither flags nor the file do
 * @throws CommanderError when flags lack something
 */
export function readNodeSettings(flags: SettingFlags, command: Command, toldMode?: ProxyMode): NodeSettings {
  const file =
    flags.config === undefined ? NO_CONFIGURATION : readConfigFile(flags.config, flags.fromProject);
  const config = joinSettings(nodeOptions(flags), file, toldMode);
  if ('problem' in config) return command.error(`error: ${config.problem}`);
  if ('missing' in config) {
    return command.error(
      `error: detect-local mode ${config.mode} needs ${FLAGS[config.missing]}, or detectLocal in the --config file`,
    );
  }
  return { config, diagnostics: file.diagnostics };
}

/** Reads a `--config` file. */
export function readConfigFile(location: string, project: Project | undefined): KubeProxySettings {
  const path = nameFile(location, project?.folder);
  let bytes: Uint8Array;
  try {
    bytes = readBytes(location);
  } catch (error) {
    return {
      settings: {},
      diagnostics: [atItsPlace(unreadable({ path, location }, error), location, project)],
    };
  }
  return readConfiguration({ path, bytes });
}

function unreadable(place: NamedPlace, error: unknown): Diagnostic {
  const reason = describePathErrno(error, place);
  const message = `cannot read the configuration ${JSON.stringify(place.path)}: ${reason}`;
  return fileProblem({ code: 'input-readable', message });
}
