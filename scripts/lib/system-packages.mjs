import { spawnSync } from 'node:child_process';
import { onPath } from './find.mjs';
import { run } from './run.mjs';

/** How to run apt-get without a prompt: as root, or with a sudo that needs no password. */
function aptCommand() {
  const apt = onPath('apt-get');
  if (apt === undefined) return undefined;
  if (process.getuid?.() === 0) return [apt];
  const sudo = onPath('sudo');
  if (sudo === undefined || spawnSync(sudo, ['-n', 'true'], { stdio: 'ignore' }).status !== 0)
    return undefined;
  return [sudo, '-n', apt];
}

async function aptInstall(label, packages) {
  const command = aptCommand();
  if (command === undefined) return { tried: false, ok: false, output: '' };
  const [program, ...prefix] = command;
  const apt = (...args) =>
    run(program, [...prefix, '-o', 'DPkg::Lock::Timeout=300', '-q', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      ...(args[0] === 'install' ? { label } : {}),
    });
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  const first = await apt(...install);
  if (first.ok) return { tried: true, ...first };
  // A fresh machine has no package lists, an old one has stale ones.
  await apt('update');
  return { tried: true, ...(await apt(...install)) };
}

/**
 * Installs packages if that needs no prompt: with apt-get as root or through a passwordless sudo, otherwise
 * with Homebrew if a formula is named.
 *
 * @param {string} what for the progress line
 * @param {{apt: string[], brew?: string}} names
 * @returns {Promise<{ok: boolean, output: string}>} `output` is the installer's output; empty if none was
 * found
 */
export async function installPackages(what, { apt, brew }) {
  const viaApt = await aptInstall(`installing ${what} with apt-get (up to a minute)`, apt);
  if (viaApt.tried) return viaApt;
  const program = brew === undefined ? undefined : onPath('brew');
  if (program === undefined) return { ok: false, output: '' };
  return run(program, ['install', '--quiet', brew], {
    env: { ...process.env, HOMEBREW_NO_AUTO_UPDATE: '1' },
    label: `installing ${what} with Homebrew (up to a minute)`,
  });
}
