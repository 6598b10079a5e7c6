import { ROLES, type Role } from '@agenthook/contracts';
import type { Caller } from '../../access/find-caller.js';

const isRole = (name: string): name is Role => ROLES.some((role) => role === name);

/** Whether a caller is one of some approvers: by the id of its key, or by its role or a weaker one. */
export function mayDecide({ role, key_id }: Pick<Caller, 'role' | 'key_id'>, approvers: readonly string[]) {
  return approvers.some((name) =>
    isRole(name) ? ROLES.indexOf(role) >= ROLES.indexOf(name) : name === key_id,
  );
}
