import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The value of a numeric constant in the code, exported or not. The file is found by name, so it may move
 * within its package.
 *
 * @throws if there is no such file or constant, or more than one
 */
export function constantOf(workspace, file, name) {
  const folder = join(root, workspace, 'src');
  const paths = readdirSync(folder, { recursive: true }).filter((path) => basename(path) === file);
  const values = paths.flatMap((path) => {
    const text = readFileSync(join(folder, path), 'utf8');
    const declared = new RegExp(`^(?:export )?const ${name} = ([\\d_* .]+);`, 'm').exec(text);
    return declared ? [product(declared[1])] : [];
  });
  if (values.length !== 1) throw new Error(`${workspace}: ${file} declares ${name} ${values.length} times`);
  return values[0];
}

const product = (text) =>
  text
    .replaceAll('_', '')
    .split('*')
    .reduce((result, factor) => result * Number(factor), 1);

const UNITS = [
  [1024 * 1024, 'MiB'],
  [1024, 'KiB'],
];

export const bytes = (value) => {
  const [size, unit] = UNITS.find(([limit]) => value >= limit && value % limit === 0) ?? [1, 'bytes'];
  return `${count(value / size)} ${unit}`;
};
export const count = (value) => value.toLocaleString('en-US');
export const seconds = (value) =>
  value % 86_400 === 0 && value > 86_400
    ? `${value / 86_400} days`
    : value % 3600 === 0
      ? `${value / 3600} h`
      : `${count(value)} s`;
export const ms = (value) => (value < 1000 ? `${value} ms` : seconds(value / 1000));
