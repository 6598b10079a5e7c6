import { backup, restore } from './backup.js';
import { doctor } from './doctor.js';
import { reset, rotate } from './secret-key.js';

/** An operator's command: gets the repository's folder and its arguments, and returns the exit code. */
type Command = (root: string, env: NodeJS.ProcessEnv, args: string[]) => Promise<number>;

/** The operator's commands by name. They are bundled, because core and its libraries take seconds to load. */
export const COMMANDS: Record<string, Command> = {
  backup,
  doctor,
  restore,
  'reset-secrets': reset,
  'rotate-secret-key': rotate,
};
