/** Texts to look for in the audit log. */
export interface AuditFilter {
  actor?: string;
  action?: string;
  object?: string;
}

const FIELDS = ['actor', 'action', 'object'] as const;

/** The texts that are not empty, from a URL. */
export const auditFilterOf = (search: Record<string, unknown>): AuditFilter =>
  Object.fromEntries(
    FIELDS.map((field) => [field, String(search[field] ?? '')] as const).filter(
      ([, text]) => text.trim() !== '',
    ),
  );
