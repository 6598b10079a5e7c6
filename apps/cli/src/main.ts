import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from './user-error.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The bundle of `operate/main.ts`. */
const OPERATE = new URL('../bundle/operate.js', import.meta.url).href;

const HELP =
  'agenthook: an external event comes in as a webhook, an AI agent runs, the result goes out.\n\n  ' +
  'agenthook start        Redis, api and worker on this machine; data in .agenthook/ (AGENTHOOK_HOME)\n ' +
  ' agenthook init DIR [SECRET_DIR]\n                         create the files admin_api_key in DIR and ' +
  'secret_key in SECRET_DIR (default: DIR), unless they exist\n' +
  '  agenthook doctor [--json] [--offline] [--acl]\n                         check an installation: Redis, keys, ' +
  'clocks, memory, providers, workers\n  agenthook rotate-secret-key\n                         encrypt what is stored with a new SECRET_KEY\n' +
  '  agenthook backup FILE  write agents, tasks and all else that is stored into a new file\n  agenthook restore FILE [--merge] [--waiting=run|end]\n                         put a backup into an empty Redis\n' +
  '  agenthook reset-secrets [--yes]\n                         after the loss of SECRET_KEY: remove what it had encrypted\n  agenthook help         this text';

/** Runs one command. Returns the exit code. Throws UserError for errors that the user can fix. */
async function run(command: string | undefined, args: string[]): Promise<number> {
  switch (command) {
    case 'start': {
      const { start } = await import('./start.js');
      return start(root, process.env);
    }
    case 'init': {
      const { initKeys } = await import('./keys.js');
      const [dir, secretDir = dir] = args;
      if (dir === undefined || secretDir === undefined)
        throw new UserError('agenthook init needs the folder for the keys.');
      for (const { path, made } of initKeys(resolve(dir), resolve(secretDir)))
        console.log(`${made ? 'created' : 'kept'} ${path}`);
      return 0;
    }
    case 'backup':
    case 'doctor':
    case 'restore':
    case 'reset-secrets':
    case 'rotate-secret-key': {
      const { default: operate } = (await import(OPERATE)) as { default: typeof import('./operate/main.js') };
      return operate.COMMANDS[command]?.(root, process.env, args) ?? 2;
    }
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      console.log(HELP);
      return 0;
    default:
      console.error(`agenthook: unknown command "${command}".\n\n${HELP}`);
      return 2;
  }
}

// A closed terminal must not interrupt the shutdown.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const [command, ...args] = process.argv.slice(2);
run(command, args).then(
  (code) => process.exit(code),
  (error: unknown) => {
    // The bundle has a class of its own with this name.
    const isForUser = error instanceof Error && error.name === 'UserError';
    console.error(isForUser ? `agenthook: ${error.message}` : error);
    process.exit(1);
  },
);
