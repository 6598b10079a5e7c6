const PLATFORM =
  /-(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|loong64|ppc64|riscv64|s390x|x64)(-.+)?$/;
const EXACT_VERSION = /^\d+\.\d+\.\d+/;

/** What the lock file says of a binary for one platform, read from its name. */
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

/** Paths and entries of the binaries for other platforms that a lock file lacks. */
export const missingBinaries = ({ packages }) =>
  Object.entries(packages).flatMap(([path, { dev, optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => PLATFORM.test(name) && EXACT_VERSION.test(version))
      .filter(([name]) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`])
      .map(([name, version]) => [`node_modules/${name}`, entryFor(name, version, dev)]),
  );

const FOLDER = 'node_modules/';

/**
 * The packages from a registry of which a lock file has no checksum: their paths in it, names and versions. A workspace's
 * own code is no such package, and what a package brings along in its archive is covered by the archive's.
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
