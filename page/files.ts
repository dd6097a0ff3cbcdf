import type { PageFile } from './protocol.ts';

/** More than this is for the command line: browsers slow down with it. */
const MAX_FILE = 20 * 1024 * 1024;

/** What came of files that somebody dropped or chose. */
export interface ReadFiles {
  readonly files: readonly PageFile[];
  /** What is wrong with the others, in sentences. */
  readonly problems: readonly string[];
}

/** Reads files as text. Those that hold no text, or too much of it, are left out. */
export async function readFiles(list: Iterable<File>): Promise<ReadFiles> {
  const files: PageFile[] = [];
  const problems: string[] = [];
  for (const file of list) {
    const problem = tooLong(file.name, file.size);
    if (problem !== undefined) {
      problems.push(problem);
      continue;
    }
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
      if (text.includes('\0'))
        problems.push(`${file.name} is binary: it takes manifests and rules, as text.`);
      else files.push({ path: file.name, text });
    } catch {
      problems.push(`${file.name} is no text in UTF-8: it takes manifests and rules, as text.`);
    }
  }
  return { files, problems };
}

/** What to say of a text that is too long; undefined: it is not. */
export function tooLong(name: string, length: number): string | undefined {
  if (length <= MAX_FILE) return undefined;
  const size = Math.round(length / 1024 / 1024);
  return `${name} has ${size} MB: the page takes up to ${MAX_FILE / 1024 / 1024} MB. Run svcgen on the command line for more.`;
}

/** The files with more of them: one of the same name is replaced, and one that holds nothing goes. */
export function addFiles(files: readonly PageFile[], more: readonly PageFile[]): readonly PageFile[] {
  const kept = files.filter(
    ({ path, text }) => text.trim() !== '' && more.every((each) => each.path !== path),
  );
  return [...kept, ...more];
}

/** Takes files that are dropped anywhere on the page. @param shade shown while somebody holds some over it */
export function connectDrop(shade: HTMLElement, take: (read: ReadFiles) => void): void {
  addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    shade.hidden = false;
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) shade.hidden = true;
  });
  const drop = async (event: DragEvent): Promise<void> => {
    shade.hidden = true;
    const files = event.dataTransfer?.files;
    if (files === undefined || files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    take(await readFiles(files));
  };
  // On its way down, before it comes to an editor, which would write the text of the file into its own.
  addEventListener('drop', drop, { capture: true });
}
