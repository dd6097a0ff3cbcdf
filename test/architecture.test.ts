import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const IMPORT = /^(?:import|export)\b[^'";]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

const DECLARED_EXPORT =
  /^export (?:declare )?(?:(?:async )?function\*?|const|let|interface|type|class|enum) (\w+)/gm;

interface Module {
  readonly path: string;
  /** `node:fs`, `yaml`, `src/model/ip.ts`. */
  readonly imports: readonly string[];
}

/** Every module of src, and of the page. */
const [modules, pageModules] = [modulesIn('src'), modulesIn('page')];

function modulesIn(folder: string): readonly Module[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|js)$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name))
    .map((path) => ({ path, imports: importsOf(path) }));
}

function importsOf(path: string): readonly string[] {
  return [...readFileSync(path, 'utf8').matchAll(IMPORT)].map(([, from, bare, dynamic]) => {
    const specifier = from ?? bare ?? dynamic ?? '';
    return specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier;
  });
}

/**
 * The floors of the house, the lowest first. A module imports from its own room and from lower floors; rooms of one floor
 * do not know each other, unless they are named together.
 */
const FLOORS: readonly (readonly (readonly string[])[])[] = [
  [['src/model', 'src/diagnostic']],
  [['src/lang', 'src/kubernetes']],
  [['src/parse'], ['src/validate'], ['src/resolve'], ['src/render'], ['src/trace']],
  [['src/modes']],
  [['src/compile.ts', 'src/explain', 'src/expect', 'src/compare', 'src/graph', 'src/stages.ts']],
  [['src/library', 'src/index.ts']],
  [['src/cli']],
];
/** Folders of src/render that hold what several targets share. */
const SHARED_BY_RENDERERS = ['src/render/netfilter'];

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Which floor and which room of it a module is in; undefined: it has no place in the house. */
function placeOf(path: string): { readonly floor: number; readonly room: number } | undefined {
  for (const [floor, rooms] of FLOORS.entries()) {
    const room = rooms.findIndex((folders) => folders.some((folder) => isIn(path, folder)));
    if (room >= 0) return { floor, room };
  }
  return undefined;
}

/** Modules that import each other in a loop, each loop once. */
function importCircles(among: readonly Module[]): readonly string[] {
  const importsOfModule = new Map(among.map(({ path, imports }) => [path, imports]));
  const finished = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) {
      circles.push([...way.slice(way.indexOf(path)), path].join(' → '));
      return;
    }
    if (finished.has(path)) return;
    for (const target of importsOfModule.get(path) ?? []) visit(target, [...way, path]);
    finished.add(path);
  };
  for (const { path } of among) visit(path, []);
  return circles;
}

/** Imports of modules in `folder` that `isAllowed` does not let through, as `from → to`. */
function violations(folder: string, isAllowed: (target: string) => boolean): readonly string[] {
  return modules
    .filter(({ path }) => isIn(path, folder))
    .flatMap(({ path, imports }) =>
      imports.filter((target) => !isAllowed(target)).map((to) => `${path} → ${to}`),
    );
}

/** Modules that import what `matches`. */
function importersOf(matches: (target: string) => boolean): readonly string[] {
  return modules.filter(({ imports }) => imports.some(matches)).map(({ path }) => path);
}

test('there is something to look at', () => {
  expect(modules.length).toBeGreaterThan(100);
  expect(modules.flatMap(({ imports }) => imports).length).toBeGreaterThan(400);
});

describe('imports go one way', () => {
  test('every module has its floor', () => {
    expect(modules.map(({ path }) => path).filter((path) => placeOf(path) === undefined)).toEqual([]);
  });

  test('from a floor to lower ones, or within a room', () => {
    const upwards = modules.flatMap(({ path, imports }) => {
      const from = placeOf(path);
      return imports
        .filter((target) => {
          const to = placeOf(target);
          if (from === undefined || to === undefined) return false;
          return to.floor > from.floor || (to.floor === from.floor && to.room !== from.room);
        })
        .map((target) => `${path} → ${target}`);
    });
    expect(upwards).toEqual([]);
  });

  test('and never in a circle, not even of types', () => {
    expect(importCircles([...modules, ...pageModules])).toEqual([]);
  });

  test('no module has more than 300 lines', () => {
    const lines = (path: string) => readFileSync(path, 'utf8').split('\n').length - 1;
    const long = [...modules, ...pageModules]
      .map(({ path }) => path)
      .filter((path) => path.endsWith('.ts') && lines(path) > 300);
    expect(long).toEqual([]);
  });

  const targets = readdirSync('src/render', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `src/render/${name}`);

  test.each(targets)('%s imports no other renderer, but for its vocabulary', (folder) => {
    const others = targets.filter((other) => other !== folder && !SHARED_BY_RENDERERS.includes(other));
    const isAllowed = (target: string) =>
      target.endsWith('/vocabulary.ts') || !others.some((other) => isIn(target, other));
    expect(violations(folder, isAllowed)).toEqual([]);
  });
});

