import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '../settings.js';

/**
 * The environment that api and worker of this machine have: that of the process and `.env`; and what
 * `npm start` made in its data folder, unless the environment names something else.
 *
 * @param root the repository's folder
 */
export function operateEnvironment(root: string, processEnv: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { env, dataDir } = readSettings(root, processEnv);
  const config = join(dataDir, 'redis', 'redis.conf');
  const secretKey = join(dataDir, 'secret_key');
  const hasKey = env.SECRET_KEY !== undefined || env.SECRET_KEY_FILE !== undefined;
  return {
    ...env,
    ...(env.REDIS_URL === undefined && existsSync(config) && { REDIS_URL: embeddedUrl(config) }),
    ...(env.REDIS_URL === undefined && existsSync(config) && { REDIS_DATA_DIR: join(dataDir, 'redis') }),
    ...(!hasKey && existsSync(secretKey) && { SECRET_KEY_FILE: secretKey }),
  };
}

function embeddedUrl(path: string): string {
  const text = readFileSync(path, 'utf8');
  const port = /^port (\d+)$/m.exec(text)?.[1];
  const password = /^requirepass (\S+)$/m.exec(text)?.[1];
  return `redis://:${password}@127.0.0.1:${port}`;
}
