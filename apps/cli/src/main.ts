import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from './user-error.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The bundle of `operate/main.ts`. */
const OPERATE = new URL('../bundle/operate.js', import.meta.url).href;

const HELP = `agenthook: an external event comes in as a webhook, an AI agent runs, the result goes out.

  agenthook start        Redis, api and worker on this machine; data in .agenthook/ (AGENTHOOK_HOME)
  agenthook init DIR [SECRET_DIR]
                         create the files admin_api_key in DIR and secret_key in SECRET_DIR (default: DIR),
                         unless they exist
  agenthook doctor [--json] [--offline] [--acl]
                         check an installation: Redis, keys, clocks, memory, providers, workers
  agenthook pause TARGET [--note TEXT]
                         let runs wait; TARGET: all, agent ID, or provider NAME
  agenthook resume TARGET
                         let them go on
  agenthook pauses       what is paused
  agenthook bulk cancel|purge|replay|accept|resend FILTER [--yes] [--detach] [--json]
                         do it to all that match, such as --agent-id ID --status FAILURE; without --yes, count
  agenthook bulk list | show ID | stop ID
                         bulk jobs, the progress of one, or its end
  agenthook rotate-secret-key
                         encrypt what is stored with a new SECRET_KEY
  agenthook backup FILE  write agents, tasks and all else that is stored into a new file
  agenthook restore FILE [--merge] [--waiting=run|end]
                         put a backup into an empty Redis
  agenthook reset-secrets [--yes]
                         after the loss of SECRET_KEY: remove what it had encrypted
  agenthook help         this text

pause, resume and bulk use the api at AGENTHOOK_URL (default: that of this machine) with AGENTHOOK_API_KEY.`;

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
    case 'bulk': {
      const { bulk } = await import('./remote/bulk.js');
      return bulk(root, process.env, args);
    }
    case 'pause':
    case 'pauses':
    case 'resume': {
      const commands = await import('./remote/pause.js');
      return commands[command](root, process.env, args);
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