describe('the page', () => {
  const pageImports = pageModules.flatMap(({ path, imports }) => imports.map((to) => ({ path, to })));

  test('comes to the compiler through the library, beside facts and names', () => {
    const doors = ['src/index.ts', 'src/library', 'src/kubernetes', 'src/model'];
    const others = pageImports.filter(
      ({ to }) => to.startsWith('src/') && !doors.some((door) => isIn(to, door)),
    );
    expect(others.map(({ path, to }) => `${path} → ${to}`)).toEqual([]);
    expect(modules.filter(({ imports }) => imports.some((to) => isIn(to, 'page')))).toEqual([]);
  });

  test('has its editor behind three modules, and nothing else from packages', () => {
    const packages = pageImports.filter(({ to }) => !/^(?:src|page)\//.test(to));
    const behind = ['page/editor.ts', 'page/viewer.ts', 'page/rules-language.ts'];
    expect(
      packages.filter(({ path, to }) => !behind.includes(path) || !/^@(?:codemirror|lezer)\//.test(to)),
    ).toEqual([]);
  });

  test('keeps the worker and what is on the screen apart, but for what goes between them', () => {
    const reachable = (from: string, seen = new Set<string>()): ReadonlySet<string> => {
      if (seen.has(from)) return seen;
      seen.add(from);
      for (const to of pageModules.find(({ path }) => path === from)?.imports ?? []) reachable(to, seen);
      return seen;
    };
    const onScreen = reachable('page/main.ts');
    const inBoth = [...reachable('page/worker.ts')].filter(
      (path) => isIn(path, 'page') && onScreen.has(path),
    );
    expect(inBoth.sort()).toEqual(['page/messages.ts', 'page/protocol.ts', 'page/text-change.ts']);
  });

  test('says of everything that it exports what it is', () => {
    const bare = pageModules.flatMap(({ path }) =>
      [...readFileSync(path, 'utf8').matchAll(/^(.*)\n(export (?:declare )?(?:async )?\w+\*? \w+)/gm)]
        .filter(([, before = '']) => !before.endsWith('*/'))
        .map(([, , what]) => `${path}: ${what}`),
    );
    expect(bare).toEqual([]);
  });
});

describe('the outside world has one door each', () => {
  test('Node.js: the command line', () => {
    const importers = importersOf((target) => target.startsWith('node:'));
    expect(importers.filter((path) => !isIn(path, 'src/cli'))).toEqual([]);
  });

  test('the network: none, not even the command line', () => {
    const ofNetworks = /^node:(?:net|tls|https?|http2|dns|dgram|inspector)\b/;
    expect(importersOf((target) => ofNetworks.test(target))).toEqual([]);
    expect(modulesThat(/(?<![.\w])(?:fetch|WebSocket|XMLHttpRequest|EventSource)\(/)).toEqual([]);
  });

  test('other programs: what builds manifests', () => {
    const importers = importersOf((target) => target === 'node:child_process');
    expect(importers).toEqual(['src/cli/input/built-manifests.ts']);
  });

  test('nor does anything else use a global of Node.js: the rest runs in a browser, too', () => {
    const globals =
      /\b(?:Buffer|NodeJS)\b|(?<![.\w])(?:process|global|require|setImmediate|__dirname)\b(?=[.(])/;
    expect(modulesThat(globals).filter((path) => !isIn(path, 'src/cli'))).toEqual([]);
  });

  test.each([
    ['commander', ['src/cli']],
    ['chalk', ['src/cli']],
    ['yaml', ['src/parse']],
    ['ipaddr.js', ['src/model']],
    ['fast-string-width', ['src/diagnostic']],
    ['@dagrejs/dagre', ['src/graph']],
    // ajv itself works at build time; what it makes needs nothing of it.
    ['ajv', []],
  ])('%s: %j', (name, folders) => {
    const importers = importersOf((target) => target === name || target.startsWith(`${name}/`));
    expect(importers.filter((path) => !folders.some((folder) => isIn(path, folder)))).toEqual([]);
  });

  test('and there are no others', () => {
    const known =
      /^(?:src\/|node:|package\.json$|(?:commander|chalk|yaml|ipaddr\.js|fast-string-width|@dagrejs\/dagre)(?:\/|$))/;
    expect(modules.flatMap(({ imports }) => imports).filter((target) => !known.test(target))).toEqual([]);
  });

  test('what people and CI systems read goes through say and the printers of diagnostics', () => {
    const doors = [
      'src/cli/terminal.ts',
      'src/cli/output/say.ts',
      'src/cli/output/report.ts',
      'src/cli/output/progress.ts',
      'src/cli/program.ts',
    ];
    expect(modulesThat(/\bwriteStderr\b(?!'>|: Terminal\b)/).filter((path) => !doors.includes(path))).toEqual(
      [],
    );
    expect(modulesThat(/\bconsole\.|\bprocess\.std(?:out|err)\b/)).toEqual([]);
  });

  test('what is escaped is escaped in one module', () => {
    expect(
      modulesThat(/\\p\{C[cf]\}.*\/g|&lt;|%0A/).filter((path) => path !== 'src/diagnostic/escape.ts'),
    ).toEqual([]);
  });

  test('stages know no clock, no chance, no environment', () => {
    const forbidden = /\b(?:Date\.now|new Date\(\)|Math\.random|process\.|performance\.)/;
    const guilty = modules
      .map(({ path }) => path)
      .filter((path) => !isIn(path, 'src/cli') && forbidden.test(readFileSync(path, 'utf8')));
    expect(guilty).toEqual([]);
  });
});

/** Modules whose code holds this; comments don't count. */
function modulesThat(pattern: RegExp): readonly string[] {
  return modules
    .map(({ path }) => path)
    .filter((path) => !path.includes('/generated/'))
    .filter((path) => pattern.test(readFileSync(path, 'utf8').replaceAll(/^ *(?:\/\/|\*|\/\*).*$/gm, '')));
}

test('no call gets an array as its arguments: of a long one the stack overflows', () => {
  const code = String.raw`(?<!function )\b(?!(?:if|for|while|switch|return)\b)[\w.]+\((?:[^()[\]{}]*,)?\s*\.\.\.`;
  expect(modulesThat(new RegExp(code))).toEqual([]);
  expect(modulesThat(/\.apply\(/).filter((path) => !path.startsWith('src/trace/'))).toEqual([]);
});

describe('the house', () => {
  const folders = [
    'src',
    ...readdirSync('src', { recursive: true, withFileTypes: true, encoding: 'utf8' })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name)),
  ];

  test('every folder of src that stands for something says what it is in at most ten lines', () => {
    const wanted = folders.filter((folder) => folder.split('/').length <= 2);
    for (const folder of wanted) {
      const lines = readFileSync(join(folder, 'README.md'), 'utf8').trimEnd().split('\n');
      expect(lines.length, folder).toBeLessThanOrEqual(10);
    }
  });

  test('no module is called utils or helpers', () => {
    expect(modules.map(({ path }) => path).filter((path) => /\/(?:utils?|helpers?)\.ts$/.test(path))).toEqual(
      [],
    );
  });

  test('no two modules export one name: whoever searches for it finds one thing', () => {
    const places = new Map<string, string[]>();
    for (const { path } of modules.filter(({ path: each }) => !each.includes('/generated/'))) {
      for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(DECLARED_EXPORT))
        places.set(name, [...(places.get(name) ?? []), path]);
    }
    expect(places.size).toBeGreaterThan(1000);
    expect([...places].filter(([, paths]) => paths.length > 1)).toEqual([]);
  });

  test('no module has a default export', () => {
    const guilty = modules.filter(({ path }) => /^export default\b/m.test(readFileSync(path, 'utf8')));
    expect(guilty.map(({ path }) => path)).toEqual([]);
  });
});
