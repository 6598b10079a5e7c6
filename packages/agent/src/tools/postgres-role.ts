import type { PostgresConnection } from './postgres-connect.js';
import { ToolError } from './tool.js';

/**
 * Finds the reasons why the session's role can do more than read tables. Includes every role that the session
 * may assume with SET ROLE, and file functions granted by name (before PostgreSQL 11 these check for a
 * superuser themselves). All names and operators are qualified, so that the role's search_path cannot replace
 * them.
 */
const PRIVILEGES = `
SELECT 'superuser' AS privilege FROM pg_catalog.pg_roles r
  WHERE r.rolsuper AND pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER')
UNION SELECT 'replication' FROM pg_catalog.pg_roles r
  WHERE r.rolreplication AND pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER')
UNION SELECT r.rolname::pg_catalog.text FROM pg_catalog.pg_roles r
  WHERE r.rolname OPERATOR(pg_catalog.=) ANY (ARRAY[
    'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program']::pg_catalog.name[])
  AND pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER')
UNION SELECT 'EXECUTE on ' OPERATOR(pg_catalog.||) p.proname::pg_catalog.text FROM pg_catalog.pg_proc p
  WHERE p.pronamespace OPERATOR(pg_catalog.=) 'pg_catalog'::pg_catalog.regnamespace
  AND p.proname OPERATOR(pg_catalog.=) ANY (ARRAY[
    'pg_read_file', 'pg_read_binary_file', 'lo_import', 'lo_export']::pg_catalog.name[])
  AND pg_catalog.has_function_privilege(session_user, p.oid, 'EXECUTE')
  AND pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 110000`;

/**
 * Refuses a connection whose role can reach the server's files or programs, or replicate all data, according
 * to the server's catalog. Must run before any statement of the model. Throws ToolError, or pg's errors.
 */
export async function checkRole({ client }: PostgresConnection): Promise<void> {
  const { rows } = await client.query<{ privilege: string }>(PRIVILEGES);
  if (rows.length === 0) return;
  const found = rows.map(({ privilege }) => privilege).sort();
  throw new ToolError(
    `Refused: the database role of this tool is privileged (${found.join(', ')}) and can read the ` +
      "server's files or do more than read tables. Give the tool a role that may only SELECT what it " +
      'needs, or set allow_privileged_role.',
  );
}
