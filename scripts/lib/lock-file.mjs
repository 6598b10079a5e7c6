const PLATFORM =
  /-(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|loong64|ppc64|riscv64|s390x|x64)(-.+)?$/;
const EXACT_VERSION = /^\d+\.\d+\.\d+/;

/** The lock file's entry for the binary of one platform, derived from its name. */
function entryFor(name, version, isDev) {
  const [, os, cpu, abi = ''] = PLATFORM.exec(name);
  const libc = os !== 'linux' || abi === '' ? undefined : abi.startsWith('-musl') ? ['musl'] : ['glibc'];
  return {
    version,
    cpu: [cpu],
    ...(isDev ? { dev: true } : {}),
    ...(libc === undefined ? {} : { libc }),
    optional: true,
    os: [os],
  };
}

/** Paths and entries of binaries for other platforms that a lock file lacks. */
export const missingBinaries = ({ packages }) =>
  Object.entries(packages).flatMap(([path, { dev, optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => PLATFORM.test(name) && EXACT_VERSION.test(version))
      .filter(([name]) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`])
      .map(([name, version]) => [`node_modules/${name}`, entryFor(name, version, dev)]),
  );

const FOLDER = 'node_modules/';

/**
 * The registry packages without a checksum in a lock file: paths, names and versions. Workspaces are not
 * among them, nor packages bundled in another's archive, which its checksum covers.
 */
export const withoutIntegrity = ({ packages }) =>
  Object.entries(packages)
    .filter(([path, { link, inBundle, integrity }]) => {
      return path.includes(FOLDER) && !link && !inBundle && !/^sha(256|384|512)-/.test(integrity ?? '');
    })
    .map(([path, { name, version }]) => ({
      path,
      name: name ?? path.slice(path.lastIndexOf(FOLDER) + FOLDER.length),
      version,
    }));
