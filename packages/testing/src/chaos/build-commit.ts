import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const GROUPS = ['apps', 'packages'];
/** Workspaces that are not built. */
const LEFT_OUT = ['web', 'testing'];
const BUILD_MS = 300_000;

const run = promisify(execFile);
const inRoot = async (command: string, ...args: string[]) =>
  (await run(command, args, { cwd: ROOT, timeout: BUILD_MS })).stdout.trim();

/** What the programs are made with, as in scripts/build.mjs, without the Studio. */
const BUILD = `
  const { generateScripts } = await import('./scripts/lib/lua/generate.mjs');
  const { bundlePrograms } = await import('./scripts/lib/bundle.mjs');
  const { execFileSync } = await import('node:child_process');
  generateScripts();
  const projects = ['api', 'worker', 'cli'].map((app) => 'apps/' + app);
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', ...projects], { stdio: 'inherit' });
  await bundlePrograms();
`;

/** The programs of another commit. */
export interface Built {
  /** The folder of its product. */
  root: string;
  /** Its hash and subject. */
  name: string;
  remove(): void;
}

/**
 * Builds the programs of another commit in a temporary folder, with the dependencies of this one.
 *
 * @returns why there are none, where there is no such commit or it cannot be built
 */
export async function buildCommit(commit: string): Promise<Built | { why: string }> {
  const root = mkdtempSync(join(tmpdir(), 'agenthook-commit-'));
  const remove = () => rmSync(root, { recursive: true, force: true });
  try {
    const name = await inRoot('git', 'log', '-1', '--format=%h %s', commit, '--');
    const archive = join(root, 'archive.tar');
    await inRoot('git', 'archive', `--output=${archive}`, commit);
    await inRoot('tar', '-xf', archive, '-C', root);
    linkDependencies(root);
    await run(process.execPath, ['--input-type=module', '-e', BUILD], { cwd: root, timeout: BUILD_MS });
    return { root, name, remove };
  } catch (error) {
    remove();
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

/** Links what is installed here, except the workspaces, which link each other. */
function linkDependencies(root: string): void {
  const link = (folder: string) => {
    for (const name of readdirSync(join(ROOT, folder)))
      if (name !== '@agenthook' && name !== '.cache')
        symlinkSync(join(ROOT, folder, name), join(root, folder, name));
  };
  mkdirSync(join(root, 'node_modules', '@agenthook'), { recursive: true });
  link('node_modules');
  for (const group of GROUPS)
    for (const name of readdirSync(join(root, group))) {
      symlinkSync(join(root, group, name), join(root, 'node_modules', '@agenthook', name));
      // Versions that only one workspace has.
      const nested = join(group, name, 'node_modules');
      if (LEFT_OUT.includes(name) || !existsSync(join(ROOT, nested))) continue;
      mkdirSync(join(root, nested));
      link(nested);
    }
}
